from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.preprocessing import scale


def evaluate(model, X, y):
    scores = {"accuracy": accuracy_score, "auc": roc_auc_score}
    return {name: score(y, model.predict_proba(X)) if name == "auc" else score(y, model.predict(X))
            for name, score in scores.items()}


X, y = load_wine(return_X_y=True)
X = scale(X)
print(evaluate(LogisticRegression().fit(X, y), X, y))
