# %%
from pyspark.sql import SparkSession
from pyspark.ml.classification import LogisticRegression
# %%
spark = SparkSession.builder.master("local[1]").getOrCreate()
# %%
lr = LogisticRegression(maxIter="10", regParam=0.1)
