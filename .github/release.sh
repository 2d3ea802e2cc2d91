#!/usr/bin/env bash
# Parts of a release.
#   release.sh check TAG    fails unless the tree is that of the release, and
#                           prints its part of CHANGELOG.md
#   release.sh major TAG    moves the tag of the major version, such as v1
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  printf 'release: %s\n' "$1" >&2
  exit 1
}

tag=${2:-}
case $tag in
  *$'\n'*) fail "the tag is no version: it has several lines" ;;
esac
printf '%s\n' "$tag" | grep -Eq '^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$' || fail "\"$tag\" is no version such as v1.2.3"

case ${1:-} in
  check)
    version=$(cat action/version)
    [ "$version" = "$tag" ] || fail "action/version says $version, expected $tag"
    notes=$(awk -v heading="## ${tag#v}" '
      $0 == heading || index($0, heading " ") == 1 { inside = 1; next }
      /^## / { inside = 0 }
      inside' CHANGELOG.md)
    [ -n "$notes" ] || fail "CHANGELOG.md has no part \"## ${tag#v}\""
    printf '%s\n' "$notes"
    ;;
  major)
    case $tag in
      *-*) echo "release: $tag is not for everybody yet, ${tag%%.*} stays where it is" && exit ;;
    esac
    git tag --force "${tag%%.*}" "$tag^{commit}"
    git push --force origin "refs/tags/${tag%%.*}"
    ;;
  *) fail "expected check or major, found \"${1:-}\"" ;;
esac
