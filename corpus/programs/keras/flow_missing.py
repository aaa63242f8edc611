from tensorflow.keras.preprocessing.image import ImageDataGenerator


def generators(root):
    maker = ImageDataGenerator(rescale=1 / 255)
    return {part: maker.flow_from_directory(f"{root}/{part}", target_size=(64, 64), batch_size=8)
            for part in ("train", "valid")}


batches = generators("dataset")
