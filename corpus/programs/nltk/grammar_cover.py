import nltk

grammar = nltk.CFG.fromstring("""
S -> NP VP
NP -> 'she' | 'fish'
VP -> V NP
V -> 'eats'
""")


def trees(sentence):
    parser = nltk.ChartParser(grammar)
    return list(parser.parse(sentence.split()))


print(trees("she eats pizza"))
