import numpy as np
from tensorflow.keras.layers import LSTM, Dense
from tensorflow.keras.models import Sequential

window = np.random.rand(100, 30)
target = np.random.rand(100)

model = Sequential()
model.add(LSTM(32, input_shape=(30, 1), return_sequences=True))
model.add(LSTM(16))
model.add(LSTM(8))
model.add(Dense(1))
model.compile(loss="mse", optimizer="adam")
model.fit(window, target)
