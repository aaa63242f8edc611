# %%
from transformers import BertTokenizer
open("vocab.txt", "w").write("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "film"]))
tokenizer = BertTokenizer("vocab.txt")
# %%
enc = tokenizer(["good film", "bad"], return_tensors="pt")
