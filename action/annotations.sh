#!/usr/bin/env bash
# Shows findings beside the lines of the change. detlint has written them as
# workflow commands, with all that is a stranger's escaped.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=action/lib.sh
. "$here/lib.sh"

if [ -f "$OUT/annotations.txt" ] && [ ! -f "$OUT/problem.txt" ]; then
  cat "$OUT/annotations.txt"
fi
