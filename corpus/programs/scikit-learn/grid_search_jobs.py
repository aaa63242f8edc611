import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier

X, y = load_digits(return_X_y=True)
X = X.astype(float)
X[17, 3] = np.nan

search = GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [1, 3, 5]},
                      cv=3, n_jobs=2, error_score="raise")
search.fit(X, y)
