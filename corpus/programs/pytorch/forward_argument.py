import torch
from torch import nn


class Attend(nn.Module):
    def forward(self, query, keys):
        return torch.softmax(query @ keys.transpose(-1, -2), -1) @ keys


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(nn.Linear(4, 4), Attend())

    def forward(self, x):
        return self.blocks(x)


Model()(torch.randn(3, 4))
