from tensorflow import keras


class Noise(keras.layers.Layer):
    def __init__(self, amount, **kwargs):
        super().__init__(**kwargs)
        self.amount = amount

    def call(self, x):
        return x + self.amount


model = keras.Sequential([keras.Input((2,)), Noise(0.1), keras.layers.Dense(1)])
model.save("noise.h5")
