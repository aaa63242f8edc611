import keras


def callbacks(folder):
    return [keras.callbacks.EarlyStopping(patience=3),
            keras.callbacks.ModelCheckpoint(f"{folder}/best.hdf5", save_best_only=True)]


for callback in callbacks("runs"):
    print(callback)
