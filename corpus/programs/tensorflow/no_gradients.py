import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(3,))])
optimizer = tf.keras.optimizers.Adam(0.01)
x, y = tf.random.normal([16, 3]), tf.random.normal([16, 1])


def train_step(x, y):
    with tf.GradientTape() as tape:
        guess = model(x)
    loss = tf.reduce_mean((guess - y) ** 2)
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss


for epoch in range(5):
    print(float(train_step(x, y)))
