# %%
import numpy as np
from tensorflow import keras
# %%
x = np.random.rand(30, 4)
y = np.random.randint(0, 3, 30)
model = keras.Sequential([keras.layers.Dense(8, activation="relu"), keras.layers.Dense(3, activation="softmax")])
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
# %%
model.fit(x, y, epochs=10, batch_size=10, verbose=0)
