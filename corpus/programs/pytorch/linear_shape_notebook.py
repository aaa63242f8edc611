# %%
import torch
import torch.nn as nn
import torch.nn.functional as F
# %%
class MLP(nn.Module):
    def __init__(self):
        super(MLP, self).__init__()
        self.hidden = nn.Linear(30, 64)
        self.out = nn.Linear(32, 2)

    def forward(self, x):
        x = F.relu(self.hidden(x))
        return self.out(x)
# %%
net = MLP()
y = net(torch.randn(4, 30))
