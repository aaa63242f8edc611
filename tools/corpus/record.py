#!/usr/bin/env python3
"""Run the failing programs of corpus/programs and record what they print.

    record.py [--only LIB[/NAME]] [--home DIR] [--python VERSION=PREFIX] [--setup]

For each line of corpus/programs/runs.tsv (program, environment, how, place) the
program is copied to HOME/projects/PLACE and run in the environment
HOME/.virtualenvs/ENVIRONMENT; the traceback it prints goes to
corpus/traces/LIB/NAME.txt, the versions of everything to corpus/traces/versions.json.

"how" is one of
    python      python /full/path/program.py
    relative    python program.py, from the program's folder
    ipython:N   the cells of the program (separated by "# %%") in an IPython shell;
                the last one is cell N

A missing environment is made with pip, as environments.ini says, from a copy of the
Python installation named by --python (for example --python 3.8=/opt/python3.8), so
that the paths in the tracebacks are those of an ordinary home directory. Spark needs
a Java 17. A file NAME.d beside NAME.py holds helper modules and data.
"""
import argparse
import configparser
import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
PROGRAMS, TRACES = CORPUS / "programs", CORPUS / "traces"
TIMEOUT = 240  # seconds; the slowest program starts a Spark session

# What may stand before the first line of a traceback and belongs to it.
START = re.compile(r"Traceback \(most recent|-{60,}$|Process \S*Process|Exception in thread|"
                   r"Exception ignored|joblib\.externals|multiprocess(ing)?\.pool|\s+\+ Exception Group")
BARE = re.compile(r"  File \"")  # a syntax error has no header
# Lines of the libraries' own logs and progress bars between or after the frames.
NOISE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWE] |\d\d/\d\d/\d\d \d\d:\d\d:\d\d [A-Z]+ |"
                   r"WARNING:|Setting default log level|To adjust logging level|"
                   r"\[Stage \d|.*\d+%\|| *\d+/\d+ \[|\s*$")

# Runs cells the way a notebook's kernel does, so that IPython formats the traceback.
NOTEBOOK = r"""
import re, sys
from IPython.core.interactiveshell import InteractiveShell
source, last = open(sys.argv[1]).read(), int(sys.argv[2])
cells = [c.strip("\n") for c in re.split(r"(?m)^# %%.*\n", source) if c.strip()]
shell = InteractiveShell.instance(colors="NoColor" if sys.version_info < (3, 13) else "nocolor")
shell.execution_count = last - len(cells) + 1
for cell in cells:
    result = shell.run_cell(cell, store_history=True)
    if result.error_before_exec or result.error_in_exec:
        break
"""

VERSIONS = r"""
import json, platform
from importlib.metadata import distributions
names = {d.metadata["Name"]: d.version for d in distributions()}
print(json.dumps({"python": platform.python_version(), "packages": names}))
"""

# Packages whose versions are worth a line in versions.json: those whose code is on a stack.
NAMED = {"tensorflow-cpu", "tensorflow", "keras", "scikit-learn", "torch", "nltk", "transformers",
         "tokenizers", "datasets", "accelerate", "huggingface-hub", "huggingface_hub", "pyspark", "py4j",
         "ipython", "flask", "werkzeug", "jinja2", "numpy", "scipy", "pandas", "joblib", "pyarrow", "h5py", "multiprocess", "dill"}


def read_runs(only):
    with open(PROGRAMS / "runs.tsv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            lib = row["program"].split("/")[0]
            if only in (None, lib, row["program"]):
                yield row


def python_of(home, env):
    return home / ".virtualenvs" / env / "bin" / "python"


def make_environment(home, name, section, prefixes):
    """Create the venv unless it is there; copy its base installation first if need be."""
    python = python_of(home, name)
    if python.exists():
        return
    base = home / section["base"]
    if not base.exists():
        if section["python"] not in prefixes:
            sys.exit(f"{name}: no {base}; give --python {section['python']}=PREFIX to copy one there")
        shutil.copytree(prefixes[section["python"]], base, symlinks=True)
    subprocess.run([base / "bin" / ("python" + section["python"]), "-m", "venv", python.parents[1]], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", *section["packages"].split()], check=True)


def environ(home, env):
    """A small environment of a user of his own: nothing of the caller's but the Java."""
    wanted = {"HOME": str(home), "USER": home.name, "LOGNAME": home.name, "LANG": "C.UTF-8",
              "PATH": f"{python_of(home, env).parent}:/usr/bin:/bin", "PYTHONHASHSEED": "0",
              "TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": "", "TOKENIZERS_PARALLELISM": "false",
              "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "COLUMNS": "80",
              "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost",
              "PYSPARK_PYTHON": str(python_of(home, env))}
    if "JAVA_HOME" in os.environ:
        wanted["JAVA_HOME"] = os.environ["JAVA_HOME"]
    return wanted


def trim(output):
    """The traceback alone: from its first line on, without log lines, as it was printed."""
    output = re.sub(r"(?m)^.*it/s\](?=Traceback)", "", output)  # a progress bar ends without a newline
    lines = output.replace("\r\n", "\n").split("\n")
    begins = [i for i, line in enumerate(lines) if START.match(line)] \
        or [i for i, line in enumerate(lines) if BARE.match(line)]
    if not begins:
        return ""
    lines = lines[begins[0]:]
    while lines and NOISE.match(lines[-1]):
        lines.pop()
    kept = [line for line in lines if not NOISE.match(line) or not line.strip()]
    return "\n".join(kept) + "\n"


def run(home, row):
    """Copy the program into place, run it, and return what belongs to its traceback."""
    lib, name = row["program"].split("/")
    source = PROGRAMS / lib / (name + ".py")
    target = home / "projects" / row["place"]
    python, (how, _, cell) = python_of(home, row["environment"]), row["how"].partition(":")
    folder = target if how == "ipython" else target.parent
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if (PROGRAMS / lib / (name + ".d")).is_dir():
        shutil.copytree(PROGRAMS / lib / (name + ".d"), folder, dirs_exist_ok=True)
    if how == "ipython":
        command = [python, "-c", NOTEBOOK, source, cell]
    else:
        shutil.copy(source, target)
        command = [python, target if how == "python" else target.name]
    done = subprocess.run(command, cwd=folder, env=environ(home, row["environment"]), timeout=TIMEOUT,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if how == "ipython" else subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, errors="replace")
    # IPython prints its tracebacks on stdout, CPython on stderr.
    return trim(done.stdout if how == "ipython" else done.stderr), done


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", metavar="LIB[/NAME]")
    parser.add_argument("--home", type=Path, default=Path("/home/ana"))
    parser.add_argument("--python", action="append", default=[], metavar="VERSION=PREFIX")
    parser.add_argument("--setup", action="store_true", help="make the environments, run nothing")
    args = parser.parse_args()

    environments = configparser.ConfigParser()
    environments.read(PROGRAMS / "environments.ini", encoding="utf-8")
    rows = list(read_runs(args.only))
    if not rows:
        sys.exit(f"no program matches {args.only}")
    used = sorted({row["environment"] for row in rows})
    for name in used:
        make_environment(args.home, name, environments[name], dict(p.split("=", 1) for p in args.python))
    if args.setup:
        return

    path = TRACES / "versions.json"
    record = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    record.setdefault("environments", {})
    record.setdefault("traces", {})
    for name in used:
        shown = json.loads(subprocess.check_output([python_of(args.home, name), "-c", VERSIONS], text=True))
        shown["packages"] = {k: v for k, v in sorted(shown["packages"].items()) if k.lower() in NAMED}
        if "pyspark" in shown["packages"]:
            java = subprocess.run(["java", "-version"], stderr=subprocess.PIPE, text=True, check=True)
            shown["java"] = java.stderr.split('"')[1]
        record["environments"][name] = shown

    failed = 0
    for row in rows:
        trace, done = run(args.home, row)
        if not trace:
            failed += 1
            print(f"{row['program']}: no traceback (status {done.returncode})\n{done.stderr[-2000:]}", file=sys.stderr)
            continue
        target = TRACES / (row["program"] + ".txt")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(trace, encoding="utf-8")
        record["traces"][row["program"]] = {"environment": row["environment"], "how": row["how"]}
        print(f"{row['program']}: {trace.rstrip().splitlines()[-1][:110]}")
    known = {row["program"] for row in read_runs(None)}
    record = {"environments": dict(sorted(record["environments"].items())),
              "traces": {k: v for k, v in sorted(record["traces"].items()) if k in known}}
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
