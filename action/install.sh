#!/usr/bin/env bash
# Puts detlint on the machine: a release whose checksum is right, or what the
# action's own source makes.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=action/lib.sh
. "$here/lib.sh"

repository=https://github.com/detlint/detlint

mkdir -p "$RUNNER_TEMP"
OUT=$(native "$(mktemp -d "$(native "$RUNNER_TEMP")/detlint.XXXXXX")")
set_output out "$OUT"
mkdir "$OUT/bin"

exe=
[ "${RUNNER_OS:-}" != Windows ] || exe=.exe

fail() {
  set_output exit-code 3
  printf '%s\n' "$1" >"$OUT/problem.txt"
  say error "$1"
  exit 3
}

# The release that this copy of the action is part of; devel between releases.
belongs() {
  local at=$here workspace=${GITHUB_WORKSPACE:-}
  if [ -n "$workspace" ]; then
    at=$(cd "$here" && pwd -P)
    workspace=$(cd "$workspace" && pwd -P)
    case $at/ in
      "$workspace"/*) echo source && return ;;
    esac
  fi
  tr -d '\r\n' <"$here/version"
}

build() {
  have go || fail "detlint is built from source here, and Go is not installed: add actions/setup-go before this step, or name a release with the input version"
  (cd "$here/.." && CGO_ENABLED=0 go build -trimpath -o "$OUT/bin/detlint$exe" ./cmd/detlint) ||
    fail "detlint could not be built from its source; see the log above"
}

download() {
  have curl || fail "curl is not installed, so that no release can be downloaded; the input version takes source, too"
  curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --retry 3 --output "$2" "$1" ||
    fail "cannot download $1"
}

checksum() {
  if have sha256sum; then
    sha256sum "$1"
  else
    shasum -a 256 "$1"
  fi | cut -d ' ' -f 1
}

release() {
  local version=${1#v} os arch archive want is
  case ${RUNNER_OS:-} in
    Linux) os=linux ;;
    macOS) os=darwin ;;
    Windows) os=windows ;;
    *) fail "there is no release of detlint for ${RUNNER_OS:-this system}" ;;
  esac
  case ${RUNNER_ARCH:-} in
    X64) arch=amd64 ;;
    ARM64) arch=arm64 ;;
    *) fail "there is no release of detlint for ${RUNNER_ARCH:-this processor}" ;;
  esac
  have sha256sum || have shasum || fail "neither sha256sum nor shasum is installed, so that the download cannot be checked"
  archive=detlint_${version}_${os}_${arch}.tar.gz
  [ $os != windows ] || archive=${archive%.tar.gz}.zip
  download "$repository/releases/download/v$version/checksums.txt" "$OUT/checksums.txt"
  download "$repository/releases/download/v$version/$archive" "$OUT/$archive"
  want=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$OUT/checksums.txt")
  [ -n "$want" ] || fail "the checksums of release v$version do not name $archive"
  is=$(checksum "$OUT/$archive")
  [ "$want" = "$is" ] || fail "$archive is not what release v$version says it is: expected sha256 $want, found $is"
  if [ $os = windows ]; then
    unzip -q "$OUT/$archive" "detlint$exe" -d "$OUT/bin"
  else
    tar -xzf "$OUT/$archive" -C "$OUT/bin" detlint
  fi
  rm "$OUT/$archive"
}

version=$WANTED
[ -n "$version" ] || version=$(belongs)
[ "$version" != devel ] || version=source
if [ "$version" = latest ]; then
  have curl || fail "curl is not installed, so that the latest release cannot be found"
  version=$(curl --proto '=https' --tlsv1.2 --fail --silent --show-error --retry 3 --output /dev/null \
    --write-out '%{redirect_url}' "$repository/releases/latest") || fail "cannot ask for the latest release"
  version=${version##*/}
fi

# One line only: grep would be content with one of several that fits.
case $version in
  *$'\n'*) fail "the input version is not one line" ;;
esac
if [ "$version" = source ]; then
  build
elif printf '%s\n' "$version" | LC_ALL=C grep -Eq '^v?[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$'; then
  release "$version"
else
  fail "unknown version \"$version\", expected one such as v1.2.3, latest or source"
fi

set_output detlint "$OUT/bin/detlint$exe"
"$OUT/bin/detlint$exe" version
printf '%s\n' "$OUT/bin" >>"$GITHUB_PATH"
