# %%
import numpy as np
from tensorflow import keras
# %%
model = keras.Sequential([keras.layers.Dense(4, input_dim=3), keras.layers.Dense(1)])
model.compile(optimizer="sgd", loss="mse")
# %%
history = model.fit(np.random.rand(20, 5), np.random.rand(20), epochs=3, verbose=0)
