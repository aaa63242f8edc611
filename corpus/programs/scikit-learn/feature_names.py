# %%
import pandas as pd
from sklearn.tree import DecisionTreeClassifier
# %%
train = pd.DataFrame({"Age": [22, 38, 26, 35], "Fare": [7.2, 71.3, 7.9, 53.1], "Sex_male": [1, 0, 0, 0],
                      "Survived": [0, 1, 1, 1]})
tree = DecisionTreeClassifier().fit(train.drop(columns="Survived"), train["Survived"])
# %%
new = pd.DataFrame({"Fare": [8.1], "Age": [30], "Sex_female": [1]})
tree.predict(new)
