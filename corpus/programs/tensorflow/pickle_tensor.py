from multiprocessing.pool import ThreadPool

import tensorflow as tf


def area(box):
    left, top, right, bottom = tf.unstack(box)
    return (right - left) * (bottom - top)


boxes = [tf.constant([0.0, 0, 2, 2]), tf.constant([0.0, 0, 2])]
with ThreadPool(2) as pool:
    print(pool.map(area, boxes))
