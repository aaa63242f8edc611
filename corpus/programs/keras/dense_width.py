import numpy as np
from tensorflow import keras


def build(width):
    model = keras.Sequential([
        keras.layers.Dense(16, activation="relu", input_shape=(width,)),
        keras.layers.Dense(1, activation="sigmoid"),
    ])
    model.compile("adam", "binary_crossentropy")
    return model


def main():
    X, y = np.random.rand(64, 7), np.random.randint(0, 2, 64)
    model = build(8)
    model.fit(X, y, epochs=2, verbose=0)


if __name__ == "__main__":
    main()
