import keras


def restore(epoch):
    path = f"checkpoints/epoch-{epoch:03d}.keras"
    return keras.saving.load_model(path)


models = [restore(e) for e in (10, 20)]
