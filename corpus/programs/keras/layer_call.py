import tensorflow as tf
from tensorflow import keras


class Attention(keras.layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=(shape[1], 1), name="w")

    def call(self, x):
        weights = tf.nn.softmax(tf.matmul(x, self.w), axis=1)
        return tf.reduce_sum(weights * x, axis=1)


inputs = keras.Input((12, 6))
outputs = Attention()(inputs)
