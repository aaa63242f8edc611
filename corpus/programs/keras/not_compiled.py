import numpy as np
from tensorflow import keras


def train(model, data):
    model.fit(*data, epochs=1)
    return model


digits = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10)])
train(digits, (np.zeros((8, 28, 28)), np.zeros(8)))
