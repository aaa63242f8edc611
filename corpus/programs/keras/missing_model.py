import os

from tensorflow.keras.models import load_model

MODELS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "models")


def get(name):
    return load_model(os.path.join(MODELS, name))


cat_or_dog = get("cat_or_dog.h5")
