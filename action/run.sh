#!/usr/bin/env bash
# Runs detlint, writes every report, and keeps the exit code for later.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=action/lib.sh
. "$here/lib.sh"

# add_lines OPTION TEXT adds each line that is not empty to args.
add_lines() {
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    if [ -z "$line" ]; then
      continue
    elif [ -n "$1" ]; then
      args+=("$1" "$line")
    else
      args+=("$line")
    fi
  done <<<"$2"
}

sarif=$OUT/detlint.sarif
if [ -n "$SARIF_FILE" ]; then
  sarif=$SARIF_FILE
  case $sarif in
    /* | [A-Za-z]:*) ;;
    *) sarif=$(native "$(cd "$DIR" && pwd)/$sarif") ;;
  esac
  mkdir -p "$(dirname "$sarif")"
fi

args=(ci --color=always)
[ -z "$COMPARE" ] || args+=("$COMPARE")
[ -z "$CONFIG" ] || args+=("--config=$CONFIG")
[ -z "$REPORT" ] || args+=("--report=$REPORT")
# People write a blank after a comma.
[ -z "$FAIL_ON" ] || args+=("--fail-on=${FAIL_ON// /}")
args+=(
  --output "coverage-markdown=$OUT/coverage.md"
  --output "github=$OUT/annotations.txt"
  --output "github-comment=$OUT/comment.json"
  --output "github-output=$OUT/output.txt"
  --output "github-review=$OUT/review.json"
  --output "json=$OUT/detlint.json"
  --output "markdown=$OUT/detlint.md"
  --output "sarif=$sarif"
)
add_lines --output "$OUTPUTS"
add_lines '' "$ARGUMENTS"
args+=(--)
add_lines '' "$PATHS"

code=0
"$DETLINT" -C "$DIR" "${args[@]}" >"$OUT/log.txt" 2>"$OUT/problem.txt" || code=$?
raw "$OUT/log.txt"
raw "$OUT/problem.txt"
set_output exit-code "$code"

if [ "$code" -le 1 ]; then
  rm "$OUT/problem.txt"
  cat "$OUT/output.txt" >>"$GITHUB_OUTPUT"
  set_output report-path "$OUT/detlint.json"
  set_output markdown-path "$OUT/detlint.md"
  set_output sarif-path "$sarif"
  set_output coverage-path "$OUT/coverage.md"
fi
