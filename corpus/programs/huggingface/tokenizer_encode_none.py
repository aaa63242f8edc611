# %%
from transformers import BertTokenizerFast
open("vocab.txt", "w").write("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad"]))
# %%
tok = BertTokenizerFast("vocab.txt")
# %%
def encode(texts, max_length=16):
    return tok(texts, truncation=True, max_length=max_length)

encode(["good", None, "bad"])
