# usage_test.sh - the command line itself: help, versions, and wrong use, which is one clear line and status 2.
. "$(dirname "$0")/lib.sh"

one_line() { # NAME: the last command said exactly one line on standard error, nothing on standard output
    if [ "$(wc -l <"$tmp/err")" -eq 1 ] && [ ! -s "$tmp/out" ]; then pass "$1"; else fail "$1" "not one line"; fi
}
wrong() { # NAME PATTERN ARGUMENT...
    name=$1 pattern=$2
    shift 2
    expect "$name: status 2" 2 ratter "$@"
    one_line "$name: one line"
    holds "$name: says what" err "$pattern"
}

expect 'no command' 2 ratter
holds 'no command shows the commands' err 'scan .*packages'
wrong 'misspelt command' 'did you mean scan\?' scna x
wrong 'a path where a command stands' 'ratter scan' "$examples"
wrong 'unknown flag' 'did you mean --format\?' scan --fromat json "$tmp"
wrong 'flag far from any' '--help lists them' scan --zzzzzzzzzzzz "$tmp"
wrong 'unknown short flag' 'unknown flag -z' scan -z "$tmp"
wrong 'missing value' 'needs a value' scan --format
wrong 'switch with a value' 'takes no value' scan --quiet=yes "$tmp"
wrong 'unknown format' 'did you mean jsonl?\?' scan --format jsno "$tmp"
wrong 'unknown format of -o' 'unknown format' scan -o nothing=x "$tmp"
wrong '-o without a file' 'FORMAT=FILE' scan -o json "$tmp"
wrong '-o to standard output' '--format json' scan -o json=- "$tmp"
wrong '-o to one file twice' 'twice' scan -o json=x -o sarif=x "$tmp"
wrong '-o into a missing folder' 'No such file' scan -o json="$tmp/no/x" "$examples"
wrong '-o onto a folder' 'directory' scan -o json="$tmp" "$examples"
wrong 'bad --fail-on' 'malicious' scan --fail-on worst "$tmp"
wrong 'bad --jobs' 'jobs' scan --jobs 0 "$tmp"
wrong 'bad limit' 'limit-depth' scan --limit-depth none "$tmp"
wrong 'bad --color' 'auto, always or never' scan --color sometimes "$tmp"
wrong 'nothing named' 'nothing to scan is named' scan
wrong 'missing list' 'No such file' scan --paths-from "$tmp/no-list"
wrong 'two lists' 'twice' scan --paths-from a --paths-from0 b
wrong 'standard input twice' 'once' scan --paths-from /dev/null - -
wrong 'rules without a word' 'list, check or test' rules
wrong 'misspelt rules word' 'did you mean check\?' rules chekc x
wrong 'rules check without a folder' 'wants a folder' rules check
wrong 'completion without a shell' 'bash, zsh or fish' completion
wrong 'help for nothing known' 'no such command' help nothing
wrong 'escapes in a flag' '\\x1b' scan "--$(printf '\033]0;x\007')"
lacks 'and no escape reaches the terminal' err "$(printf '\033')"

expect '--version' 0 ratter --version
holds '--version names itself' out '^ratter [0-9]+\.[0-9]+'
expect '--version --json' 0 ratter --version --json
check '--version --json is JSON' python3 -c 'import json,subprocess,sys
d = json.loads(subprocess.check_output([sys.argv[1], "--version", "--json"]))
assert d["name"] == "ratter" and d["version"] and d["rules"] > 0, d' "$RATTER"
expect '--help' 0 ratter --help
for command in scan audit sweep explain link rules completion help; do
    expect "help $command" 0 ratter help "$command"
    holds "help $command shows its usage" out "^usage: ratter $command"
    expect "$command --help" 0 ratter "$command" --help
done
ratter scan --help >"$tmp/help"
for flag in $(sed -n 's/^  *\(-., \)\{0,1\}\(--[a-z0-9-]*\).*/\2/p' "$tmp/help"); do
    check "the man page knows $flag" sh -c 'tr "\n" " " <"$1" | sed "s/\\\\-/-/g" | grep -q -- "Fl -${2#--}\\b"' sh "$root/docs/ratter.1" "$flag"
done
for format in $(sed -n '/^Formats:/,/^$/s/^  \([a-z]*\) .*/\1/p' "$tmp/help"); do
    check "the man page knows the format $format" grep -q "It Cm $format\$" "$root/docs/ratter.1"
done
if command -v mandoc >/dev/null; then
    check 'the man page is clean' mandoc -T lint -W warning "$root/docs/ratter.1"
else
    skip 'the man page is clean' 'mandoc is missing'
fi
for shell in bash zsh fish; do
    expect "completion $shell" 0 ratter completion $shell
    holds "completion $shell knows the flags" out 'limit-depth'
    if [ $shell = bash ] || command -v $shell >/dev/null; then
        ratter completion $shell >"$tmp/script"
        check "completion $shell parses" $shell -n "$tmp/script"
    else
        skip "completion $shell parses" "$shell is missing"
    fi
done
check 'bash completes flags' bash -c '. <("$0" completion bash); COMP_WORDS=(ratter scan --limit-de); COMP_CWORD=2; _ratter; [ "${COMPREPLY[*]}" = --limit-depth ]' "$RATTER"
expect 'rules list' 0 ratter rules list
holds 'rules list has conclusive rules' out '^conclusive '
mkdir "$tmp/rules" && printf 'id: [\n' >"$tmp/rules/bad.yaml"
expect 'rules check finds faults' 1 ratter rules check "$tmp/rules"
holds 'rules check names the file' out 'bad.yaml:'
expect 'rules check of our rules' 0 ratter rules check "$root/rules"
finish
