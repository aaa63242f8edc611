import pandas as pd
from sklearn.model_selection import train_test_split


def read():
    X = pd.DataFrame({"alcohol": [12.1, 13.4, 11.8, 12.9, 14.0]})
    y = pd.Series([0, 1, 0, 1])
    return X, y


features, target = read()
X_train, X_test, y_train, y_test = train_test_split(features, target, test_size=0.2)
