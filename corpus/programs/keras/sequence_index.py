import numpy as np
from tensorflow import keras


class Batches(keras.utils.Sequence):
    def __init__(self, count, size):
        self.x = np.random.rand(count, 6)
        self.size = size

    def __len__(self):
        return len(self.x) // self.size + 1

    def __getitem__(self, i):
        rows = [self.x[i * self.size + k] for k in range(self.size)]
        return np.array(rows), np.zeros(self.size)


model = keras.Sequential([keras.layers.Dense(1, input_shape=(6,))])
model.compile("sgd", "mse")
model.fit(Batches(20, 6), epochs=1, workers=2, use_multiprocessing=False, verbose=0)
