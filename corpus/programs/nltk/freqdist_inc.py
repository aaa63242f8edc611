from nltk import FreqDist

fd = FreqDist()
for word in "to be or not to be".split():
    fd.inc(word)
print(fd.most_common(2))
