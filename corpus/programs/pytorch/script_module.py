import torch
from torch import nn


class Gate(nn.Module):
    def forward(self, x, mode):
        names = {"sum": torch.sum, "mean": torch.mean}
        return names[mode](x)


scripted = torch.jit.script(Gate())
