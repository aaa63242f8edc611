# %%
import tensorflow as tf
# %%
steps = tf.range(5)
rate = tf.constant(0.1)
decayed = steps * rate
