#!/usr/bin/env bash
# Finds out what the head is compared with, and fetches what is missing of it.
# The output compare is an argument of detlint, empty where detlint finds the
# base by itself.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=action/lib.sh
. "$here/lib.sh"

export GIT_TERMINAL_PROMPT=0

[ -d "$DIR" ] || problem 2 "there is no folder \"$DIR\", which the input working-directory names"
have git || problem 3 "git is not installed, so that what is missing of the history cannot be fetched"

commit() {
  repo rev-parse --quiet --verify "$1^{commit}" 2>/dev/null
}

shallow() {
  [ "$(repo rev-parse --is-shallow-repository)" = true ]
}

# get REFSPEC fetches a branch or commit; where history is cut off, not more of
# it than is likely to be needed. What is there already may be older.
get() {
  if shallow; then
    fetch --depth=50 origin "$1"
  else
    fetch origin "$1"
  fi
}

missing() {
  problem 3 "$1 is not in this checkout and cannot be fetched
$(head -c 1000 "$OUT/fetch.txt" 2>/dev/null || true)
Let actions/checkout fetch the history; add to it:
  with:
    fetch-depth: 0"
}

# join REVISION REFSPEC fetches history until the head and the revision have a
# common ancestor.
join() {
  local more
  for more in 0 100 1000 10000 all; do
    case $more in
      0) ;;
      all) fetch --unshallow origin "$2" "$head" || break ;;
      *) fetch --deepen="$more" origin "$2" "$head" || break ;;
    esac
    repo merge-base "$1" "$head" >/dev/null 2>&1 && return
    shallow || problem 3 "the histories of $1 and of this checkout are unrelated, so that there is nothing to compare with"
  done
  missing "the history up to the common ancestor of $1 and HEAD"
}

compare() {
  printf 'detlint: %s\n' "$2"
  set_output compare "$1"
  exit 0
}

# against REVISION REFSPEC WHAT compares with a revision that is there.
against() {
  join "$1" "$2"
  compare "--base=$1" "comparing with the merge base with $3"
}

# branch NAME compares with a branch of origin; it fails when there is none.
branch() {
  local spec="+refs/heads/$1:refs/remotes/origin/$1"
  get "$spec" || commit "origin/$1" >/dev/null || return 1
  against "origin/$1" "$spec" "origin/$1"
}

# sha COMMIT compares with a commit; it fails when that cannot be had.
sha() {
  commit "$1" >/dev/null || get "$1" || return 1
  against "$1" "$1" "$1"
}

head=$(commit HEAD) || problem 3 "\"$DIR\" is not in a git repository with a commit; put actions/checkout before this step
$(repo rev-parse --git-dir 2>&1 >/dev/null | head -c 1000)"

case $BASE in
  none)
    compare --all 'looking at every rule'
    ;;
  -* | *[[:space:]]*)
    problem 2 "the input base is not a revision: \"$BASE\""
    ;;
  ?*)
    name=${BASE#origin/}
    ! commit "$BASE" >/dev/null || against "$BASE" "$(commit "$BASE")" "$BASE"
    branch "$name" || true
    if get "+refs/tags/$BASE:refs/tags/$BASE"; then
      against "$BASE" "+refs/tags/$BASE:refs/tags/$BASE" "$BASE"
    fi
    sha "$BASE" || missing "the base $BASE"
    ;;
esac

# other compares with the default branch, unless the head is on it.
other() {
  if [ -n "$DEFAULT_BRANCH" ] && [ "${GITHUB_REF:-}" != "refs/heads/$DEFAULT_BRANCH" ] && [ "${GITHUB_REF_TYPE:-branch}" = branch ]; then
    branch "$DEFAULT_BRANCH" || missing "the branch $DEFAULT_BRANCH"
  fi
  compare --all "$1"
}

case ${GITHUB_EVENT_NAME:-} in
  pull_request | pull_request_target)
    parents=$(repo cat-file commit "$head" | awk '/^$/ { exit } /^parent / { n++ } END { print n + 0 }')
    if [ "$GITHUB_EVENT_NAME" = pull_request ] && [ "$head" = "${GITHUB_SHA:-}" ] && [ "$parents" -eq 2 ]; then
      # What GitHub checks out: the merge into the base, which is its first
      # parent. detlint knows.
      commit 'HEAD^1' >/dev/null || fetch --deepen=1 origin "$head" || missing 'the base of the pull request'
      compare '' "comparing with what the pull request goes to, $GITHUB_BASE_REF"
    fi
    # A base branch that was deleted is still known by its commit.
    rev=origin/$GITHUB_BASE_REF spec="+refs/heads/$GITHUB_BASE_REF:refs/remotes/origin/$GITHUB_BASE_REF"
    if get "$spec" || commit "$rev" >/dev/null; then
      :
    elif [ -n "$PULL_BASE" ] && { commit "$PULL_BASE" >/dev/null || get "$PULL_BASE"; }; then
      rev=$PULL_BASE spec=$PULL_BASE
    else
      missing "the base of the pull request, $GITHUB_BASE_REF"
    fi
    join "$rev" "$spec"
    if [ "$(repo merge-base "$rev" "$head")" = "$head" ]; then
      problem 3 "this checkout is the base itself, so that nothing of the pull request can be looked at
Let actions/checkout check out the pull request; add to it:
  with:
    ref: refs/pull/\${{ github.event.number }}/merge"
    fi
    compare "--base=$rev" "comparing with the merge base with $rev"
    ;;
  merge_group)
    sha "$QUEUE_BASE" || missing "the base of the merge queue, $QUEUE_BASE"
    ;;
  push)
    case $PUSH_BEFORE in
      *[!0]*)
        sha "$PUSH_BEFORE" || true
        other "what was there before the push, $PUSH_BEFORE, is gone: looking at every rule"
        ;;
    esac
    other 'this is the first push: looking at every rule'
    ;;
  *)
    other 'there is nothing to compare with: looking at every rule'
    ;;
esac
