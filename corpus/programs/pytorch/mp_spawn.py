import torch
import torch.multiprocessing as mp
from torch import nn


def worker(rank, world, sizes):
    torch.manual_seed(rank)
    model = nn.Linear(4, 2)
    batch = torch.randn(sizes[rank], 3 + rank)
    print(rank, model(batch).shape)


if __name__ == "__main__":
    mp.spawn(worker, args=(1, [8, 8]), nprocs=1)
