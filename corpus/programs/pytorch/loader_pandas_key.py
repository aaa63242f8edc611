# %%
import pandas as pd
import torch
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, Dataset
# %%
frame = pd.DataFrame({"x": range(10), "y": [0, 1] * 5})
train, test = train_test_split(frame, test_size=0.3, random_state=1)

class Rows(Dataset):
    def __init__(self, df):
        self.x, self.y = df["x"], df["y"]

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return torch.tensor(self.x[i]), torch.tensor(self.y[i])
# %%
for x, y in DataLoader(Rows(train), batch_size=2):
    print(x, y)
