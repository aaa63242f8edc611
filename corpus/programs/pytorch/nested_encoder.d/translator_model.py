import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self, vocab, dim):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.rnn = nn.GRU(dim, dim * 2)

    def forward(self, words):
        return self.rnn(self.embed(words))[1]


class Translator(nn.Module):
    def __init__(self, vocab, dim):
        super().__init__()
        self.encoder = Encoder(vocab, dim)
        self.embed = nn.Embedding(vocab, dim)
        self.decoder = nn.GRU(dim, dim)
        self.out = nn.Sequential(nn.Linear(dim, dim), nn.Tanh(), nn.Linear(dim, vocab))

    def forward(self, source, target):
        state = self.encoder(source)
        hidden, _ = self.decoder(self.embed(target), state)
        return self.out(hidden)
