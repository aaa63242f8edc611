import sys

import pandas as pd
from sklearn.linear_model import LinearRegression


def main(path):
    table = pd.read_csv(path)
    model = LinearRegression()
    model.fit(table[["temp", "wind"]], table["rain"])
    print(model.coef_)


main(sys.argv[1] if len(sys.argv) > 1 else "weather.csv")
