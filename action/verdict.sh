#!/usr/bin/env bash
# Fails the job with the exit code of detlint, when all is published.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=action/lib.sh
. "$here/lib.sh"

case $CODE in
  0) exit 0 ;;
  1) echo 'detlint: findings, or a gate that failed; see the annotations and the summary of the job' ;;
  2 | 3)
    text=$(head -c 4000 "$OUT/problem.txt")
    say error "${text#detlint: }"
    ;;
  *)
    say error "detlint ended with \"$CODE\", which it never does by itself"
    CODE=3
    ;;
esac
exit "$CODE"
