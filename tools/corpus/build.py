#!/usr/bin/env python3
"""Compose corpus/sample/Posts.xml from the posts in corpus/sample/posts/*.md.

    build.py [--check] [--stats] [-o FILE]

A file of posts is a sequence of questions, each with its answers:

    ## Title of the question
    2021-03-04 10:22 | score 3 | views 120 | comments 2 | user 12
    tags: python, scikit-learn

    Text in a small Markdown: paragraphs, `code`, **bold**, *slanted*, [link](url), lists
    ("- ", "1. "), quotations ("> "), fenced code (``` or ```python).

    ### Answer after 2h 13m | score 5 | accepted | user 40

Only the date is required. Without "user" one is derived from the title; "user none" is
a deleted account. "edited 3h" adds an edit, "accepted N" on a question names an answer
that is not in the dump, "type N" makes another kind of post, "after -2d" an answer that
was moved from an older question. On a line of their own stand

    {code LIB/NAME 3-14}       lines of corpus/programs/LIB/NAME.py (all, without numbers)
    {trace LIB/NAME OPTION…}   the recorded corpus/traces/LIB/NAME.txt

with the options of `render_trace`. The Id of a post is its age in hours at the start of
2016, or the next free number, so a new post rarely moves the Ids of others. The output
depends on these files alone: no clock, no randomness, no locale.
"""
import argparse
import re
import sys
import zlib
from collections import Counter
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
POSTS, OUTPUT = CORPUS / "sample" / "posts", CORPUS / "sample" / "Posts.xml"
EPOCH = datetime(2016, 1, 1)
COMMONMARK = datetime(2020, 6, 1)  # later bodies: quotes escaped in code, no blank lines between blocks
BAR_TAGS = datetime(2025, 1, 1)    # later rows write |a|b| instead of <a><b>
UNITS = {"d": 1440, "h": 60, "m": 1}


class Post:
    """A row of the dump: the fields of its heading line, its raw text, its place."""

    def __init__(self, kind, heading, fields, line):
        self.kind, self.title, self.line = kind, heading, line
        self.fields = dict(fields)
        self.tags, self.text, self.answers = [], [], []
        self.seed = zlib.crc32(f"{kind} {heading}".encode())

    def number(self, name, default):
        return int(self.fields.get(name, default))


def minutes(text):
    """'2h 13m' or '-2d' in minutes."""
    sign = -1 if text.startswith("-") else 1
    return sign * sum(int(n) * UNITS[u] for n, u in re.findall(r"(\d+)([dhm])", text))


def read_fields(text):
    fields = []
    for part in filter(None, (p.strip() for p in text.split("|"))):
        name, _, value = part.partition(" ")
        fields.append((name, value) if name[0].isalpha() else ("date", part))
    return fields


def read_posts(path):
    """The questions of one file with their answers, in the order written."""
    questions, post, fence = [], None, False
    lines = path.read_text(encoding="utf-8").splitlines()
    skip = 0
    for i, line in enumerate(lines):
        if skip:
            skip -= 1
            continue
        if line.startswith("```"):
            fence = not fence
        if not fence and line.startswith("## "):
            post = Post("question", line[3:].strip(), read_fields(lines[i + 1]), f"{path.name}:{i + 1}")
            post.tags = [t.strip() for t in lines[i + 2].partition(":")[2].split(",") if t.strip()]
            if not lines[i + 2].startswith("tags:"):
                sys.exit(f"{post.line}: no tags")
            questions.append(post)
            skip = 2
        elif not fence and line.startswith("### Answer"):
            question = questions[-1]
            key = f"{question.title} #{len(question.answers)}"
            post = Post("answer", key, read_fields(line[len("### Answer"):]), f"{path.name}:{i + 1}")
            question.answers.append(post)
        elif post:
            post.text.append(line)
    if fence:
        sys.exit(f"{path.name}: a fence is not closed")
    return questions


def read_program(name, lines=None):
    """The text of a program; the cell marks of a notebook become blank lines."""
    path = CORPUS / "programs" / (name if "." in name else name + ".py")
    text = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    if lines:
        first, _, last = lines.partition("-")
        text = text[int(first) - 1:int(last or first)]
    text = "\n".join("" if line.startswith("# %%") else line for line in text)
    return text.strip("\n")


def to_windows(text):
    """The same traceback as it would read under C:\\Users\\ana: only paths change."""
    places = [(r"(?:/home/ana|~)/\.virtualenvs/(\w+)/lib/python[\d.]+/", r"{}\\Anaconda3\\envs\\\1\\lib\\"),
              (r"(?:/home/ana|~)/\w+3/lib/python[\d.]+/", r"{}\\Anaconda3\\lib\\"),
              (r"(?:/home/ana|~)/", r"{}\\")]

    def path(match):
        found = match.group()
        root = "~" if found.startswith("~") else r"C:\\Users\\ana"
        for pattern, new in places:
            found, changed = re.subn("^" + pattern, new.format(root), found)
            if changed:
                break
        slash = "\\\\" if match.start() and text[match.start() - 1] == "'" else "\\"  # as repr writes it
        return found.replace("\\", "/").replace("/", slash)

    return re.sub(r"(?:/home/ana|~)/[\w./-]+", path, text)


def render_trace(arguments, modern):
    """{trace NAME OPTION…}: a recorded traceback as HTML.

    windows      rewrite the paths for Windows      entities   escape <module> twice
    cut=A,B      the first A and last B lines       prompt     "> " before each line
    last=N       the last N lines (header lost)     quoted     a <blockquote> of <p>
    before=FILE  code of a program above it         quotedpre  a <blockquote> of <pre>
    plain        a <p> outside any code block       eaten      a <p>, <…> names lost
    """
    name, *options = arguments.split()
    text = (CORPUS / "traces" / (name + ".txt")).read_text(encoding="utf-8").rstrip("\n")
    text = text.replace("\x1b", "")  # XML has no escape character; sites drop it as well
    before = ""
    for option in options:
        key, _, value = option.partition("=")
        lines = text.split("\n")
        if key == "windows":
            text = to_windows(text)
        elif key == "cut":
            head, tail = map(int, value.split(","))
            if head + tail < len(lines):
                text = "\n".join(lines[:head] + ["..."] + lines[-tail:])
        elif key == "last":
            text = "\n".join(lines[-int(value):])
        elif key == "prompt":
            text = "\n".join("> " + line for line in lines)
        elif key == "entities":
            text = escape(text, quote=False)
        elif key == "before":
            before = read_program(value) + "\n\n"
        elif key in ("plain", "eaten", "quoted", "quotedpre"):
            pass
        else:
            sys.exit(f"{name}: unknown option {option}")
    if "quoted" in options or "plain" in options or "eaten" in options:
        if "eaten" in options:
            text = re.sub(r"<[\w ]+>", "", text)
        inner = "\n".join("<br>".join(escape(line.strip(), quote=False) for line in part.split("\n"))
                          for part in re.split(r"\n\s*\n", text))
        inner = "".join(f"<p>{part}</p>\n" for part in inner.split("\n"))
        return f"<blockquote>\n{inner}</blockquote>" if "quoted" in options else inner.rstrip("\n")
    block = pre(before + text, None, modern)
    return f"<blockquote>\n{block}\n</blockquote>" if "quotedpre" in options else block


def pre(text, language, modern):
    start = f'<pre class="lang-{language} prettyprint-override"><code>' if language and modern else "<pre><code>"
    text = escape(text, quote=False)
    return f"{start}{text.replace(chr(34), '&quot;') if modern else text}\n</code></pre>"


def inline(text):
    """Inline Markdown to HTML; what stands in backquotes is left alone."""
    out = []
    for i, part in enumerate(re.split(r"`([^`]+)`", text)):
        part = escape(part, quote=False)
        if i % 2:
            out.append(f"<code>{part}</code>")
            continue
        part = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", part)
        part = re.sub(r"(?<![\w*])\*([^*\s][^*]*)\*(?!\w)", r"<em>\1</em>", part)
        out.append(re.sub(r"\[([^]]+)\]\((https?://[^)]+)\)", r'<a href="\2" rel="nofollow noreferrer">\1</a>', part))
    return "".join(out)


def render_block(lines, modern):
    """One paragraph, list, quotation or directive."""
    directive = re.fullmatch(r"\{(code|trace) ([^}]+)\}", lines[0])
    if directive and directive[1] == "trace":
        return render_trace(directive[2], modern)
    if directive:
        return pre(read_program(*directive[2].split()), "py", modern)
    for mark, tag in ((r"- ", "ul"), (r"\d+\. ", "ol")):
        if re.match(mark, lines[0]):
            items = re.split("(?m)^" + mark, "\n".join(lines))[1:]
            return f"<{tag}>\n" + "".join(f"<li>{inline(i.strip())}</li>\n" for i in items) + f"</{tag}>"
    if lines[0].startswith("> "):
        return "<blockquote>\n<p>" + inline("\n".join(l[2:] for l in lines)) + "</p>\n</blockquote>"
    return f"<p>{inline(chr(10).join(lines))}</p>"


def render(post, created):
    """The HTML body of a post as the site of that time would have stored it."""
    modern = created >= COMMONMARK
    blocks, block, fence = [], [], None
    for line in post.text + [""]:
        mark = line.startswith("```")
        if fence and mark:
            blocks.append(pre("\n".join(block), fence[3:].strip(), modern))
            fence, block = None, []
        elif fence or (line.strip() and not mark):
            block.append(line)
        else:
            if block:
                blocks.append(render_block(block, modern))
            fence, block = line if mark else None, []
    return ("\n" if modern else "\n\n").join(blocks) + "\n"


def attribute(text):
    text = escape(str(text), quote=True).replace("&#x27;", "'")
    return text.replace("\n", "&#xA;").replace("\t", "&#x9;")


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}"


def number_posts(questions):
    """Set `created` and `id` of every post; returns all posts in the order of their ids."""
    posts = []
    for question in questions:
        jitter = timedelta(seconds=question.seed % 60, milliseconds=question.seed // 60 % 1000)
        question.created = datetime.strptime(question.fields["date"], "%Y-%m-%d %H:%M") + jitter
        posts.append(question)
        for answer in question.answers:
            shift = timedelta(minutes=minutes(answer.fields["after"]), seconds=answer.seed % 60,
                              milliseconds=answer.seed // 60 % 1000)
            answer.created, answer.parent = question.created + shift, question
            posts.append(answer)
    posts.sort(key=lambda p: (p.created, p.title))
    last = 0
    for post in posts:
        last = max(last + 1, int((post.created - EPOCH).total_seconds()) // 3600)
        post.id = last
    return posts


def row(post):
    """One <row …/> in the attribute order of the real dumps."""
    edited = post.created + timedelta(minutes=minutes(post.fields["edited"])) if "edited" in post.fields else None
    moments = [post.created, edited or post.created] + [a.created for a in post.answers]
    user = post.fields.get("user", str(post.seed % 890 + 11))
    question = post.kind == "question" and "type" not in post.fields
    accepted = next((a.id for a in post.answers if "accepted" in a.fields), post.fields.get("accepted"))
    values = [("Id", post.id), ("PostTypeId", post.fields.get("type", 1 if question else 2))]
    values += [("AcceptedAnswerId", accepted)] if question and accepted else []
    values += [("ParentId", post.parent.id)] if post.kind == "answer" else []
    values += [("CreationDate", stamp(post.created)), ("Score", post.number("score", 0))]
    values += [("ViewCount", post.number("views", 20 + post.seed % 400))] if question else []
    values += [("Body", render(post, post.created))]
    values += [("OwnerUserId", user)] if user != "none" else [("OwnerDisplayName", f"user{post.seed % 9000 + 1000}")]
    values += [("LastEditorUserId", user if user != "none" else 1), ("LastEditDate", stamp(edited))] if edited else []
    values += [("LastActivityDate", stamp(max(moments)))]
    if question:
        bars = "|" + "|".join(post.tags) + "|" if post.created >= BAR_TAGS else "".join(f"<{t}>" for t in post.tags)
        values += [("Title", post.title), ("Tags", bars), ("AnswerCount", len(post.answers))]
    values += [("CommentCount", post.number("comments", 0)), ("ContentLicense", "MIT")]
    return "  <row " + " ".join(f'{name}="{attribute(value)}"' for name, value in values) + " />\n"


def compose():
    questions = [q for path in sorted(POSTS.glob("*.md")) for q in read_posts(path)]
    titles = Counter(q.title for q in questions)
    double = [t for t, n in titles.items() if n > 1]
    if double:
        sys.exit(f"titles occur twice: {double}")
    rows = "".join(row(post) for post in number_posts(questions))
    return questions, f'<?xml version="1.0" encoding="utf-8"?>\n<posts>\n{rows}</posts>\n'.encode()


def statistics(questions):
    """Print what each file of posts holds, and which recorded traces no question shows."""
    used = Counter()
    for name in sorted({q.line.split(":")[0] for q in questions}):
        own = [q for q in questions if q.line.startswith(name) and "type" not in q.fields]
        traces = [l for q in own for l in q.text if l.startswith("{trace")]
        traced = [q for q in own if any(l.startswith("{trace") for l in q.text)]
        accepted = sum(any("accepted" in a.fields for a in q.answers) for q in own)
        print(f"{name}: {len(own)} questions, {len(traced)} with a trace, "
              f"{sum(len(q.answers) for q in own)} answers, {accepted} accepted")
        used.update(t.split()[1].strip("}") for t in traces)
    recorded = {str(p.relative_to(CORPUS / "traces"))[:-4] for p in (CORPUS / "traces").glob("*/*.txt")}
    print("not in any question:", ", ".join(sorted(recorded - set(used))) or "none")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="fail unless the file is what would be written")
    parser.add_argument("--stats", action="store_true")
    parser.add_argument("-o", "--output", type=Path, default=OUTPUT)
    args = parser.parse_args()
    questions, xml = compose()
    if args.stats:
        statistics(questions)
    if args.check:
        if not args.output.exists() or args.output.read_bytes() != xml:
            sys.exit(f"{args.output} is not what build.py writes; run tools/corpus/build.py")
    else:
        args.output.write_bytes(xml)
        print(f"{args.output}: {len(questions)} questions, {len(xml)} bytes")


if __name__ == "__main__":
    main()
