# %%
import numpy as np
import pandas as pd
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.svm import SVC
# %%
df = pd.DataFrame({"amount": [10.5, 200, 31, 4], "country": ["DE", "FR", "DE", "PL"],
                   "fraud": [0, 1, 0, 0]})
# %%
clf = make_pipeline(MinMaxScaler(), SVC())
clf.fit(df[["amount", "country"]], df["fraud"])
