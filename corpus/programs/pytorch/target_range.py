import torch
from torch import nn

logits_layer = nn.Linear(5, 3)
criterion = nn.CrossEntropyLoss()
labels = torch.tensor([1, 2, 3, 1])      # the file counts classes from 1
loss = criterion(logits_layer(torch.randn(4, 5)), labels)
loss.backward()
