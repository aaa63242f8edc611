import torch
from torch.utils.data import DataLoader, Dataset


class Scaled(Dataset):
    def __init__(self, factor):
        self.scale = lambda x: x * factor

    def __len__(self):
        return 8

    def __getitem__(self, i):
        return self.scale(torch.ones(2))


if __name__ == "__main__":
    loader = DataLoader(Scaled(3), batch_size=2, num_workers=1,
                        multiprocessing_context="spawn")
    print(next(iter(loader)))
