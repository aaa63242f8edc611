import pandas as pd
from sklearn.model_selection import train_test_split

birds = pd.DataFrame({"wing": [10, 11, 12, 30, 31], "kind": ["tit", "tit", "tit", "crow", "heron"]})
train, test = train_test_split(birds, test_size=0.4, stratify=birds["kind"], random_state=0)
