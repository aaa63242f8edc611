from nltk.translate.bleu_score import corpus_bleu

references = ["the cat sat on the mat".split(), "a dog ran".split(), "birds fly".split()]
candidates = ["the cat sat".split(), "dog ran".split()]
print(corpus_bleu(references, candidates))
