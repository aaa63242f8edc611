import nltk

RULES = """
S -> NP VP
NP = 'she'
VP -> 'sleeps'
"""
grammar = nltk.CFG.fromstring(RULES)
