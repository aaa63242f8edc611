from keras import Sequential
from keras.layers import Dense, Input
from keras.optimizers import Adam


def compile_model(model, rate=0.001):
    model.compile(optimizer=Adam(lr=rate), loss="mse")
    return model


compile_model(Sequential([Input((3,)), Dense(1)]))
