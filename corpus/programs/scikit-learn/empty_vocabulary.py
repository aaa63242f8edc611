from sklearn.feature_extraction.text import CountVectorizer

answers = ["a", "b", "c", "b", "a"]
vec = CountVectorizer()
X = vec.fit_transform(answers)
