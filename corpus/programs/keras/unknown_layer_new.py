import keras
import numpy as np


def weighted(y_true, y_pred):
    return keras.ops.mean((y_true - y_pred) ** 2 * 3)


model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile(loss=weighted, optimizer="sgd")
model.fit(np.ones((4, 3)), np.ones(4), verbose=0)
model.save("weighted.keras")

again = keras.models.load_model("weighted.keras")
