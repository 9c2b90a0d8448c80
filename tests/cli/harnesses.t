#!/bin/bash
# Every harness builds under ASan and UBSan with a main() of a few lines, and its seeds and dictionary
# tokens pass: no seed or dictionary holds an input that crashes the pristine libraries. The
# declarations in thresh.yaml name what is there; seeds are named by the SHA-1 of their bytes.
set -u
TOP=${TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
TARGETS=${TARGETS:-$TOP/targets}
CLANG=${CLANG:-clang}
n=0 failed=0

ok() { # STATUS NAME [LOG]
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		failed=1
		echo "not ok $n - $2"
		[ -n "${3:-}" ] && [ -s "$3" ] && head -n 20 "$3" | sed 's/^/# /'
	fi
}

command -v "$CLANG" >/dev/null 2>&1 || { echo "1..0 # SKIP no clang"; exit 0; }
"$TOP/tools/fetch-targets" "$TARGETS" >/dev/null 2>&1
[ -f "$TARGETS/.stamp" ] || { echo "1..0 # SKIP targets are not fetched (tools/fetch-targets)"; exit 0; }

tmp=$(mktemp -d "${TMPDIR:-/tmp}/harnesses.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT

checks=array-bounds,bool,builtin,enum,float-cast-overflow,function,integer-divide-by-zero,null,object-size,return
checks=$checks,returns-nonnull-attribute,shift,signed-integer-overflow,unreachable,vla-bound,vptr
# -O0 compiles in a third of the time, and the sanitizers see no less
flags="-O0 -g -fno-omit-frame-pointer -fsanitize=address,$checks -fno-sanitize-recover=all"
warn='-std=c11 -Wall -Wextra -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Werror'
export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1

# Files named on the command line go through the harness, each as a buffer of exactly its size.
cat >"$tmp/main.c" <<'C'
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		if (!f || fseek(f, 0, SEEK_END) != 0)
			return 2;
		size_t size = (size_t)ftell(f);
		rewind(f);
		uint8_t *data = malloc(size ? size : 1);
		if (!data || fread(data, 1, size, f) != size)
			return 2;
		fclose(f);
		fprintf(stderr, "input %s\n", argv[i]);
		LLVMFuzzerTestOneInput(data, size);
		free(data);
	}
	return 0;
}
C

library() { # NAME CFLAGS... -- SOURCES...
	local name=$1 args=() s
	shift
	while [ "$1" != -- ]; do args+=("$1"); shift; done
	shift
	mkdir -p "$tmp/$name"
	for s in "$@"; do
		# shellcheck disable=SC2086
		"$CLANG" $flags -w "${args[@]}" -c "$s" -o "$tmp/$name/$(basename "$s" .c).o" || return 1
	done
	ar rcs "$tmp/$name.a" "$tmp/$name"/*.o
}

version=(-DYAML_VERSION_MAJOR=0 -DYAML_VERSION_MINOR=2 -DYAML_VERSION_PATCH=5
	'-DYAML_VERSION_STRING="0.2.5"')
self=(-std=c11 -D_GNU_SOURCE "-I$TOP/src")
library cjson "-I$TARGETS/cjson-pristine" -- "$TARGETS"/cjson-pristine/cJSON{,_Utils}.c 2>"$tmp/log"
ok $? "cJSON builds" "$tmp/log"
library yaml "${version[@]}" "-I$TARGETS/libyaml/include" -- "$TARGETS"/libyaml/src/*.c 2>"$tmp/log"
ok $? "libyaml builds" "$tmp/log"
library self "${self[@]}" -- "$TOP"/src/base/*.c "$TOP"/src/config/*.c 2>"$tmp/log"
ok $? "the project file reader builds" "$tmp/log"
# beside what it shares with the other
library self "${self[@]}" -- "$TOP"/src/crash/*.c "$TOP"/src/crash/dialect/*.c 2>"$tmp/log"
ok $? "the crash parser builds" "$tmp/log"

# Each token of a dictionary as an input of its own.
tokens() { # DICT FOLDER
	mkdir -p "$2"
	perl -ne 'next unless /^[^#"]*"(.*)"\s*$/; my $t = $1;
		$t =~ s/\\(x([0-9a-fA-F]{2})|(.))/defined $2 ? chr(hex $2) : $3/ge;
		open my $f, ">:raw", "'"$2"'/" . ++$n or die; print $f $t' "$1"
}

for source in "$TOP"/harnesses/*.c; do
	name=$(basename "$source" .c)
	case $name in
	canary) continue ;; # has no library, and fails as it should
	cjson_*) include=("-I$TARGETS/cjson-pristine") lib=cjson.a libs=(-lm) ;;
	yaml_*) include=("-I$TARGETS/libyaml/include") lib=yaml.a libs=() ;;
	thresh_config) include=("${self[@]}") lib=self.a libs=(-lyaml -lcrypto -lpcre2-8) ;;
	thresh_crash) include=("${self[@]}") lib=self.a libs=(-lcrypto -lpcre2-8 -liberty -lm) ;;
	*) ok 1 "$name: no library for it in this test"; continue ;;
	esac
	# shellcheck disable=SC2086
	"$CLANG" $flags $warn "${include[@]}" -c "$source" -o "$tmp/$name.o" 2>"$tmp/log" &&
		"$CLANG" $flags "$tmp/$name.o" "$tmp/main.c" "$tmp/$lib" "${libs[@]}" -o "$tmp/$name" \
			2>>"$tmp/log"
	built=$?
	ok $built "$name builds without warnings" "$tmp/log"
	[ $built = 0 ] || continue

	seeds=("$TOP/corpus/$name"/*)
	[ -f "${seeds[0]}" ]
	ok $? "$name has seeds"
	: >"$tmp/empty"
	(cd "$tmp" && timeout 120 "./$name" "$tmp/empty" "${seeds[@]}") >"$tmp/log" 2>&1
	status=$?
	grep -v '^input ' "$tmp/log" >"$tmp/said"
	[ $status = 0 ] || tail -n 30 "$tmp/log" >"$tmp/said"
	[ $status = 0 ] && [ ! -s "$tmp/said" ]
	ok $? "$name: the seeds and the empty input pass" "$tmp/said"

	dict=$(awk -v h="  $name:" '$0 == h { on = 1; next } /^  [^ ]/ { on = 0 }
		on && $1 == "dictionary:" { print $2 }' "$TOP/thresh.yaml")
	[ -n "$dict" ] && [ -f "$TOP/$dict" ]
	ok $? "$name is declared in thresh.yaml, with a dictionary that is there"
	tokens "$TOP/$dict" "$tmp/$name.tokens"
	(cd "$tmp" && timeout 120 "./$name" "$tmp/$name.tokens"/*) >"$tmp/log" 2>&1
	ok $? "$name: dictionary tokens alone pass" "$tmp/log"
done

bad=$(cd "$TOP/corpus" && find . -type f | while read -r f; do
	[ "$(sha1sum <"$f" | cut -d' ' -f1)" = "$(basename "$f")" ] || echo "$f"
done)
[ -z "$bad" ]
ok $? "seeds are named by the SHA-1 of their bytes"
[ -z "$bad" ] || echo "$bad" | sed 's/^/# /'

echo "1..$n"
exit $failed
