import tensorflow as tf

w = tf.constant([[1.0], [2.0]])
opt = tf.keras.optimizers.SGD(0.1)


def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((x @ w - y) ** 2)
    grads = tape.gradient(loss, [w])
    opt.apply_gradients(zip(grads, [w]))


step(tf.ones([4, 2]), tf.zeros([4, 1]))
