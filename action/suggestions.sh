#!/usr/bin/env bash
# Proposes fixes as a review of the pull request; what was proposed before is
# not proposed again.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=action/lib.sh
. "$here/lib.sh"

skip() {
  say notice "no suggestions on the pull request: $1"
  exit 0
}

if [ -z "$NUMBER" ] || [ -f "$OUT/problem.txt" ]; then
  exit 0
fi
[ -n "$GH_TOKEN" ] || skip 'there is no token'
have gh jq || skip 'gh and jq are not both installed'
export GH_HOST=${GITHUB_SERVER_URL#https://} GH_ENTERPRISE_TOKEN=$GH_TOKEN

# refused says why GitHub did not do what it was asked to.
refused() {
  skip "GitHub says \"$(head -c 300 "$OUT/gh.txt" | tr '\r\n' '  ')\"; the workflow needs the permission pull-requests: write, which pull requests from forks never have"
}

# Lines are those of the head of the pull request. In its merge with the base a
# file may have others.
root=$(repo rev-parse --show-toplevel)
repo rev-parse --quiet --verify "$HEAD^{commit}" >/dev/null 2>&1 ||
  TOKEN=$GH_TOKEN fetch --depth=1 origin "$HEAD" ||
  skip 'the head of the pull request cannot be fetched'
same='[]'
while IFS= read -r path; do
  path=${path%$'\r'}
  [ -n "$path" ] || continue
  path=$(jq -n --argjson path "$path" -r '$path' | tr -d '\r')
  now=$(git -c safe.directory='*' -C "$root" rev-parse --quiet --verify "HEAD:$path" || true)
  there=$(git -c safe.directory='*' -C "$root" rev-parse --quiet --verify "$HEAD:$path" || true)
  if [ -n "$now" ] && [ "$now" = "$there" ]; then
    same=$(jq -n --argjson same "$same" --arg path "$path" '$same + [$path]')
  fi
done <<<"$(jq -c '[.comments[].path] | unique | .[]' "$OUT/review.json")"

gh api --paginate "repos/$GITHUB_REPOSITORY/pulls/$NUMBER/comments?per_page=100" >"$OUT/reviews.json" 2>"$OUT/gh.txt" || refused
jq --slurpfile old "$OUT/reviews.json" --argjson same "$same" --arg head "$HEAD" '
  def mark: [scan("<!-- detlint:suggestion [0-9a-f]+ -->")] | last;
  [$old[][] | .body // "" | mark] as $made
  | .commit_id = $head
  | (.comments | length) as $all
  | .comments |= map(select(. as $c | ($same | index([$c.path])) and ($made | index([$c.body | mark]) | not)))
  | if (.comments | length) < $all then .body = "<!-- detlint -->\ndetlint proposes further fixes." else . end
  ' "$OUT/review.json" >"$OUT/body.json"
count=$(jq '.comments | length' "$OUT/body.json" | tr -d '\r')
if [ "$count" -eq 0 ]; then
  echo 'detlint: nothing new to suggest'
  exit 0
fi
gh api --silent --method POST "repos/$GITHUB_REPOSITORY/pulls/$NUMBER/reviews" --input "$OUT/body.json" 2>"$OUT/gh.txt" || refused
printf 'detlint: %s suggested on pull request %s\n' "$count" "$NUMBER"
