import torch
from transformers import GPT2Config, GPT2LMHeadModel

config = GPT2Config(vocab_size=100, n_positions=32, n_embd=24, n_layer=1, n_head=2)
model = GPT2LMHeadModel(config)
ids = torch.randint(0, 120, (1, 8))
ids[0, 3] = 110
print(model(input_ids=ids).logits.shape)
