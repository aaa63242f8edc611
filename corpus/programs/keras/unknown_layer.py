import subprocess
import sys

from tensorflow import keras

SAVE = """
from tensorflow import keras
class Scale(keras.layers.Layer):
    def call(self, x):
        return 2 * x
model = keras.Sequential([keras.Input((3,)), Scale(), keras.layers.Dense(1)])
model.save("scale.h5")
"""
subprocess.run([sys.executable, "-c", SAVE], check=True, stderr=subprocess.DEVNULL)
model = keras.models.load_model("scale.h5")
print(model.predict([[1, 2, 3]]))
