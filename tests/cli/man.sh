# The man page and the completion scripts are whole, well-formed, and made of all commands
# and options.
. "$TOP/tests/cli/lib.sh"
"$tracelode" help --man >tracelode.1
"$tracelode" help >usage
"$tracelode" --help | cmp - usage
"$tracelode" help mine >mine.txt
"$tracelode" mine --help | cmp - mine.txt
commands=$(sed -n 's/^  \([a-z]*\)  .*/\1/p' usage)
[ -n "$commands" ]
sed 's/\\-/-/g; s/\\f[BIR]//g' tracelode.1 >plain
for command in $commands; do
    grep -qx ".SS $command" tracelode.1
    "$tracelode" help "$command" >help
    options=$(sed -n 's/^  \(-.,\|   \) --\([a-z-]*\).*/\2/p' help)
    [ -n "$options" ]
    # The page's section of this command, and the options that all commands have.
    sed -n "/^.SS $command\$/,/^.S/p; /^.SH OPTIONS/,/^.SH COMMANDS/p" plain >section
    for option in $options; do
        grep -q "^\(-., \)\?--$option\( \|\$\)" section || {
            echo "the man page lacks $command --$option" >&2
            exit 1
        }
        echo "$command --$option"
    done >>all
    sed -n 's/^  \(tracelode .*\)/\1/p' help >examples
    while read -r example; do
        sed 's/\\(aq/'"'"'/g; s/\\e/\\/g; s/\\(ti/~/g; s/\\(ha/^/g; s/\\(ga/`/g' plain | grep -qF -- "$example"
    done <examples
done
for word in "EXIT STATUS" NO_COLOR 130; do grep -q "$word" tracelode.1; done
if LC_ALL=C grep -n '[^ -~]' tracelode.1; then exit 1; fi
if command -v groff >/dev/null; then
    groff -man -Tutf8 -ww -z tracelode.1 2>warnings
    [ ! -s warnings ] || { cat warnings >&2; exit 1; }
fi
if command -v man >/dev/null && man --warnings -E UTF-8 -l tracelode.1 >page 2>warnings; then
    [ ! -s warnings ] || { cat warnings >&2; exit 1; }
fi

for shell in bash zsh fish; do
    "$tracelode" help --completion $shell >completion.$shell
    while read -r command option; do
        case $shell in
        fish) grep -q "seen_subcommand_from $command' -l ${option#--}\( \|\$\)" completion.fish ;;
        zsh) sed -n "/^        $command)/,/;;/p" completion.zsh | grep -q -- "$option[]=['},[]" ;;
        bash) grep -q "^ *$command) words='.*$option[ ']" completion.bash ;;
        esac || { echo "$shell does not complete $command $option" >&2; exit 1; }
    done <all
    if command -v $shell >/dev/null; then $shell -n completion.$shell; fi
done
if command -v fish >/dev/null; then
    HOME=$(pwd) fish --no-config -c 'source completion.fish; complete -C "tracelode mine --key "' >out
    prints module
fi

# In bash: what each line gives when the tab key is pressed behind it.
command -v bash >/dev/null || exit 0
# shellcheck disable=SC2016 # for bash, not for this shell
complete='. ./completion.bash
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_tracelode
echo "${COMPREPLY[*]}"'
tab() {
    bash -c "$complete" bash "$@"
}
[ "$(tab tracelode "")" = "$(echo $commands) --help --version" ]
[ "$(tab tracelode s)" = "$(echo "$commands" | grep '^s' | xargs)" ]
[ "$(tab tracelode mine --key "")" = "stem module function" ]
[ "$(tab tracelode mine --key m)" = "module" ]
[ "$(tab tracelode mine --key = m)" = "module" ]
[ "$(tab tracelode mine --key =)" = "stem module function" ]
[ "$(tab tracelode mine --sp)" = "--spmf" ]
[ "$(tab tracelode report -d s.db --pro)" = "--profile" ]
[ "$(tab tracelode report -d "")" = "" ]
[ "$(tab tracelode nosuch --x)" = "" ]
bash -c '. ./completion.bash; complete -p tracelode' | grep -q -- '-F _tracelode'

expect 2 "$tracelode" help nosuch
says "there is no command 'nosuch'"
expect 2 "$tracelode" help --man mine
says "give one of a command, --man and --completion"
expect 2 "$tracelode" help --completion csh
says "--completion csh: expected one of bash, zsh, fish"
expect 2 "$tracelode" help mine sql
