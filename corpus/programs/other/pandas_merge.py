import pandas as pd

orders = pd.DataFrame({"customer": [1, 2, 2], "sum": [9.5, 3.0, 4.5]})
customers = pd.DataFrame({"customer": ["1", "2"], "name": ["Ivo", "Pia"]})
print(orders.merge(customers, on="customer"))
