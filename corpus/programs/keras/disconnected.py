from tensorflow import keras
from tensorflow.keras import layers

user = keras.Input((5,), name="user")
item = keras.Input((5,), name="item")
score = layers.Dot(axes=1)([layers.Dense(4)(user), layers.Dense(4)(item)])
model = keras.Model(inputs=user, outputs=score)
