import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler


def load_data():
    return pd.DataFrame({
        "age": [34, 51, 27, 45],
        "plan": ["basic", "plus", "basic", "plus"],
        "left": [0, 1, 0, 1],
    })


def main():
    df = load_data()
    X, y = df.drop(columns="left"), df["left"]
    model = Pipeline([("scale", StandardScaler()), ("clf", LogisticRegression())])
    model.fit(X, y)
    print(model.score(X, y))


if __name__ == "__main__":
    main()
