# %%
import pandas as pd
from nltk.collocations import BigramCollocationFinder
from nltk.metrics import BigramAssocMeasures
# %%
df = pd.DataFrame({"words": [["new", "york", "city"], None, ["new", "york"]]})
# %%
finder = BigramCollocationFinder.from_documents(df["words"])
finder.nbest(BigramAssocMeasures.pmi, 3)
