import os

from nltk.corpus.reader import PlaintextCorpusReader

os.makedirs("letters", exist_ok=True)
with open("letters/a.txt", "w") as f:
    f.write("Dear Ana.")

letters = PlaintextCorpusReader("letters", ["a.txt", "b.txt"])
print({name: len(letters.words(name)) for name in letters.fileids()})
