import queue
import threading

import torch
from torch import nn

jobs = queue.Queue()
model = nn.Linear(6, 2)


def consume():
    while True:
        batch = jobs.get()
        if batch is None:
            return
        print(model(batch).argmax(1))


thread = threading.Thread(target=consume)
thread.start()
jobs.put(torch.randn(4, 5))
jobs.put(None)
thread.join()
