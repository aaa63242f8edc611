# %%
import pandas as pd
from nltk.tokenize import wordpunct_tokenize
# %%
comments = pd.DataFrame({"body": ["nice one", None, "first!"]})
# %%
comments["tokens"] = comments["body"].apply(wordpunct_tokenize)
