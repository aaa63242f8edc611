from tensorflow import keras
from tensorflow.keras import layers


class Tower(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = layers.Dense(8)
        self.second = layers.Dense(2)

    def call(self, x):
        return self.second(self.first(x))


Tower().summary()
