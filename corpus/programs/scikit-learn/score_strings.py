# %%
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
# %%
people = pd.DataFrame({"height": [170, 182, 164, 178, 190, 158], "sex": list("fmfmmf")})
model = LogisticRegression().fit(people[["height"]], people["sex"])
# %%
def report(model, X, y):
    return f1_score(y, model.predict(X))

report(model, people[["height"]], people["sex"])
