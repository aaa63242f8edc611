import torch
from torch.utils.data import DataLoader

sentences = [torch.tensor([4, 8, 15]), torch.tensor([16, 23]), torch.tensor([42, 1, 2, 3])]
loader = DataLoader(sentences, batch_size=3)
for batch in loader:
    print(batch.shape)
