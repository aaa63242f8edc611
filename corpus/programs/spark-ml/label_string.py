from pyspark.ml import Pipeline
from pyspark.ml.classification import RandomForestClassifier
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").getOrCreate()
data = spark.createDataFrame([(1.0, 4.0, "late"), (2.0, 1.0, "ok")], ["a", "b", "label"])
pipeline = Pipeline(stages=[VectorAssembler(inputCols=["a", "b"], outputCol="features"),
                            RandomForestClassifier(numTrees=5)])
pipeline.fit(data)
