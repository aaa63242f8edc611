import json

from sklearn.datasets import load_digits
from sklearn.svm import SVC

settings = json.loads('{"C": "10", "kernel": "rbf"}')
X, y = load_digits(return_X_y=True)


def train(**kwargs):
    return SVC(**kwargs).fit(X[:100], y[:100])


train(**settings)
