from datasets import load_dataset


def splits(folder):
    files = {"train": f"{folder}/train.csv", "test": f"{folder}/test.csv"}
    return load_dataset("csv", data_files=files)


print(splits("data"))
