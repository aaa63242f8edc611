import tensorflow as tf

FEATURES = {"image": tf.io.FixedLenFeature([], tf.string)}


def parse(record):
    return tf.io.parse_single_example(record, FEATURES)


def read(pattern):
    return tf.data.TFRecordDataset([pattern]).map(parse)


print(sum(1 for _ in read("train-00000-of-00004.tfrecord")))
