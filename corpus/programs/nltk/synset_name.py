# %%
from nltk.corpus import wordnet
# %%
def synonyms(word):
    return {lemma.name() for synset in wordnet.synsets(word) for lemma in synset.lemmas()}

synonyms("car")
