import pandas as pd
from pyspark.sql import SparkSession
from pyspark.sql.functions import pandas_udf

spark = SparkSession.builder.master("local[1]").getOrCreate()
prices = spark.createDataFrame([("3,50",), ("12",)], ["price"])


@pandas_udf("double")
def to_number(column: pd.Series) -> pd.Series:
    return column.astype(float)


prices.select(to_number("price")).show()
