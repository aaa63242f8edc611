import sqlite3
import threading

db = sqlite3.connect(":memory:")
db.execute("CREATE TABLE page (url TEXT)")


def save(url):
    db.execute("INSERT INTO page VALUES (?)", (url,))


thread = threading.Thread(target=save, args=("/index",))
thread.start()
thread.join()
