from nltk.tokenize import word_tokenize


def words(text):
    return [w for w in word_tokenize(text) if w.isalpha()]


print(words("The cat sat. It slept!"))
