#!/usr/bin/env bash
# The sandbox by way of engines, on folders in which a target has laid everything out for thresh: what it does comes to
# nothing, and what it planted leads nowhere.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/data/sandbox/scratch.sh"

command -v clang >/dev/null || skip_all 'no clang'
command -v python3 >/dev/null || skip_all 'no python3'
make_target "$T/project"
need_all_of_it

plant() { # plant ENGINE
	local w=.thresh/work/attack
	rm -rf "$w" .thresh/corpus/attack && mkdir -p "$w/$1" .thresh/corpus/attack
	ln -s "$p/precious" "$w/$1/scratch"
	ln -s "$p/kept" "$w/$1/sharing"
	ln -s "$p/kept" "$w/$1/found"
	mkfifo "$w/$1/began"
	if [ "$1" = libfuzzer ]; then
		ln -s "$p/precious" "$w/$1/artifacts"
	else
		cp precious/one "precious/id:000000,planted"
		mkdir -p "$w/$1/out/default"
		ln -s "$p/precious" "$w/$1/out/default/crashes"
		mkfifo "$w/$1/out/default/plot_data"
	fi
	mkfifo ".thresh/corpus/attack/$(printf pipe | sha1sum | cut -c1-40)"
	ln -s "$p/kept" ".thresh/corpus/attack/$(printf link | sha1sum | cut -c1-40)"
	printf harm >".thresh/corpus/attack/$(printf harm | sha1sum | cut -c1-40)"
}
engines() { # engines [ENGINE]: only this one
	sed -i '/^campaign/,$d' thresh.yaml
	[ $# = 0 ] || printf 'campaign:\n  engines: [%s]\n' "$1" >>thresh.yaml
}
corpus_is_files() {
	[ -z "$(find .thresh/corpus/attack -mindepth 1 ! -type f -print -quit)" ]
}
for engine in libfuzzer aflpp; do
	if [ $engine = aflpp ] && ! command -v afl-fuzz >/dev/null; then
		skip 10 'no afl-fuzz'
		continue
	fi
	engines $engine
	plant $engine
	run timeout 120 "$THRESH" run --time 5s -j1 --no-edge --fresh attack
	# 3: on a busy machine an engine may not get to its first run; what it may harm is looked at all the same
	ok "$engine: ends" test "$RC" -lt 2 -o "$RC" = 3
	like "$OUT" '[0-9] runs in' "$engine: has run"
	rm -f "precious/id:000000,planted"
	unharmed $engine
	ok "$engine: the corpus holds files, and nothing else" corpus_is_files
done
engines
done_testing
