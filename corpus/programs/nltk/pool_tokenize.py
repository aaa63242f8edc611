from multiprocessing import Pool

from nltk.tokenize import word_tokenize

TEXTS = ["One sentence.", "Another one.", "And the last."]


def count(text):
    return len(word_tokenize(text))


if __name__ == "__main__":
    with Pool(2) as pool:
        print(sum(pool.map(count, TEXTS)))
