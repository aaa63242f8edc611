import torch

from translator_model import Translator

model = Translator(vocab=100, dim=32)
source = torch.randint(0, 100, (7, 3))
target = torch.randint(0, 100, (5, 3))
print(model(source, target).shape)
