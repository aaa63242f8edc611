import os

import tensorflow as tf

os.makedirs("photos", exist_ok=True)
with open("photos/thumbs.db", "w") as f:
    f.write("this is no picture")


def load_image(path):
    data = tf.io.read_file(path)
    return tf.image.resize(tf.io.decode_jpeg(data, channels=3), [32, 32])


files = tf.data.Dataset.list_files("photos/*")
for image in files.map(load_image, num_parallel_calls=tf.data.AUTOTUNE):
    print(image.shape)
