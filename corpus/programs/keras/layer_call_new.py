import keras
from keras import layers, ops


class Gate(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.dense = layers.Dense(units, activation="sigmoid")

    def call(self, x):
        return ops.multiply(x, self.dense(x))


x = keras.Input((10,))
model = keras.Model(x, layers.Dense(1)(Gate(4)(x)))
