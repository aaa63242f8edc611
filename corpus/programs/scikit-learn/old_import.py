from legacy_utils import evaluate
from sklearn import datasets, svm

iris = datasets.load_iris()
print(evaluate(svm.SVC(), iris.data, iris.target))
