from pyspark.ml.classification import LogisticRegression
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.linalg import Vectors
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import SparkSession


def search(data):
    lr = LogisticRegression()
    grid = ParamGridBuilder().addGrid(lr.regParam, [0.0, 0.1]).build()
    cv = CrossValidator(estimator=lr, estimatorParamMaps=grid, numFolds=2, seed=1,
                        evaluator=BinaryClassificationEvaluator(metricName="accuracy"))
    return cv.fit(data)


spark = SparkSession.builder.master("local[1]").getOrCreate()
rows = [(Vectors.dense([float(i), 1.0]), float(i % 2)) for i in range(12)]
search(spark.createDataFrame(rows, ["features", "label"]))
