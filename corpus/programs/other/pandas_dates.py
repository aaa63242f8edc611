import pandas as pd

table = pd.DataFrame({"day": ["2024-01-31", "2024-02-30", "2024-03-01"]})
table["day"] = pd.to_datetime(table["day"], format="%Y-%m-%d")
