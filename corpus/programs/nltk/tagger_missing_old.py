from nltk import pos_tag
from nltk.tokenize import wordpunct_tokenize


def nouns(text):
    return [w for w, t in pos_tag(wordpunct_tokenize(text)) if t.startswith("NN")]


print(nouns("Dogs bark at trees."))
