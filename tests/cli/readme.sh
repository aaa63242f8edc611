# Every tracelode command in the README and in the commands' own help works as it stands,
# on the sample under the file names that the examples use; and what the README shows
# below a "$ command" is what that prints, in 80 columns.  TL_UPDATE=1 writes it anew.
. "$TOP/tests/cli/lib.sh"
need 7z python3
mkdir examples
ln -s "$TOP/corpus" examples/corpus
mkdir bin
ln -s "$tracelode" bin/tracelode
PATH=$(pwd)/bin:$PATH
export PATH
cp "$sample" Posts.xml
7z a -bd -bso0 stackoverflow.com-Posts.7z Posts.xml
printf '1 2 3\n2 3\n2 3 4\n' >traces.txt
printf 'has_trace,views,score,first_answer_hours,answers,accepted\n1,1,2,3,1,5\n0,4,5,6,1,\n' >questions.csv
printf 'ana,bo\nx,x\ny,x\n' >labels.csv
cp "$TOP/corpus/traces/keras/$(ls "$TOP/corpus/traces/keras" | head -n 1)" trace.txt
printf '{"frames":[["training","fit"]]}\n' >patterns.jsonl
for name in patterns-keras patterns-nltk found; do
    printf '{"support": 2, "frames": [["training", "fit"]], "questions": [1, 2]}\n' >$name.jsonl
done
for label in "model training" "file operation"; do
    for function in a b c; do
        printf '{"frames": [["%s", "%s"]], "label": "%s"}\n' "${label%% *}" $function "$label"
    done
done >labels.jsonl
gzip -c trace.txt >log.txt.gz
mkdir files
mv ./*.xml ./*.7z ./*.txt ./*.jsonl ./*.csv ./*.gz files
tracelode run -q files/Posts.xml --site site -o files/study
cp files/study/study.db files
tracelode learn -q files/labels.jsonl >files/weights.ini
tracelode sample -q -d files/study.db --round 2 --coders ana,bo -o files/round2-coded.csv
# The commands of a page: lines that begin with "tracelode", in code blocks, with the
# lines that continue them (a quote still open, or a backslash at the end).
cat >commands.py <<'PY'
import re, sys
block, command = False, ""
for line in open(sys.argv[1], encoding="utf-8"):
    if line.startswith("```"):
        block = not block
    elif sys.argv[2] == "help" and line.startswith("  ") or block:
        text = line.strip() if not command else line.rstrip()
        if command or text.startswith("tracelode "):
            command += ("\n" if command else "") + text
            bare = re.sub(r"'[^']*'" if "'" in command else r'"[^"]*"', "", command)
            if command.count('"') % 2 or command.count("'") % 2 or text.endswith("\\"):
                continue
            print(command + "\0", end="")
            command = ""
assert not command, command
PY
run_all() { # FILE KIND
    python3 commands.py "$1" "$2" >commands
    python3 - <<'PY'
import shutil, subprocess, sys
ran = 0
for command in open("commands").read().split("\0")[:-1]:
    shutil.rmtree("work", ignore_errors=True)
    shutil.copytree("files", "work")
    result = subprocess.run(["sh", "-eu", "-c", command], cwd="work", stdin=subprocess.DEVNULL,
                            capture_output=True, text=True)
    ran += 1
    # `query` may rightly find nothing in so small a sample.
    if result.returncode != 0 and not (result.returncode == 1 and command.startswith("tracelode query")):
        sys.exit(f"exit {result.returncode}: {command}\n{result.stderr}")
sys.exit(0 if ran else "no command found")
PY
}
run_all "$TOP/README.md" page
for command in $(tracelode --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
    tracelode "$command" --help | sed -n '/^examples:/,$p' >help.txt
    run_all help.txt help
done

# The examples with their output: in a block that begins with "$ ", each command up to
# its last open quote or backslash, then what it prints.
cat >examples.py <<'PY'
import os, re, subprocess, sys

def run(command):
    p = subprocess.run(["sh", "-eu", "-c", command], cwd="examples", stdin=subprocess.DEVNULL,
                       capture_output=True, text=True)
    if p.returncode:
        sys.exit(f"exit {p.returncode}: {command}\n{p.stderr}")
    return p.stdout.rstrip("\n").split("\n") if p.stdout else []

def renew(block):
    lines, new, ran = block.split("\n")[:-1], [], 0
    while lines:
        command = [lines.pop(0)]
        while lines and (command[-1].endswith("\\") or "\n".join(command).count('"') % 2):
            command.append(lines.pop(0))
        new += command + run("\n".join(command)[2:])
        ran += 1
        while lines and not lines[0].startswith("$ "):
            lines.pop(0)
    wide = [line for line in new if len(line) > 80]
    if wide:
        sys.exit(f"wider than 80 columns: {wide[0]}")
    return "\n".join(new) + "\n", ran

text = open(sys.argv[1], encoding="utf-8").read()
parts, ran = re.split(r"(?ms)^```\n(?=\$ )(.*?)^```$", text), 0
for i in range(1, len(parts), 2):
    parts[i], n = renew(parts[i])
    ran += n
    parts[i] = "```\n" + parts[i] + "```"
new = "".join(parts)
assert ran >= 5, ran
if new != text and os.environ.get("TL_UPDATE"):
    open(sys.argv[1], "w", encoding="utf-8").write(new)
else:
    open("README.new", "w", encoding="utf-8").write(new)
PY
python3 examples.py "$TOP/README.md"
[ -n "${TL_UPDATE:-}" ] || diff -u "$TOP/README.md" README.new >&2
