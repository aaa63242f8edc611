from pyspark.ml.classification import LogisticRegression
from pyspark.ml.linalg import Vectors
from pyspark.sql import SparkSession


def main():
    spark = SparkSession.builder.master("local[1]").getOrCreate()
    rows = [(Vectors.dense([1.0, 2.0]), 0.0), (Vectors.dense([3.0, 1.0]), 1.0)]
    data = spark.createDataFrame(rows, ["scaled", "label"])
    model = LogisticRegression(maxIter=5).fit(data)
    print(model.coefficients)


main()
