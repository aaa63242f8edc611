from transformers import BertTokenizer

with open("vocab.txt", "w") as f:
    f.write("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "film"]))

tokenizer = BertTokenizer("vocab.txt")
reviews = ["good film", float("nan"), "bad film"]
batch = tokenizer(reviews, padding=True, return_tensors="pt")
