import json


def load(path):
    with open(path) as handle:
        return json.load(handle)


with open("settings.json", "w") as handle:
    handle.write("{'debug': true}")
print(load("settings.json"))
