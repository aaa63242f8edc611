from transformers import AutoTokenizer


def load_tokenizer(path):
    return AutoTokenizer.from_pretrained(path)


tokenizer = load_tokenizer("./models/my-bert")
