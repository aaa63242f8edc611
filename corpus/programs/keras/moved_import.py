from pathlib import Path

from keras.preprocessing.image import ImageDataGenerator, img_to_array, load_img

augment = ImageDataGenerator(rotation_range=20, horizontal_flip=True)
for picture in Path("photos").glob("*.jpg"):
    print(img_to_array(load_img(picture)).shape)
