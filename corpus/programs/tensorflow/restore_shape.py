import tensorflow as tf


class Net(tf.Module):
    def __init__(self, width):
        super().__init__()
        self.w = tf.Variable(tf.zeros([width, 2]))


path = tf.train.Checkpoint(net=Net(8)).save("ckpt/gan")
tf.train.Checkpoint(net=Net(16)).restore(path)
