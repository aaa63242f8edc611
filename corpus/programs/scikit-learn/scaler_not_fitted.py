import numpy as np
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler


def prepare(values, scaler):
    return scaler.transform(values)


def main():
    train = np.random.RandomState(0).rand(20, 3)
    test = np.random.RandomState(1).rand(5, 3)
    model = Ridge().fit(StandardScaler().fit_transform(train), train[:, 0])
    print(model.predict(prepare(test, StandardScaler())))


main()
