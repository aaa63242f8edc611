import torch
from torch import nn


def main(device="cuda"):
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 2, 1))
    model.to(device)
    out = model(torch.rand(1, 3, 32, 32, device=device))
    print(out.shape)


main()
