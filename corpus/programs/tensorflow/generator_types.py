import tensorflow as tf


def rows():
    yield [1, 2, 3], 0
    yield [4, 5], 1


dataset = tf.data.Dataset.from_generator(
    rows, output_signature=(tf.TensorSpec([3], tf.int32), tf.TensorSpec([], tf.int32)))

for tokens, label in dataset:
    print(tokens.numpy(), label.numpy())
