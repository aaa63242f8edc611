# %%
import pandas as pd
import tensorflow as tf
# %%
frame = pd.DataFrame({"size": [1.5, 2.0], "name": ["bolt", "nut"]})
# %%
features = tf.convert_to_tensor(frame.values)
