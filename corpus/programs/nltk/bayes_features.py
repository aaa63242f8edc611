import nltk

names = [("Anna", "f"), ("Bob", "m"), ("Clara", "f"), ("David", "m")]


def features(name):
    return {"last": name[-1], "length": len(name)}


train = [(name, label) for name, label in names]
classifier = nltk.NaiveBayesClassifier.train(train)
print(classifier.classify(features("Eva")))
