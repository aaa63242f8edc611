from nltk.stem import PorterStemmer
from nltk.tokenize import RegexpTokenizer

stemmer = PorterStemmer()
tokenizer = RegexpTokenizer(r"\w+")


def preprocess(text):
    tokens = tokenizer.tokenize(text)
    return stemmer.stem(tokens)


print(preprocess("running runners ran"))
