import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer

reviews = pd.DataFrame({"text": ["good phone", None, "battery died", 42], "stars": [5, 3, 1, 2]})


def build_matrix(column):
    vectorizer = TfidfVectorizer(lowercase=True, stop_words="english")
    return vectorizer.fit_transform(column)


matrix = build_matrix(reviews["text"].dropna())
