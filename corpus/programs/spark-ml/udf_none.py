from pyspark.sql import SparkSession
from pyspark.sql.functions import udf
from pyspark.sql.types import IntegerType

spark = SparkSession.builder.master("local[1]").getOrCreate()
reviews = spark.createDataFrame([("great value",), (None,)], ["text"])


@udf(IntegerType())
def count_words(text):
    return len(text.split())


reviews.withColumn("words", count_words("text")).show()
