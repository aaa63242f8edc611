import torch
from torch import nn

rnn = nn.LSTMCell(4, 8)
head = nn.Linear(8, 1)
optimizer = torch.optim.Adam([*rnn.parameters(), *head.parameters()])
state = (torch.zeros(2, 8), torch.zeros(2, 8))


def step(state):
    state = rnn(torch.randn(2, 4), state)
    loss = head(state[0]).pow(2).mean()
    loss.backward()
    return state


for t in range(5):
    state = step(state)
