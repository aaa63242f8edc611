# %%
from sklearn.datasets import load_iris
from sklearn.svm import SVC
X, y = load_iris(return_X_y=True)
# %%
svm = SVC(kernel="linear").fit(X, y)
# %%
svm.predict_proba(X[:3])
