import subprocess
import sys

import torch

TRAIN = """
import torch
class Regressor(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(4, 1)
torch.save(Regressor(), "regressor.pt")
"""
subprocess.run([sys.executable, "-c", TRAIN], check=True)

model = torch.load("regressor.pt")
model.eval()
print(model(torch.zeros(1, 4)))
