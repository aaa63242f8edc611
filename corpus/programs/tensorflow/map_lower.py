import tensorflow as tf


def clean(line, label):
    line = line.lower().strip()
    return line, label


lines = tf.data.Dataset.from_tensor_slices((["Good", "BAD "], [1, 0]))
lines = lines.map(clean).batch(2)
for batch in lines:
    print(batch)
