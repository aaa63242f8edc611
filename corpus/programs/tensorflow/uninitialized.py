import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
counter = tf.get_variable("counter", shape=[], dtype=tf.int32)
increment = tf.assign_add(counter, 1)

with tf.Session() as sess:
    for _ in range(3):
        print(sess.run(increment))
