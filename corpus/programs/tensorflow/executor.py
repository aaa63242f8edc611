from concurrent.futures import ThreadPoolExecutor

import tensorflow as tf


def decode(raw):
    return tf.strings.to_number(raw, tf.float32)


def main():
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(decode, tf.constant(s)) for s in ("1.5", "n/a", "2")]
        print([float(f.result()) for f in futures])


main()
