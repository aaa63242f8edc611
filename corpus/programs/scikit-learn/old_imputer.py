# %%
import pandas as pd
from sklearn.preprocessing import Imputer
