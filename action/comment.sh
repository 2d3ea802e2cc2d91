#!/usr/bin/env bash
# Keeps the comment of a pull request up to date: the same comment is written
# anew with each run; what does not fit goes on in further ones. A run that could
# not be done says so above what an earlier one has written.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=action/lib.sh
. "$here/lib.sh"

# skip TEXT says why there is no comment.
skip() {
  if [ "$COMMENT" = true ]; then
    say warning "no comment on the pull request: $1"
    exit 0
  fi
  skip_quietly "$1"
}

# skip_quietly TEXT is skip where nothing is wrong.
skip_quietly() {
  printf 'detlint: no comment on the pull request: %s\n' "$1"
  exit 0
}

case $COMMENT in
  auto | true) ;;
  *) say warning "unknown value \"$COMMENT\" of the input comment, expected auto, true or false" && exit 0 ;;
esac
[ -n "$NUMBER" ] || skip_quietly 'this run is not about one'
[ -n "$GH_TOKEN" ] || skip 'there is no token'
[ -n "$OUT" ] || skip 'the job could not be done'
have gh jq || skip 'gh and jq are not both installed'

mark='<!-- detlint -->'
case $COMMENT_ID in
  '') ;;
  *[!A-Za-z0-9_.-]*) say warning "the input comment-id may have letters, digits and the characters _.-, found \"$COMMENT_ID\"" && exit 0 ;;
  *) mark="<!-- detlint:$COMMENT_ID -->" ;;
esac

export GH_HOST=${GITHUB_SERVER_URL#https://} GH_ENTERPRISE_TOKEN=$GH_TOKEN

# refused says why GitHub did not do what it was asked to.
refused() {
  skip "GitHub says \"$(head -c 300 "$OUT/gh.txt" | tr '\r\n' '  ')\"; the workflow needs the permission pull-requests: write, which pull requests from forks never have"
}

# The comments that this token has written itself: anybody can write the mark.
# shellcheck disable=SC2016 # variables of GraphQL
query='query($owner: String!, $name: String!, $number: Int!, $endCursor: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    comments(first: 100, after: $endCursor) {
      nodes { databaseId body viewerDidAuthor }
      pageInfo { hasNextPage endCursor } } } } }'
gh api graphql --paginate -f query="$query" -f owner="${GITHUB_REPOSITORY%%/*}" -f name="${GITHUB_REPOSITORY#*/}" \
  -F number="$NUMBER" >"$OUT/comments.json" 2>"$OUT/gh.txt" || refused
ids=$(jq -r --arg mark "$mark" '.data.repository.pullRequest.comments.nodes[]?
  | select(.viewerDidAuthor and (.body | startswith($mark))) | .databaseId' "$OUT/comments.json" | tr -d '\r')
# shellcheck disable=SC2206 # numbers, one a line
old=($ids)

# unfinished writes above an earlier report that it is one.
unfinished() {
  local end='<!-- detlint: end of notice -->' run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/${GITHUB_RUN_ID:-}
  {
    printf '%s\n> [!WARNING]\n> The last run of detlint, on %s, could not be done; see [its log](%s).\n\n<pre>' "$mark" "${HEAD:-${GITHUB_SHA:-}}" "$run"
    problem_html 4000
    printf '</pre>\n\n'
  } >"$OUT/notice.md"
  # A notice of the run before is replaced. GitHub takes 65,536 characters.
  jq -s --arg mark "$mark" --arg stop "$end" --argjson id "${old[0]}" --rawfile notice "$OUT/notice.md" '
    [.[].data.repository.pullRequest.comments.nodes[]? | select(.databaseId == $id) | .body][0]
    | if contains($stop) then split($stop)[1:] | join($stop) else ltrimstr($mark) end
    | ($notice + "What follows is of an earlier run.\n\n---\n" + $stop + .) as $whole
    | {body: (if ($whole | length) <= 65536 then $whole else $notice + "What an earlier run said is left out for lack of room.\n" end)}
  ' "$OUT/comments.json" >"$OUT/body.json"
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/${old[0]}" --input "$OUT/body.json" 2>"$OUT/gh.txt" || refused
  printf 'detlint: the comment on pull request %s says that it is of an earlier run\n' "$NUMBER"
  exit 0
}

if [ -f "$OUT/problem.txt" ] || [ ! -f "$OUT/comment.json" ]; then
  [ "${#old[@]}" -gt 0 ] || skip 'the job could not be done'
  unfinished
fi

if [ "${#old[@]}" -eq 0 ] && [ "$CHANGED" = 0 ] && [ "$FINDINGS" = 0 ]; then
  skip_quietly 'no rule has changed'
fi

pages=$(jq length "$OUT/comment.json" | tr -d '\r')
for ((i = 0; i < pages; i++)); do
  jq --arg mark "$mark" --argjson i "$i" '{body: ($mark + (.[$i] | ltrimstr("<!-- detlint -->")))}' \
    "$OUT/comment.json" >"$OUT/body.json"
  if [ "$i" -lt "${#old[@]}" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/${old[$i]}" --input "$OUT/body.json" 2>"$OUT/gh.txt" || refused
  else
    gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" --input "$OUT/body.json" 2>"$OUT/gh.txt" || refused
  fi
done
# The report has become shorter.
for ((i = pages; i < ${#old[@]}; i++)); do
  gh api --silent --method DELETE "repos/$GITHUB_REPOSITORY/issues/comments/${old[$i]}" 2>"$OUT/gh.txt" || refused
done
printf 'detlint: the comment on pull request %s is current\n' "$NUMBER"
