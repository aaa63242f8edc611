# %%
import numpy as np
import torch
from torch import nn
# %%
X = torch.from_numpy(np.linspace(0, 1, 50).reshape(-1, 1))
model = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1))
# %%
def predict(model, X):
    with torch.no_grad():
        return model(X)

predict(model, X)
