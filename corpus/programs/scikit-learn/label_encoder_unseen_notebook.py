# %%
import pandas as pd
from sklearn.preprocessing import LabelEncoder
# %%
le = LabelEncoder()
le.fit(pd.Series(["paris", "tokyo", "paris"]))
# %%
le.transform(pd.Series(["tokyo", "lima"]))
