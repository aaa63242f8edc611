from pyspark.ml import PipelineModel
from pyspark.sql import SparkSession


class Scorer:
    def __init__(self, path):
        self.spark = SparkSession.builder.master("local[1]").getOrCreate()
        self.model = PipelineModel.load(path)


scorer = Scorer("models/flights-2024")
