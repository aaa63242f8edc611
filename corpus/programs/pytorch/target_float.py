import torch
from torch import nn

criterion = nn.CrossEntropyLoss()
output = torch.randn(6, 4, requires_grad=True)
target = torch.tensor([0., 1., 3., 2., 2., 0.])
criterion(output, target).backward()
