# %%
import numpy as np
from tensorflow.keras.utils import to_categorical
# %%
y = np.array([1, 2, 3, 4])
to_categorical(y, num_classes=4)
