from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

X, y = load_iris(return_X_y=True)
grid = {"penalty": ["l1"], "C": [1, 10]}
search = GridSearchCV(LogisticRegression(max_iter=500), grid, cv=2)
search.fit(X, y)
print(search.best_score_)
