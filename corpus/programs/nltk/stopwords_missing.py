from nltk.corpus import stopwords

STOP = set(stopwords.words("english"))


def clean(text):
    return " ".join(w for w in text.split() if w not in STOP)


print(clean("the cat is on the mat"))
