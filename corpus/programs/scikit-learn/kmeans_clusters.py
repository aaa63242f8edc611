# %%
from sklearn.cluster import KMeans
points = [[1, 2], [1, 4], [10, 2], [10, 4]]
# %%
inertia = [KMeans(n_clusters=k, n_init=10).fit(points).inertia_ for k in range(1, 8)]
