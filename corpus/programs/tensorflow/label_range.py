import tensorflow as tf

scores = tf.Variable(tf.random.normal([4, 3]))
labels = tf.constant([0, 1, 3, 2])

with tf.GradientTape() as tape:
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=scores)
print(tape.gradient(loss, scores))
