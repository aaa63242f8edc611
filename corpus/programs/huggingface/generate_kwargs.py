import torch
from transformers import GPT2Config, GPT2LMHeadModel

model = GPT2LMHeadModel(GPT2Config(vocab_size=64, n_positions=32, n_embd=16, n_layer=1, n_head=2))
encoded = {"input_ids": torch.tensor([[3, 9, 27]]), "token_type_ids": torch.zeros(1, 3).long(),
           "offset_mapping": None}


def reply(inputs, **options):
    return model.generate(**inputs, **options)


print(reply(encoded, max_new_tokens=5, do_sample=False, top=5))
