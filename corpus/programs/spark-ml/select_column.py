# %%
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[1]").getOrCreate()
# %%
sales = spark.createDataFrame([(1, 9.5), (2, 3.0)], ["shop_id", "amount"])
# %%
sales.select("shop_id", "amout").show()
