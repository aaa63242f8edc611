# %%
import torch
w = torch.randn(3, requires_grad=True)
# %%
errors = (w * torch.tensor([1., 2., 3.]) - 1) ** 2
errors.backward()
