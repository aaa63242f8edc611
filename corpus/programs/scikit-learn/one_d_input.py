# %%
import numpy as np
from sklearn.linear_model import LinearRegression
years = np.array([1, 2, 3, 5, 8])
pay = np.array([31, 35, 40, 52, 70])
# %%
reg = LinearRegression()
reg.fit(years, pay)
