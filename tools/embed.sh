#!/bin/sh
# embed.sh FILE...: prints C that holds each file as a NUL-terminated array
# tl_<name>_<ext> and its length tl_<name>_<ext>_len.
set -eu
echo '#include <stddef.h>'
for file in "$@"; do
    name=tl_$(basename "$file" | tr '.-' '__')
    echo "extern const char ${name}[];"
    echo "extern const size_t ${name}_len;"
    echo "const char ${name}[] = {"
    od -An -v -tx1 "$file" | sed 's/ \([0-9a-f][0-9a-f]\)/(char)0x\1,/g'
    echo "0};"
    echo "const size_t ${name}_len = sizeof $name - 1;"
done
