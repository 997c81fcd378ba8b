#!/bin/sh
# tests/run.sh: runs test programs, all of them, then says how many passed; red when one did not.
# Use: run.sh <summary file> <program>...   A program fuzz_<name> gets its seeds.
set -u
summary=$1
shift
programs=0
tests=0
failed=""
log="$summary.log"
export UBSAN_OPTIONS="print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"
for program in "$@"; do
	name=$(basename "$program")
	programs=$((programs + 1))
	echo "== $name"
	case $name in
	fuzz_*) timeout 120 "$program" "tests/fuzz/seeds/${name#fuzz_}" >"$log" 2>&1 ;;
	*) timeout 120 "$program" >"$log" 2>&1 ;;
	esac
	rc=$?
	cat "$log"
	count=$(sed -n 's/^\[==========\] \([0-9]*\) test(s) run\..*/\1/p' "$log" | tail -n 1)
	tests=$((tests + ${count:-1}))
	if [ "$rc" -ne 0 ]; then
		failed="$failed $name"
		echo "== $name FAILED (exit code $rc)"
	fi
done
rm -f "$log"
echo "  unit: $tests tests in $programs programs" >"$summary"
[ -z "$failed" ] && exit 0
echo "unit tests FAILED:$failed" >&2
exit 1
