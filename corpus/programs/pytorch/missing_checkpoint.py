import argparse
from pathlib import Path

import torch


class Trainer:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.step = 0

    def resume(self, step):
        state = torch.load(self.folder / f"step_{step:05d}.pt")
        self.step = state["step"]


parser = argparse.ArgumentParser()
parser.add_argument("--step", type=int, default=12000)
args = parser.parse_args()
trainer = Trainer("checkpoints")
trainer.resume(args.step)
