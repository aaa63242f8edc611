import numpy as np
import tensorflow as tf


@tf.function
def normalise(x):
    return x / np.linalg.norm(x)


print(normalise(tf.constant([3.0, 4.0])))
