import torch
from torch.utils.data import DataLoader, Dataset


class Tweets(Dataset):
    rows = [("nice", 1), ("bad", None), ("ok", 0)]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        text, label = self.rows[i]
        return torch.tensor([len(text)]), label


for x, y in DataLoader(Tweets(), batch_size=3):
    print(x, y)
