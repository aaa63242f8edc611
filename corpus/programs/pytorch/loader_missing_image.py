import os

import torch
from torch.utils.data import DataLoader, Dataset


class Folder(Dataset):
    def __init__(self, root, names):
        self.files = [os.path.join(root, n) for n in names]

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        with open(self.files[i], "rb") as f:
            return torch.frombuffer(bytearray(f.read()), dtype=torch.uint8)


loader = DataLoader(Folder("images", ["cat1.bin", "cat2.bin"]), num_workers=1)
for epoch in range(3):
    for batch in loader:
        pass
