from pyspark.ml.feature import VectorAssembler
from pyspark.sql import SparkSession


def assemble(frame, columns):
    return VectorAssembler(inputCols=columns, outputCol="features").transform(frame)


spark = SparkSession.builder.master("local[1]").appName("flights").getOrCreate()
flights = spark.createDataFrame([("10", 3.5, 0), ("25", 1.0, 1)], ["delay", "distance", "label"])
print(assemble(flights, ["delay", "distance"]).count())
