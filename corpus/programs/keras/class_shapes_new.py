import numpy as np
import keras


def make_model(classes):
    return keras.Sequential([keras.layers.Dense(8, activation="relu"),
                             keras.layers.Dense(classes, activation="softmax")])


model = make_model(5)
model.compile(loss="categorical_crossentropy", optimizer="adam")
model.fit(np.random.rand(20, 4), keras.utils.to_categorical(np.arange(20) % 4), verbose=0)
