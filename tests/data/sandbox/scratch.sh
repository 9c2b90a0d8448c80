# For tests of the sandbox: a project whose harness attacks what lies around it, and what must be as it was afterwards.
# shellcheck shell=bash

make_target() { # make_target DIR: the project, with what is to be kept, and a server; in there from then on
	local f
	mkdir -p "$1/precious" && cd "$1" || bail 'no project'
	p=$1 mark=thresh-sandbox-test-$$ stray=/tmp/thresh-sandbox-stray-$$
	for f in one two three; do echo "$f" >"precious/$f"; done
	echo keep >kept
	chmod 640 kept
	touch -d 2001-02-03 kept precious/*
	cp "$TOP/tests/data/sandbox/attack.c" .
	printf '#define PROJECT "%s"\n#define SOCKET PROJECT "/socket"\n#define MARK "%s"\n#define STRAY "%s"\n' \
		"$p" "$mark" "$stray" >places.h
	python3 "$TOP/tests/data/sandbox/listen.py" "$p/socket" "$p/connected" &
	listener=$!
	trap 'kill $listener; test_end' EXIT
	for _ in $(seq 100); do [ -e connected.ready ] && break; sleep 0.1; done
	cat >thresh.yaml <<-'END'
		version: 1
		project: sandbox
		build:
		  ldflags: [-lutil]
		harnesses:
		  attack:
		    source: attack.c
		    leaks: false
	END
	for f in harm use none stop free; do printf %s "$f" >"$f.in"; done
}

# Where only a part of it can be had, the tests of the whole can't be.
need_all_of_it() {
	run "$THRESH" replay attack none.in
	case $ERR in
	*'not wholly confined'*)
		diag "$ERR"
		skip_all 'this machine has not all of the sandbox: doctor says what'
		;;
	esac
}

# What must be as it was.
unharmed() {
	is "$(cat kept 2>&1) $(stat -c '%a %Y' kept 2>&1)" "keep 640 $(date -d 2001-02-03 +%s)" "$1: a file is as it was"
	is "$(cat precious/* 2>&1)" "$(printf 'one\nthree\ntwo')" "$1: so are those of a folder"
	not_ok "$1: nothing was connected to" test -e connected
	not_ok "$1: nothing is new in /tmp" test -e "$stray"
	is "$(ps -eo args | grep -c "^$mark")" 0 "$1: no process is left"
	is "$(find .thresh -maxdepth 4 -name gone)" '' "$1: thresh's own folders are where they were"
	is "$(find .thresh -maxdepth 4 -type l ! -name found ! -name sharing)" '' "$1: and none is a link"
}
