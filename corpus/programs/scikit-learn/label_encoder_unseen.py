import pandas as pd
from sklearn.preprocessing import LabelEncoder

train = pd.DataFrame({"colour": ["red", "green", "red"], "size": ["S", "M", "L"]})
test = pd.DataFrame({"colour": ["green", "blue"], "size": ["M", "S"]})

encoders = {}
for column in train.columns:
    encoders[column] = LabelEncoder().fit(train[column])
    train[column] = encoders[column].transform(train[column])

for column in test.columns:
    test[column] = encoders[column].transform(test[column])
