import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(8 * 14 * 14, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv(x)))
        x = x.flatten(1)
        return self.fc(x)


def train(model, batches):
    for images, labels in batches:
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()


if __name__ == "__main__":
    data = [(torch.randn(16, 1, 28, 28), torch.randint(0, 10, (16,)))]
    train(Net(), data)
