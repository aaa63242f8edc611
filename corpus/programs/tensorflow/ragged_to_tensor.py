import tensorflow as tf

ids = [[1, 4, 9], [7], [2, 2]]
dataset = tf.data.Dataset.from_tensor_slices((ids, [0, 1, 0]))
