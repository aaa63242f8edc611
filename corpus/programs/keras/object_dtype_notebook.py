# %%
import numpy as np
from tensorflow import keras
# %%
texts = np.array([[1, 2, 3], [4, 5], [6]], dtype=object)
labels = np.array([0, 1, 0])
# %%
model = keras.Sequential([keras.layers.Embedding(10, 4), keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(texts, labels, verbose=0)
