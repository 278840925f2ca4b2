#!/bin/sh
# Every relative link of the tracked Markdown files leads somewhere.
cd "$(dirname "$0")/../.." || exit 2
bad=0
for page in $(git ls-files '*.md' 2>/dev/null || find . -name '*.md' -not -path './build/*'); do
    for link in $(grep -o '](\([^)#: ]*\))' "$page" | sed 's/^](//; s/)$//'); do
        if [ ! -e "$(dirname "$page")/$link" ]; then
            echo "# $page links to $link, which is not there"
            bad=1
        fi
    done
done
[ "$bad" -eq 0 ] && echo 'ok 1 - links of the documentation' || echo 'not ok 1 - links of the documentation'
exit "$bad"
