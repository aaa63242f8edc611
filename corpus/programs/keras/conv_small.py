import keras
from keras import layers

model = keras.Sequential([keras.Input((8, 8, 1))])
for filters in (8, 16, 32, 64):
    model.add(layers.Conv2D(filters, 3, activation="relu"))
    model.add(layers.MaxPooling2D())
model.add(layers.Flatten())
model.add(layers.Dense(10))
