#!/usr/bin/env bash
# sandbox.t and sandbox_engines.t once more as an ordinary user, where root runs the tests: nothing that shuts a way out may
# need root. All that they print is shown as this one's.
. "$(dirname "$0")/../lib.sh"

[ "$(id -u)" = 0 ] || skip_all 'they were run as an ordinary user'
command -v setpriv >/dev/null || skip_all 'no setpriv'
as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
as_nobody test -x "$THRESH" -a -r "$TOP/tests/lib.sh" || skip_all 'no ordinary user can read this checkout'
chmod 711 "$T"
mkdir -p "$T/home/.cache/thresh" && cd "$T/home" || bail 'no folder'
# what the compilers can do is the same for every user
cp "${XDG_CACHE_HOME:-${HOME:-}/.cache}"/thresh/toolchain-* .cache/thresh/ 2>/dev/null
chown -R 65534:65534 "$T/home" || bail 'no folder'
for test in sandbox sandbox_engines; do
	run as_nobody env HOME="$T/home" XDG_CACHE_HOME="$T/home/.cache" TMPDIR="$T/home" bash "$TOP/tests/cli/$test.t"
	ok "$test.t as an ordinary user" test "$RC" = 0
	diag "$OUT$ERR"
done
done_testing
