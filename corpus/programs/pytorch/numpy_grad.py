# %%
import torch
from torch import nn
# %%
line = nn.Linear(1, 1)
def curve(model, points):
    return [model(p).numpy() for p in points]
# %%
curve(line, torch.linspace(0, 1, 5).reshape(-1, 1))
