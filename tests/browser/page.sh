# The report's page in a headless Chromium: filter, sort, open, no error on the console,
# no request, hostile titles inert.
. "$TOP/tests/cli/lib.sh"
need python3 chromedriver
command -v chromium >/dev/null || need google-chrome

expect 0 "$tracelode" run "$TOP/tests/fixtures/report/hostile.xml" --site stackoverflow.com -o report
python3 -B "$TOP/tests/browser/page.py" "$PWD/report/index.html" >&2
