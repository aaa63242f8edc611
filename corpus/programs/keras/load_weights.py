from tensorflow import keras


def build(blocks):
    model = keras.Sequential([keras.Input((4,))])
    for _ in range(blocks):
        model.add(keras.layers.Dense(4))
    return model


build(3).save_weights("three.h5")
model = build(2)
model.load_weights("three.h5")
