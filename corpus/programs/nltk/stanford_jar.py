from nltk.tag import StanfordNERTagger

tagger = StanfordNERTagger("english.all.3class.distsim.crf.ser.gz", "stanford-ner.jar")
print(tagger.tag("Ana lives in Riga".split()))
