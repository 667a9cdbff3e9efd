#!/usr/bin/env bash
# Drives an installed `proof` as a user would, in a Git repository and a home of its own:
#   drive-installed.sh PROOF NODE24
# and once on the machine's own Node, if that is too old, to see the one line that says so.
set -Eeuo pipefail

proof=$1
node24=$(realpath "$2")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
machine_path=$PATH

fail() {
  echo "drive-installed: $1" >&2
  exit 1
}

# expect CODE COMMAND…: shows the command and its output, and checks its exit code.
expect() {
  local wanted=$1 code=0
  shift
  echo "\$ ${*/#"$proof"/proof}"
  "$@" >"$scratch/out" 2>"$scratch/err" || code=$?
  cat "$scratch/out" "$scratch/err"
  [ "$code" -eq "$wanted" ] || fail "exit code $code, expected $wanted"
}

export HOME=$scratch/home
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME
mkdir "$HOME"
git init -q "$scratch/repository"
cd "$scratch/repository"
git -c user.name=CI -c user.email=ci@localhost commit -q --allow-empty -m 'First commit'

PATH=$(dirname "$node24"):$machine_path
echo "On Node $(node --version):"
expect 0 "$proof" --version
expect 0 "$proof" init
expect 0 "$proof" task start 'Try the installed command'
expect 3 "$proof" run -- sh -c 'echo to-out; echo to-err >&2; exit 3'
grep -q to-out "$scratch/out" || fail 'standard output did not arrive'
grep -q to-err "$scratch/err" || fail 'standard error did not arrive'
expect 0 "$proof" run -- true
expect 0 "$proof" note 'driven from the tarball'
expect 0 "$proof" log
expect 0 "$proof" verify

PATH=$machine_path
machine=$(node --version 2>/dev/null || echo none)
if [ "$machine" = none ] || node -e '
  const [major, minor] = process.versions.node.split(".").map(Number);
  process.exit(major > 22 || (major === 22 && minor >= 18) ? 0 : 1)'; then
  echo "Skipped: the remedy on an old Node (the machine's own Node: $machine)"
  exit 0
fi
echo "On the machine's own Node $machine:"
expect 1 "$proof" verify
[ ! -s "$scratch/out" ] || fail 'something on standard output'
[ "$(wc -l <"$scratch/err")" -eq 1 ] || fail 'more than one line'
grep -q '^proof: needs Node 22.18 or newer, this is ' "$scratch/err" || fail 'not the remedy'
