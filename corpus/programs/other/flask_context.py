from flask import Flask, url_for

app = Flask(__name__)


@app.route("/cart/<int:number>")
def cart(number):
    return str(number)


print(url_for("cart", number=3))
