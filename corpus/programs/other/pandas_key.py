import pandas as pd

sales = pd.DataFrame({"Shop": ["north", "south"], "Total ": [10, 12]})


def total(frame):
    return frame["Total"].sum()


print(total(sales))
