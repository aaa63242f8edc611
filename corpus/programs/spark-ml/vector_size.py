from pyspark.ml.classification import LogisticRegression
from pyspark.ml.linalg import Vectors
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").getOrCreate()
train = spark.createDataFrame([(Vectors.dense([1.0, 2.0]), 0.0), (Vectors.dense([2.0, 0.0]), 1.0)],
                              ["features", "label"])
model = LogisticRegression(maxIter=3).fit(train)
test = spark.createDataFrame([(Vectors.dense([1.0, 2.0, 3.0]),)], ["features"])
print(model.transform(test).collect())
