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
{
  printf '## detlint: the job could not be done\n\n<pre>'
  problem_html 20000
  printf '</pre>\n'
} >>"$GITHUB_STEP_SUMMARY"
