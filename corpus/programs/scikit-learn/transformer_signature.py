from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline


class ColumnPicker(BaseEstimator, TransformerMixin):
    def __init__(self, columns):
        self.columns = columns

    def fit(self, X):
        return self

    def transform(self, X):
        return X[:, self.columns]


X, y = load_breast_cancer(return_X_y=True)
pipe = Pipeline([("pick", ColumnPicker([0, 3, 5])), ("clf", LogisticRegression(max_iter=5000))])
pipe.fit(X, y)
