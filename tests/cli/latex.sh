# The LaTeX tables of a real report compile, and none is wider than the text.
. "$TOP/tests/cli/lib.sh"
need pdflatex
"$tracelode" run -q "$sample" --site sample -o study
cd study/tables
{
    printf '%s\n' '\documentclass{article}' '\usepackage{booktabs}' '\begin{document}'
    for f in *.tex; do printf '\\input{%s}\n' "$f"; done
    printf '%s\n' '\end{document}'
} >all.latex
pdflatex -interaction=nonstopmode -halt-on-error all.latex >log || { grep -A 2 '^!' log; exit 1; }
if grep -e 'Overfull .hbox ([1-9]' -e 'Float too large' log >&2; then exit 1; fi
