import nltk

sentence = ["dogs", "bark", "loudly"]
print(nltk.pos_tag(sentence))
