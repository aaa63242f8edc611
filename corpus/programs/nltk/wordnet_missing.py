from nltk.stem import WordNetLemmatizer


class Normalizer:
    def __init__(self):
        self.lemmatizer = WordNetLemmatizer()

    def __call__(self, words):
        return [self.lemmatizer.lemmatize(w) for w in words]


print(Normalizer()(["mice", "geese"]))
