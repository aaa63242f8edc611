import subprocess
import sys

import joblib

TRAIN = """
import joblib
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

class DropConstant(BaseEstimator, TransformerMixin):
    def fit(self, X, y=None):
        return self
    def transform(self, X):
        return X

joblib.dump(make_pipeline(DropConstant(), StandardScaler()), "model.joblib")
"""


def load_model(path):
    return joblib.load(path)


subprocess.run([sys.executable, "-c", TRAIN], check=True)
model = load_model("model.joblib")
