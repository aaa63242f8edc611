from nltk.lm import MLE
from nltk.lm.preprocessing import padded_everygram_pipeline

lines = [["a", "b", "c"], None, ["a", "c", "d"]]
train, vocab = padded_everygram_pipeline(2, lines)
model = MLE(2)
model.fit(train, vocab)
print(model.score("b", ["a"]))
