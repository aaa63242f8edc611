import numpy as np
from sklearn.model_selection import cross_val_score
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(0)
counts = rng.integers(0, 5, size=(40, 12))
spam = rng.integers(0, 2, size=40)

model = make_pipeline(StandardScaler(), MultinomialNB())
scores = cross_val_score(model, counts, spam, cv=4, error_score="raise")
print(scores.mean())
