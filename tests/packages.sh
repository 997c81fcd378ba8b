#!/bin/sh
# tests/packages.sh: installs the Debian packages named that are missing; silent when none is.
set -eu
missing=""
for package in "$@"; do
	state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
	[ "$state" = "install ok installed" ] || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
echo "Installing from Debian's packages:$missing"
as_root=""
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || { echo "Run this once as root: apt-get install$missing" >&2; exit 1; }
	as_root="sudo"
fi
# shellcheck disable=SC2086 # a list of words
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
