#!/usr/bin/env bash
# Every style of regression tests builds in a scratch project and runs by its build system's own test command: green
# with open bugs, red once they must pass, green once they are fixed. Compilers and sanitizers as far as installed.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/data/regress/scratch.sh"

command -v clang >/dev/null || skip_all 'no clang'
make_scratch "$T/p"
cd "$T/p" || bail 'no scratch project'
run "$THRESH" triage --harness plain --file crashes || [ "$RC" = 1 ] || bail "triage: $ERR"
run "$THRESH" triage --harness cxx --file crashes/null || [ "$RC" = 1 ] || bail "triage: $ERR"
status 0 'tests are written' "$THRESH" regress
# what reports say is no part of this: their stacks, which each failure starts a program for, needn't be read
export ASAN_OPTIONS=symbolize=0 UBSAN_OPTIONS=symbolize=0 MSAN_OPTIONS=symbolize=0 TSAN_OPTIONS=symbolize=0
lists=(tests/regress/*/tests.list)
ok 'there are lists' test -s "${lists[0]}"
# the bug in `cxx` is the one in `plain`, so give that harness a test by hand: that has to work, too
mkdir -p tests/regress/cxx/by-hand
printf 'NULL' >tests/regress/cxx/by-hand/input
printf 'state: open\nsummary: written by hand\n' >tests/regress/cxx/by-hand/manifest

# all of it is anybody's: what the tests are made of apart, each file says so
cp -a "$T/p" "$T/licence"
for style in files c cmake meson automake make bazel; do
	(cd "$T/licence" && "$THRESH" regress --quiet --style "$style") >/dev/null 2>&1
done
is "$(cd "$T/licence/tests/regress" && grep -rL '0BSD' . --exclude=input --exclude=manifest --exclude='report*' --exclude=.written)" '' \
	'what is written says that it may be used freely'
ok 'also what is written for the build systems' test -f "$T/licence/tests/regress/BUILD.bazel"

have() { command -v "$1" >/dev/null; }
# The sanitizer works here, with this compiler: it links and its program runs.
works() { # CC FLAGS
	echo 'int main(void) { return 0; }' >"$T/probe.c"
	"$1" $2 "$T/probe.c" -o "$T/probe" 2>/dev/null && "$T/probe" 2>/dev/null
}
sanitizers=('' '-fsanitize=address,undefined' '-fsanitize=memory' '-fsanitize=thread')

# STATE: every test's, in its manifest; the lists follow with the next `thresh regress`.
set_state() {
	sed -i "s/^state: .*/state: $1/" tests/regress/*/*/manifest
	"$THRESH" regress --quiet --style "$2" >/dev/null 2>&1
}
# Once the bugs are gone from the library.
fix() {
	sed -i '/\/\* \(over\|null\|twin.\) \*\//s/{ return .*; }/{ return 0; }/; s/(const char \*s, size_t n) { return 0/(const char *s, size_t n) { (void)s; (void)n; return 0/' lib/lib.c
}
unfix() {
	make_scratch "$T/fresh"
	cp "$T/fresh/lib/lib.c" lib/lib.c
}

# NAME STYLE FUNCTION: the function takes CC CXX SANITIZER, builds and tests. First from nothing; then in the same build
# folder, as people do: what changed, a state or the library, has to be seen.
three_ways() {
	local name=$1 style=$2 fn=$3 cc=$4 cxx=$5 san=$6
	rm -rf "$T/b" "$T/am" "$T"/*.o
	unfix
	set_state open "$style"
	ok "$name: green with open bugs" "$fn" "$cc" "$cxx" "$san"
	if [ "$san" = '-fsanitize=address,undefined' ] || [ -z "$san" ]; then
		set_state fixed "$style"
		not_ok "$name: red when they have to pass" "$fn" "$cc" "$cxx" "$san"
	fi
	set_state fixed "$style"
	fix
	ok "$name: green once they are fixed" "$fn" "$cc" "$cxx" "$san"
}

# The same in a copy of the project, beside others; gather shows what came of them, in order.
jobs_n=0
three_ways_aside() {
	local dir
	jobs_n=$((jobs_n + 1))
	dir=$T/job.$jobs_n
	while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
	mkdir "$dir"
	cp -a "$T/p" "$dir/p"
	(
		trap - EXIT
		T=$dir
		cd "$T/p" && three_ways "$@"
	) >"$dir.out" 2>&1 &
}
gather() {
	local i line
	wait
	for ((i = 1; i <= jobs_n; i++)); do
		while IFS= read -r line; do
			case $line in
			'ok '*) pass "${line#ok * - }" ;;
			'not ok '*) fail "${line#not ok * - }" ;;
			*) printf '%s\n' "$line" ;;
			esac
		done <"$T/job.$i.out"
	done
	jobs_n=0
}

by_make() {
	make -k -C tests/regress check B="$T/b" CC="$1" CXX="$2" SAN="$3" REGRESS_LIBS=
}
by_cmake() {
	[ -e CMakeLists.txt ] ||
		printf 'cmake_minimum_required(VERSION 3.10)\nproject(scratch C)\nenable_testing()\nadd_subdirectory(tests/regress)\n' >CMakeLists.txt
	cmake -S . -B "$T/b" -DCMAKE_C_COMPILER="$1" -DCMAKE_CXX_COMPILER="$2" -DCMAKE_C_FLAGS="$3" -DCMAKE_CXX_FLAGS="$3" &&
		cmake --build "$T/b" && (cd "$T/b" && ctest --output-on-failure && [ "$(ctest -N | grep -c 'Test *#')" -ge 2 ])
}
by_meson() {
	local lundef=''
	[ -e meson.build ] || printf "project('scratch', 'c', 'cpp')\nsubdir('tests/regress')\n" >meson.build
	[ -z "$3" ] || lundef=-Db_lundef=false
	[ -d "$T/b" ] || CC=$1 CXX=$2 CFLAGS=$3 CXXFLAGS=$3 LDFLAGS=$3 meson setup $lundef "$T/b" || return 1
	meson test -C "$T/b"
}
by_automake() {
	mkdir -p "$T/am"
	cp -au "$T/p/." "$T/am"
	if [ -d "$T/b" ]; then
		make -C "$T/b" -k check
		return
	fi
	mkdir "$T/b"
	cat >"$T/am/configure.ac" <<'END'
AC_INIT([scratch], [1])
AC_CONFIG_AUX_DIR([build-aux])
AM_INIT_AUTOMAKE([foreign])
AC_PROG_CC
AC_PROG_CXX
AC_CONFIG_FILES([Makefile tests/regress/Makefile])
AC_OUTPUT
END
	echo 'SUBDIRS = tests/regress' >"$T/am/Makefile.am"
	(cd "$T/am" && autoreconf -i) && (cd "$T/b" && "$T/am/configure" CC="$1" CXX="$2" CFLAGS="-g $3" CXXFLAGS="-g $3" && make -k check)
}
# The rules that Bazel would fetch from the network are the built-in ones under the names it asks for; Java's and protobuf's,
# which it loads whatever is built, come from the distribution.
bazel_offline() {
	mkdir -p "$T/rules_cc/cc" "$T/coverage"
	touch "$T/rules_cc/WORKSPACE" "$T/rules_cc/BUILD" "$T/rules_cc/cc/BUILD" "$T/coverage/WORKSPACE"
	{
		for rule in cc_binary cc_library cc_test cc_import cc_toolchain cc_toolchain_suite cc_toolchain_alias \
			cc_host_toolchain_alias cc_libc_top_alias fdo_profile fdo_prefetch_hints objc_library objc_import; do
			echo "$rule = native.$rule"
		done
		printf 'def _empty(ctx): pass\n'
		printf '%s = rule(implementation = _empty, attrs = {})\n' cc_flags_supplier compiler_flag
	} >"$T/rules_cc/cc/defs.bzl"
	printf 'filegroup(name = "%s", visibility = ["//visibility:public"])\n' coverage_report_generator lcov_merger \
		>"$T/coverage/BUILD"
	overrides=(--override_repository="rules_cc=$T/rules_cc" --override_repository="remote_coverage_tools=$T/coverage")
	for rules in java proto; do
		[ ! -d "/usr/share/bazel/rules/$rules" ] ||
			overrides+=(--override_repository="rules_$rules=/usr/share/bazel/rules/$rules")
	done
}
# its server lives for seconds: nothing that a second compiler of Java's would make faster
in_bazel() { # ARGUMENT...
	(cd "$T/p" && HOME=$T bazel --output_user_root="$T/bazel" --host_jvm_args=-XX:TieredStopAtLevel=1 \
		--host_jvm_args=-XX:+UseSerialGC "$@")
}
# In the workspace of the tests: each has a server of its own, whose start is most of what it costs.
bazel_works() {
	mkdir -p "$T/p/try"
	touch "$T/p/WORKSPACE"
	echo 'cc_test(name = "t", srcs = ["t.c"])' >"$T/p/try/BUILD"
	echo 'int main(void) { return 0; }' >"$T/p/try/t.c"
	in_bazel test "${overrides[@]}" //try:t >"$T/bazel.log" 2>&1
	local rc=$?
	rm -r "$T/p/try"
	[ "$rc" = 0 ] || in_bazel shutdown >/dev/null 2>&1
	return "$rc"
}
by_bazel() {
	# what the notice at the head of BUILD.bazel asks for
	printf 'exports_files(glob(["fuzz/*", "lib/*"]))\nfilegroup(name = "headers", srcs = glob(["lib/*.h"]), visibility = ["//visibility:public"])\n' >BUILD
	sed -i 's|^REGRESS_HEADERS = .*|REGRESS_HEADERS = ["//:headers"]|' tests/regress/BUILD.bazel
	in_bazel test "${overrides[@]}" --repo_env=CC="$1" --copt="$3" --linkopt="$3" --test_output=errors //tests/regress:all
}
by_files() {
	[ -e "$T/runner.o" ] || "$1" -g $3 -c tests/regress/replay.c -o "$T/runner.o" || return 1
	"$1" -g $3 -Ilib '-DWORD="x"' fuzz/plain.c lib/lib.c "$T/runner.o" -o "$T/replay" || return 1
	"$T/replay" --manifest tests/regress/plain/tests.list
}
by_valgrind() {
	[ -e "$T/runner.o" ] || "$1" -g -c tests/regress/replay.c -o "$T/runner.o" || return 1
	"$1" -g -Ilib '-DWORD="x"' fuzz/plain.c lib/lib.c "$T/runner.o" -o "$T/replay" || return 1
	valgrind -q --error-exitcode=9 --trace-children=yes "$T/replay" --manifest tests/regress/plain/tests.list
}

# each sanitizer by one compiler, and each compiler; by the other one, too, in make check-long
soak() { # COMPILER SANITIZER
	case "$1 $2" in 'gcc ' | 'gcc -fsanitize=address,undefined' | 'clang -fsanitize=memory' | 'clang -fsanitize=thread') return 1 ;; esac
}
for cc in gcc clang; do
	cxx=${cc/gcc/g++}
	cxx=${cxx/clang/clang++}
	have "$cc" && have "$cxx" || { skip 1 "no $cc"; continue; }
	for san in "${sanitizers[@]}"; do
		name="files, $cc ${san:-no sanitizer}"
		! soak "$cc" "$san" || soaks 2 "$name" || continue
		works "$cc" "$san" || { skip 1 "$cc has no $san here"; continue; }
		three_ways_aside "$name" files by_files "$cc" "$cxx" "$san"
	done
	# MSan needs a C++ library built with it, and the build systems differ no more by sanitizer
	san='-fsanitize=address,undefined' name="make, $cc"
	[ "$cc" = clang ] || soaks 3 "$name" || continue
	works "$cc" "$san" || { skip 1 "$cc has no $san here"; continue; }
	three_ways_aside "$name" make by_make "$cc" "$cxx" "$san"
done
san='-fsanitize=address,undefined'
for style in cmake meson automake; do
	have "$style" || { skip 3 "no $style"; continue; }
	[ "$style" != meson ] || have ninja || { skip 3 'no ninja'; continue; }
	[ "$style" != automake ] || have autoreconf || { skip 3 'no autoreconf'; continue; }
	three_ways_aside "$style" "$style" "by_$style" gcc g++ "$san"
done
if have valgrind; then
	three_ways_aside 'files under valgrind' files by_valgrind gcc g++ ''
else
	skip 3 'no valgrind'
fi
gather
# its server is slow to start: one for all three
if ! have bazel; then
	skip 3 'no bazel'
elif bazel_offline && bazel_works; then
	three_ways bazel bazel by_bazel clang clang++ "$san"
	in_bazel shutdown >/dev/null 2>&1
else
	diag "$(tail -n 5 "$T/bazel.log")"
	skip 3 'bazel builds nothing without the network'
fi

# Unity is in no package: what its documentation says of the macros that are used, and no more.
unity_stub() {
	mkdir -p "$T/unity"
	cat >"$T/unity/unity.h" <<'END'
#include <setjmp.h>
#include <stdio.h>
void setUp(void);
void tearDown(void);
static jmp_buf unity_out;
static int unity_failed, unity_ignored;
#define UNITY_BEGIN() ((void)(unity_failed = unity_ignored = 0))
#define UNITY_END() (printf("%d failed, %d ignored\n", unity_failed, unity_ignored), unity_failed)
#define TEST_IGNORE_MESSAGE(text) (unity_ignored++, printf("IGNORE: %s\n", text), longjmp(unity_out, 1))
#define TEST_ASSERT_EQUAL_INT(want, is) ((want) == (is) ? (void)0 : (unity_failed++, longjmp(unity_out, 1)))
#define RUN_TEST(test) \
	do { \
		setUp(); \
		if (!setjmp(unity_out)) \
			test(); \
		tearDown(); \
	} while (0)
END
}

# style c: every file stands alone with the harness and the library
unfix
gcc -g -fsanitize=address -Ilib '-DWORD="x"' -c fuzz/plain.c -o "$T/plain.o" && gcc -g -fsanitize=address -Ilib '-DWORD="x"' -c lib/lib.c -o "$T/lib.o" ||
	bail 'the library'
for framework in main tap cmocka check unity; do
	set_state open files
	ok "c, $framework: written" "$THRESH" regress --style c --framework "$framework"
	libs=''
	case $framework in
	cmocka) libs=-lcmocka ;;
	check) libs='-lcheck -lsubunit -lm -lrt -lpthread' ;;
	unity) libs=-lunity ;;
	esac
	inc=''
	if [ "$framework" = unity ] && ! echo '#include <unity.h>' | gcc -fsyntax-only -xc - 2>/dev/null; then
		unity_stub
		inc=-I$T/unity libs=' '
	fi
	echo "#include <stddef.h>
#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
$([ "$libs" ] && echo "#include <$framework.h>")
int main(void) { return 0; }" >"$T/probe.c"
	gcc $inc "$T/probe.c" -o "$T/probe" $libs 2>/dev/null || { skip 3 "no $framework"; rm -f tests/regress/*/*.c; continue; }
	for f in tests/regress/plain/*.c; do
		name=$(head -n 20 "$f" | sed -n 's/^ \* summary *//p')
		# frameworks don't differ by what failed
		[[ $framework == main || $name == *overflow* ]] || continue
		ok "c, $framework: compiles without a warning: $name" gcc -std=c99 -Wall -Wextra -Werror -pedantic -g \
			-fsanitize=address $inc -c "$f" -o "$T/one.o"
		gcc -fsanitize=address "$T/one.o" "$T/plain.o" "$T/lib.o" -o "$T/one" $libs || fail 'link'
		"$T/one" >"$T/out" 2>&1
		rc=$?
		[ "$framework" = main ] && want=77 || want=0
		is "$rc" "$want" "c, $framework: an open bug that fails: $name"
		sed -i 's/^#define KNOWN 1/#define KNOWN 0/' "$f"
		gcc -g -fsanitize=address $inc "$f" "$T/plain.o" "$T/lib.o" -o "$T/one" $libs || fail 'link'
		not_ok "c, $framework: it has to pass and fails: $name" "$T/one"
	done
	rm -f tests/regress/*/*.c
done
done_testing
