import tensorflow as tf


def load(version):
    return tf.saved_model.load(f"exported/{version}")


predict = load(3).signatures["serving_default"]
