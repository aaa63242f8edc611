from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").getOrCreate()
rows = [(1.0, 2.0, 3.0), (2.0, None, 5.0), (3.0, 1.0, 4.0)]
data = spark.createDataFrame(rows, ["x1", "x2", "label"])
data = VectorAssembler(inputCols=["x1", "x2"], outputCol="features").transform(data)
LinearRegression().fit(data)
