import numpy as np
from tensorflow import keras

model = keras.Sequential([keras.layers.Dense(1)])
model.compile(loss="mse", optimizer="adam", metrics=["f1"])
model.fit(np.zeros((8, 2)), np.zeros(8), verbose=0)
