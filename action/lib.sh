# What the scripts of the action share. They run in the bash of macOS, which is
# 3.2, of Linux and of Git for Windows.
# shellcheck shell=bash

# escape TEXT writes a text as the message of a workflow command.
escape() {
  local s=$1
  s=${s//'%'/%25}
  s=${s//$'\r'/%0D}
  s=${s//$'\n'/%0A}
  printf '%s' "$s"
}

# say LEVEL TEXT shows a text on the page of the run: notice, warning or error.
say() {
  printf '::%s title=detlint::%s\n' "$1" "$(escape "$2")"
}

# set_output NAME VALUE
set_output() {
  local end="end-$RANDOM$RANDOM$RANDOM"
  printf '%s<<%s\n%s\n%s\n' "$1" "$end" "$2" "$end" >>"$GITHUB_OUTPUT"
}

# raw FILE writes a file into the log as it is: nothing in it is a command.
raw() {
  [ -s "$1" ] || return 0
  local stop="stop-$RANDOM$RANDOM$RANDOM"
  printf '::stop-commands::%s\n' "$stop"
  cat "$1"
  printf '\n::%s::\n' "$stop"
}

# problem CODE TEXT ends the job with a code, but only after it is published.
problem() {
  printf '%s\n' "$2" >"$OUT/problem.txt"
  set_output exit-code "$1"
  exit 0
}

# problem_html BYTES writes what kept the job from being done, as much of it as
# fits, so that nothing in it means anything to Markdown.
problem_html() {
  # Character references hold wherever Markdown could mean something. What is cut
  # off within a character is no text to the sed of macOS.
  head -c "$1" "$OUT/problem.txt" 2>/dev/null |
    tr -d '\000-\010\013-\037\177' |
    LC_ALL=C sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' -e 's/`/\&#96;/g' -e 's/@/@\&#8203;/g' -e 's/^$/ /'
}

# native PATH is a path as programs of the system know it, with slashes.
native() {
  if [ "${RUNNER_OS:-}" = Windows ]; then
    cygpath -m "$1"
  else
    printf '%s\n' "$1"
  fi
}

# have NAME...: whether all these programs are there.
have() {
  local name
  for name in "$@"; do
    command -v "$name" >/dev/null 2>&1 || return 1
  done
}

# In a container the checkout belongs to somebody else.
repo() {
  git -c safe.directory='*' -C "$DIR" "$@"
}

# fetch ARG... fetches from origin, with the token where the checkout has kept
# no credentials.
fetch() {
  set -- fetch --quiet --no-tags --no-recurse-submodules "$@"
  repo "$@" 2>"$OUT/fetch.txt" && return
  [ -n "$TOKEN" ] || return 1
  GIT_CONFIG_COUNT=1 \
    GIT_CONFIG_KEY_0="http.${GITHUB_SERVER_URL:-https://github.com}/.extraheader" \
    GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\n')" \
    repo "$@" 2>>"$OUT/fetch.txt"
}
