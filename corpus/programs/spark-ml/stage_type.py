from pyspark.ml import Pipeline
from pyspark.ml.classification import GBTClassifier
from pyspark.ml.feature import StringIndexer
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").getOrCreate()
data = spark.createDataFrame([("a", 0.0), ("b", 1.0)], ["carrier", "label"])
indexers = [StringIndexer(inputCol=c, outputCol=c + "_id") for c in ["carrier"]]
model = Pipeline(stages=[indexers, GBTClassifier()]).fit(data)
