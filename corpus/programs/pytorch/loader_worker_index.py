import torch
from torch.utils.data import DataLoader, Dataset


class Photos(Dataset):
    def __init__(self, count):
        self.pixels = torch.rand(count, 3, 8, 8)
        self.labels = [0, 1] * (count // 2 - 1)

    def __len__(self):
        return len(self.pixels)

    def __getitem__(self, index):
        return self.pixels[index], self.labels[index]


def main():
    loader = DataLoader(Photos(20), batch_size=4, num_workers=2)
    for images, labels in loader:
        print(images.shape, labels)


if __name__ == "__main__":
    main()
