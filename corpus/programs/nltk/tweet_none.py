import collections

from nltk.tokenize import TweetTokenizer

tokenizer = TweetTokenizer(preserve_case=False)
tweets = ["so cool :-)", None, "meh @ana"]
counts = collections.Counter(t for tweet in tweets for t in tokenizer.tokenize(tweet))
print(counts.most_common(3))
