# %%
import numpy as np
import keras
# %%
words = np.array([[1, 2, 50], [4, 5, 6]])
net = keras.Sequential([keras.layers.Embedding(50, 8), keras.layers.Flatten(), keras.layers.Dense(1)])
net.compile("adam", "mse")
# %%
net.fit(words, np.array([0, 1]), verbose=0)
