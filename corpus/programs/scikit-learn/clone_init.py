from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_iris
from sklearn.model_selection import cross_validate


class Majority(BaseEstimator, ClassifierMixin):
    def __init__(self, classes):
        self.classes = sorted(classes)

    def fit(self, X, y):
        self.winner_ = max(self.classes, key=list(y).count)
        return self

    def predict(self, X):
        return [self.winner_] * len(X)


X, y = load_iris(return_X_y=True)
cross_validate(Majority([2, 1, 0]), X, y, cv=3)
