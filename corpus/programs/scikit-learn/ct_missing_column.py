import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

houses = pd.DataFrame({"area": [50, 80, 120], "rooms": [2, 3, 4],
                       "city ": ["Lyon", "Nice", "Lyon"], "price": [150, 310, 390]})

prep = ColumnTransformer([
    ("num", StandardScaler(), ["area", "rooms"]),
    ("cat", OneHotEncoder(), ["city"]),
])
pipe = Pipeline([("prep", prep), ("rf", RandomForestRegressor(n_estimators=10))])
pipe.fit(houses.drop(columns="price"), houses["price"])
