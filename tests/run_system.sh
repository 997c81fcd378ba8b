#!/bin/sh
# tests/run_system.sh: runs the system tests, where there are any, against the programs built.
# Use: run_system.sh <build folder> <test file>...
set -u
build=$1
shift
if [ $# -eq 0 ]; then
	echo "  system: there are none" >"$build/system.summary"
	exit 0
fi
SAIKNE_BIN="$PWD/$build/bin" PYTHONDONTWRITEBYTECODE=1 \
	/usr/bin/python3 -m pytest -q -p no:cacheprovider --junitxml="$build/system.xml" tests/system || exit 1
tests=$(sed -n 's/.*<testsuite [^>]*tests="\([0-9]*\)".*/\1/p' "$build/system.xml")
skipped=$(sed -n 's/.*<testsuite [^>]*skipped="\([0-9]*\)".*/\1/p' "$build/system.xml")
echo "  system: $tests tests, $skipped of them skipped" >"$build/system.summary"
