from tensorflow import keras
from tensorflow.keras import layers


def tower(name, shape):
    entry = keras.Input(shape, name=name)
    return entry, layers.Conv1D(4, 3)(entry)


user_in, user = tower("user", (10, 2))
item_in, item = tower("item", (12, 2))
joined = layers.Concatenate()([user, item])
model = keras.Model([user_in, item_in], layers.Dense(1)(joined))
