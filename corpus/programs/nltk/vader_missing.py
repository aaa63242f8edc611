# %%
import pandas as pd
from nltk.sentiment.vader import SentimentIntensityAnalyzer
# %%
df = pd.DataFrame({"text": ["great!", "awful"]})
# %%
sia = SentimentIntensityAnalyzer()
df["score"] = df["text"].apply(lambda t: sia.polarity_scores(t)["compound"])
