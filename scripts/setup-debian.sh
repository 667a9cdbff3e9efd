#!/bin/sh
# Installs the system programs of debian-packages.txt that are not there yet (Debian, Ubuntu).
# Asks for nothing and starts no service; does nothing when all are present.
set -eu

list=$(dirname "$0")/debian-packages.txt

present() {
  case $1 in
    /*) [ -e "$1" ] ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

# The packages of which something is missing, one after the other.
missing() {
  sed 's/#.*//' "$list" | while read -r package wanted; do
    [ -z "$package" ] || present "$wanted" || printf '%s ' "$package"
  done
}

packages=$(missing)
if [ -z "$packages" ]; then
  echo 'setup:debian: every program the tests use is there'
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "setup:debian: no apt-get here; install by other means what these Debian packages hold: $packages" >&2
  exit 1
fi
if [ "$(id -u)" = 0 ]; then
  as_root=env
elif command -v sudo >/dev/null 2>&1; then
  as_root='sudo env'
else
  echo "setup:debian: neither root nor sudo; run as root: apt-get install --no-install-recommends $packages" >&2
  exit 1
fi

# Debian asks this file before a package starts its service; 101 says no.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
  $as_root chmod 755 "$policy"
  trap '$as_root rm -f "$policy"' EXIT
fi

apt() {
  $as_root DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"
}
install() {
  # Word splitting is wanted: one argument a package.
  # shellcheck disable=SC2086
  apt install --no-install-recommends $packages
}

echo "setup:debian: installing $packages"
# A machine that never fetched the package lists, or whose lists are old, fails the first try.
install || {
  apt update
  install
}

packages=$(missing)
if [ -n "$packages" ]; then
  echo "setup:debian: installed, and still missing something of: $packages" >&2
  exit 1
fi
