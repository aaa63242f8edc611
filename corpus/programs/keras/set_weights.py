from tensorflow import keras


def copy(source, target):
    for a, b in zip(source.layers, target.layers):
        b.set_weights(a.get_weights())


big = keras.Sequential([keras.layers.Dense(8, input_shape=(4,)), keras.layers.Dense(2)])
small = keras.Sequential([keras.layers.Dense(6, input_shape=(4,)), keras.layers.Dense(2)])
copy(big, small)
