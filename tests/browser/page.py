"""Opens the report made from tests/fixtures/report/hostile.xml and uses it.

page.py INDEX.html [FOLDER]: with FOLDER, screenshots go there.
"""
import pathlib
import sys

from webdriver import Browser

TITLES = {
    101: "<script>window.pwned = 1</script> in my model",
    102: 'x" onload="window.pwned = 2" autofocus onfocus="window.pwned = 3',
    103: "javascript:window.pwned = 4",
    104: "\u202egnirts a \u2066 \u200f turned around",
    105: '<img src="https://example.org/x.png" onerror="window.pwned = 5">',
    106: '=HYPERLINK("https://example.org") {{title}} </style>',
}


def address():
    return pathlib.Path(sys.argv[1]).absolute().as_uri()


def check(what, got, want):
    if got != want:
        sys.exit(f"{what}: {got!r}, expected {want!r}")


def count(browser):
    """The number of patterns found, once the page has shown it."""
    return browser.run("return document.getElementById('count').textContent")


def settle(browser, want):
    """Waits for the filter, which lets a typist finish."""
    for _ in range(100):
        if count(browser) == want:
            return
        browser.run("return new Promise((done) => setTimeout(done, 20))")
    sys.exit(f"the filter shows {count(browser)!r}, expected {want!r}")


def cells(browser, column):
    return browser.run("return [...document.querySelectorAll('#list tr.row')].map("
                       "(row) => row.cells[arguments[0]].textContent)", column)


def sort_and_check(browser, name, column, key):
    for direction in ("first", "second"):
        browser.click(f"#list th[data-sort={name}] button")
        order = browser.run("return document.querySelector('#list th[aria-sort]').getAttribute('aria-sort')")
        got = [key(text) for text in cells(browser, column)]
        check(f"{direction} order by {name}", got, sorted(got, reverse=order == "descending"))
        check("sorted columns", browser.run("return document.querySelectorAll('#list th[aria-sort]').length"), 1)


def hostile_titles(browser):
    browser.run("document.querySelectorAll('.open[aria-expanded=false]').forEach((b) => b.click())")
    shown = browser.run("return [...document.querySelectorAll('.detail bdi')].map((e) => "
                        "[e.textContent, e.firstChild.href, e.children.length, e.firstChild.children.length])")
    check("titles", {s[0] for s in shown}, set(TITLES.values()))
    by_title = {title: post for post, title in TITLES.items()}
    for title, link, children, inside in shown:
        check("link of " + title, link, f"https://stackoverflow.com/q/{by_title[title]}")
        check("elements in " + title, (children, inside), (1, 0))
    check("scripts", browser.run("return document.scripts.length"), 2)
    check("images", browser.run("return document.images.length"), 0)
    check("handlers", browser.run("return document.querySelectorAll('[onload],[onerror],[onfocus]').length"), 0)
    check("window.pwned", browser.run("return window.pwned === undefined"), True)


def use(browser):
    total = len(cells(browser, 1))
    check("patterns shown", count(browser), f"{total} patterns")
    if total < 4:
        sys.exit("too few patterns to try the page with")

    # The library, then text, then both with no match.
    libraries = cells(browser, 3)
    nltk = libraries.count("NLTK")
    browser.run("const s = document.getElementById('library'); s.value = 'NLTK'; s.dispatchEvent(new Event('change'))")
    settle(browser, "1 pattern" if nltk == 1 else f"{nltk} patterns")
    check("libraries found", set(cells(browser, 3)), {"NLTK"})
    browser.type("#text", "no such frame")
    settle(browser, "0 patterns")
    browser.run("const s = document.getElementById('library'); s.value = ''; s.dispatchEvent(new Event('change'));"
                "const t = document.getElementById('text'); t.value = ''; t.dispatchEvent(new Event('input'))")
    settle(browser, f"{total} patterns")
    browser.type("#text", "STANDARDIZE models:fit")
    browser.run("return new Promise((done) => setTimeout(done, 300))")
    found = cells(browser, 1)
    if not found or len(found) == total:
        sys.exit(f"filtering by text left {len(found)} of {total} patterns")
    browser.run("const t = document.getElementById('text'); t.value = ''; t.dispatchEvent(new Event('input'))")
    settle(browser, f"{total} patterns")

    sort_and_check(browser, "support", 0, int)
    sort_and_check(browser, "length", 2, int)
    sort_and_check(browser, "questions", 5, int)
    sort_and_check(browser, "library", 3, str.lower)

    # Open and close the first pattern with the keyboard alone.
    browser.run("document.querySelector('.open').focus()")
    browser.type(".open", "\ue007")
    check("expanded", browser.run("return document.querySelector('.open').getAttribute('aria-expanded')"), "true")
    frames = browser.run("return [...document.querySelectorAll('.detail ol li')].map((e) => e.textContent)")
    length = int(cells(browser, 2)[0])
    check("frames", len(frames), length)
    check("innermost frame", frames[-1], browser.run("return document.querySelector('.open b').textContent"))
    browser.type(".open", "\ue007")
    check("closed", browser.run("return document.querySelectorAll('.detail').length"), 0)


def quiet(browser):
    messages = [entry for entry in browser.log("browser") if entry["level"] != "DEBUG"]
    check("console", messages, [])
    outside = [r for r in browser.requests() if not r.startswith("data:")]
    check("requests", outside, [address()])


def narrow_enough(browser, width):
    check(f"page at {width} pixels", browser.run("return document.documentElement.scrollWidth"), width)


def main():
    for width, dark in ((1280, False), (1280, True), (400, False)):
        with Browser(width, 900, dark) as browser:
            browser.open(address())
            narrow_enough(browser, width)
            use(browser)
            hostile_titles(browser)
            narrow_enough(browser, width)
            if len(sys.argv) > 2:
                browser.screenshot(f"{sys.argv[2]}/page-{width}{'-dark' if dark else ''}.png", whole=True)
            quiet(browser)
    print("filter, sort, open and hostile titles at 1280 and 400 pixels, light and dark")


main()
