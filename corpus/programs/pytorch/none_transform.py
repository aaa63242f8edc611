import torch
from torch.utils.data import DataLoader, Dataset


class Crop:
    def __call__(self, image):
        image[:, 1:-1, 1:-1]


class Images(Dataset):
    def __init__(self, transform):
        self.transform = transform

    def __len__(self):
        return 6

    def __getitem__(self, i):
        image = self.transform(torch.rand(3, 6, 6))
        return image.mean()


for value in DataLoader(Images(Crop()), batch_size=3):
    print(value)
