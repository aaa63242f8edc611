# %%
import tensorflow as tf
# %%
W = tf.Variable(tf.zeros([10, 2]))
x = tf.ones([3, 9])
# %%
logits = tf.matmul(x, W)
