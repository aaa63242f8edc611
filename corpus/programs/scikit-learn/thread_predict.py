import threading
import time

import numpy as np
from sklearn.linear_model import SGDClassifier


class Scorer(threading.Thread):
    def __init__(self, model, rows):
        super().__init__()
        self.model = model
        self.rows = rows

    def run(self):
        for row in self.rows:
            print(self.model.predict(row))


clf = SGDClassifier().fit(np.random.rand(30, 4), np.arange(30) % 2)
worker = Scorer(clf, np.random.rand(3, 4))
worker.start()
worker.join()
