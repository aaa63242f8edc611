from pyspark.ml.feature import StringIndexer
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").getOrCreate()
train = spark.createDataFrame([("red",), ("blue",)], ["colour"])
test = spark.createDataFrame([("red",), ("green",)], ["colour"])
indexer = StringIndexer(inputCol="colour", outputCol="colour_id").fit(train)
indexer.transform(test).show()
