import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder


def build():
    prep = make_column_transformer((OneHotEncoder(), ["browser"]), remainder="passthrough")
    return make_pipeline(prep, LogisticRegression())


visits = pd.DataFrame({"browser": ["firefox", "chrome", "chrome"], "seconds": [30, 12, 7]})
bought = [1, 0, 0]
model = build().fit(visits, bought)
print(model.predict(pd.DataFrame({"browser": ["safari"], "seconds": [20]})))
