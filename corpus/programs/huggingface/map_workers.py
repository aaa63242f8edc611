from datasets import Dataset


def main():
    data = Dataset.from_dict({"review": ["good film", None, "bad film", "so so"]})
    data = data.map(lambda row: {"words": row["review"].split()}, num_proc=2)
    print(data[0])


if __name__ == "__main__":
    main()
