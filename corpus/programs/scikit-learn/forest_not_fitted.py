from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier


class FlowerModel:
    def __init__(self):
        self.clf = RandomForestClassifier(n_estimators=50)

    def train(self, X, y):
        RandomForestClassifier(n_estimators=50).fit(X, y)

    def predict(self, X):
        return self.clf.predict(X)


X, y = load_iris(return_X_y=True)
model = FlowerModel()
model.train(X, y)
print(model.predict(X[:5]))
