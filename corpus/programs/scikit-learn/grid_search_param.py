from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def tune(X, y):
    pipe = Pipeline([("scaler", StandardScaler()), ("svc", SVC())])
    grid = {"C": [0.1, 1, 10], "gamma": [0.01, 0.001]}
    search = GridSearchCV(pipe, grid, cv=3)
    search.fit(X, y)
    return search.best_params_


X, y = load_digits(return_X_y=True)
print(tune(X[:200], y[:200]))
