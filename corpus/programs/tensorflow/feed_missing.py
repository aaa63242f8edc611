import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()

x = tf.placeholder(tf.float32, [None, 2], name="x")
keep = tf.placeholder(tf.float32, name="keep_prob")
dropped = tf.nn.dropout(tf.layers.dense(x, 3), rate=1 - keep)


def run(session, data):
    return session.run(dropped, feed_dict={x: data})


with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    print(run(session, np.ones((4, 2))))
