from datasets import Dataset

data = Dataset.from_dict({"review": ["good film", "bad film"], "stars": [5, 1]})


def add_length(example):
    example["length"] = len(example["text"].split())
    return example


data = data.map(add_length)
print(data[0])
