from pathlib import Path

import torch


def fetch(path):
    # the "download" saved the error page of the web server
    Path(path).write_text("<html><body>404 Not Found</body></html>")
    return path


weights = torch.load(fetch("resnet_weights.pth"), map_location="cpu")
