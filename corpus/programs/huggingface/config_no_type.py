import json
from pathlib import Path

from transformers import AutoModel

folder = Path("exported")
folder.mkdir(exist_ok=True)
(folder / "config.json").write_text(json.dumps({"hidden_size": 32, "layers": 2}))

model = AutoModel.from_pretrained(folder)
