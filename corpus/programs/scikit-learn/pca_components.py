# %%
import numpy as np
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
# %%
faces = np.random.RandomState(3).rand(20, 400)
pipe = make_pipeline(StandardScaler(), PCA(n_components=50))
# %%
small = pipe.fit_transform(faces)
