# %%
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
# %%
weather = pd.DataFrame({"temp": [12.0, 15.5, np.nan, 9.0], "wind": [3, 4, 2, 8],
                        "rain": [0.0, 0.2, 1.1, 0.4]})
# %%
def fit_forest(frame, target):
    X = frame.drop(columns=target)
    forest = RandomForestRegressor(n_estimators=20)
    forest.fit(X, frame[target])
    return forest

fit_forest(weather, "rain")
