from nltk.classify.scikitlearn import SklearnClassifier
from sklearn.svm import LinearSVC

classifier = SklearnClassifier(LinearSVC())
print(classifier.classify({"last": "a", "length": 4}))
