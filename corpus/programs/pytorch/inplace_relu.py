import torch
from torch import nn

fc = nn.Linear(3, 3)
x = torch.randn(2, 3)
h = torch.sigmoid(fc(x))
h += 1
h.sum().backward()
