#!/usr/bin/env bash
# Writes the summary of the job. GitHub drops one of more than 1 MiB as a whole;
# detlint keeps to that.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=action/lib.sh
. "$here/lib.sh"

if [ -f "$OUT/detlint.md" ] && [ ! -f "$OUT/problem.txt" ]; then
  cat "$OUT/detlint.md" >>"$GITHUB_STEP_SUMMARY"
  exit 0
fi
# What is cut off within a character is no text to the sed of macOS.
export LC_ALL=C
{
  printf '## detlint: the job could not be done\n\n<pre>'
  # Character references hold wherever Markdown could mean something.
  head -c 20000 "$OUT/problem.txt" 2>/dev/null |
    tr -d '\000-\010\013-\037\177' |
    sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' -e 's/`/\&#96;/g' -e 's/@/@\&#8203;/g' -e 's/^$/ /'
  printf '</pre>\n'
} >>"$GITHUB_STEP_SUMMARY"
