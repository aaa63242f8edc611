import numpy as np
import keras


class Service:
    def __init__(self):
        self.model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])

    def answer(self, row):
        return self.model.predict(np.asarray(row), verbose=0)


print(Service().answer([0.1, 0.2, 0.3, 0.4]))
