# %%
import torch
from torch import nn
# %%
cnn = nn.Sequential(
    nn.Conv2d(3, 16, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(5))
# %%
cnn(torch.randn(2, 3, 64, 64))
