import torch
from torch import nn


class Heads(nn.Module):
    def __init__(self, heads):
        super().__init__()
        self.heads = heads
        self.proj = nn.Linear(16, 16)

    def forward(self, x):
        batch, steps, width = x.shape
        h = self.proj(x).view(batch, steps, self.heads, -1).transpose(1, 2)
        h = h * 0.5 if self.training else h
        return h.view(batch, steps, width)


print(Heads(4).eval()(torch.randn(2, 5, 16)).shape)
