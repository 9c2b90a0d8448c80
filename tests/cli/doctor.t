#!/usr/bin/env bash
# thresh doctor: what is here, what isn't, and what mends it.
. "$(dirname "$0")/../lib.sh"

export CC='' CXX=''
run "$THRESH" doctor
ok 'status 0 or 1' test "$RC" -le 1
is "$ERR" '' 'nothing on standard error'
like "$OUT" 'clang' 'names the compiler'
like "$OUT" 'none here or above' 'no project: says so, and is no failure'
ok 'in 80 columns, but for commands to copy' test "$(printf '%s\n' "$OUT" | grep -v 'mend:' | awk 'length($0) > 80' | grep -c ' free in ')" = \
	"$(printf '%s\n' "$OUT" | grep -v 'mend:' | awk 'length($0) > 80' | grep -c .)"
is "$(find . -name '.thresh*' | wc -l)" 0 'changes nothing'

run "$THRESH" doctor --json
ok 'JSON: status 0 or 1' test "$RC" -le 1
if command -v python3 >/dev/null; then
	ok 'JSON: valid, states known, missing things have what they are for' python3 - "$T/.out" "$RC" <<'EOF'
import json, sys
d = json.load(open(sys.argv[1]))
assert d["checks"] and d["version"]
for c in d["checks"]:
    assert c["state"] in ("ok", "note", "warning", "missing"), c
    assert c["group"] in ("tools", "system", "project"), c
assert d["ok"] == (sys.argv[2] == "0")
assert d["ok"] == (not [c for c in d["checks"] if c["state"] == "missing"])
EOF
else
	skip 1 'no python3'
fi

# a machine without tools
mkdir bin
ln -s "$(command -v sh)" bin/sh
status 1 'no tools: status 1' env PATH="$T/bin" "$THRESH" doctor
like "$OUT" 'NEEDED +clang +not found' 'no tools: clang is needed'
like "$OUT" 'mend: apt-get install clang llvm' 'no tools: the command that mends it'
like "$OUT" 'lacking +gdb' 'no tools: gdb would help'
like "$OUT" 'needed things are missing' 'no tools: the sum'
status 1 'no tools, as JSON' env PATH="$T/bin" "$THRESH" doctor --json
like "$OUT" '"ok":[[:space:]]*false' 'no tools, as JSON: not ok'

# a limit that no sanitizer survives, the program's own neither
if bash -c "ulimit -v 4000000; '$THRESH' --version; exit \$?" >/dev/null 2>&1; then
	status 1 'limited address space: status 1' \
		bash -c "ulimit -v 4000000; PATH='$T/bin' exec '$THRESH' doctor"
	like "$OUT" 'ulimit -v unlimited' 'limited address space: what mends it'
else
	skip 2 'the program itself needs the address space'
fi

# projects; without tools, which would only take time
doctor() {
	run env PATH="$T/bin" "$THRESH" "$@" doctor
}
mkdir proj
run "$THRESH" init --dir proj
doctor -C proj
like "$OUT" 'thresh.yaml,[[:space:]]+1[[:space:]]+harness' 'a project: named'
like "$OUT" 'store +none yet' 'a project: no store yet'
mkdir proj/.thresh
head -c 5000 /dev/urandom >proj/.thresh/thresh.db
cp proj/.thresh/thresh.db before.db
doctor -C proj
like "$OUT" 'NEEDED +store' 'a corrupt store: said'
ok 'a corrupt store: left as it is' cmp before.db proj/.thresh/thresh.db
printf 'version: 1\nharneses: {}\n' >proj/thresh.yaml
doctor -C proj
is "$RC" 1 'a wrong project file: status 1'
like "$OUT" 'thresh.yaml:2' 'a wrong project file: where'
doctor --config "$T/none.yaml"
like "$OUT" 'NEEDED +thresh.yaml' 'a project file named that is not there'
mkdir -p proj/a/b
doctor -C proj/a/b
like "$OUT" 'harneses' 'found from below: said'
done_testing
