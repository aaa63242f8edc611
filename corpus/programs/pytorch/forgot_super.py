import torch
from torch import nn


class Digits(nn.Module):
    def __init__(self, width):
        self.width = width
        self.fc1 = nn.Linear(784, width)
        self.fc2 = nn.Linear(width, 10)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


model = Digits(128)
