#!/usr/bin/env bash
# thresh check --changed-since, where a commit is more than one repository's, and where the store is everybody's.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang here'
commit() { git -C "$1" -c user.name=t -c user.email=t@t commit -qm x; }
repository() { git init -q "$1" && git -C "$1" add . && commit "$1"; }
mkdir deep sub top
echo '#define DEEPER 1' >deep/deep.h
repository deep || bail 'no git'
cat >sub/sub.c <<'C'
#include "deep/deep.h"
#include "made.h"
#include <stddef.h>
int sub_parse(const unsigned char *p, size_t n);
int sub_parse(const unsigned char *p, size_t n)
{
	return n > 3 && p[0] == 'S' ? p[n - 1] + DEEPER + MADE : 0;
}
C
echo /made.h >sub/.gitignore
repository sub
add() { git -C "$1" -c protocol.file.allow=always submodule --quiet add "$PWD/$2" "$2" && commit "$1"; }
add sub deep
cat >top/fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
int sub_parse(const unsigned char *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	return sub_parse(p, n) * 0;
}
C
cat >top/thresh.yaml <<'Y'
version: 1
project: trees
targets:
  lib:
    sources: [sub/sub.c]
    include: [sub]
    sanitizers: [address]
harnesses:
  parse:
    source: fuzz.c
    target: lib
    seeds: [seeds]
    max_len: 16
Y
mkdir top/seeds
printf 'Sabc' >top/seeds/a
echo /.thresh/ >top/.gitignore
repository top
add top sub
git -C top -c protocol.file.allow=always submodule --quiet update --init --recursive
# what a submodule's repository doesn't know
echo '#define MADE 2' >top/sub/made.h
check() { "$THRESH" -C top check --changed-since HEAD --time 1s "$@"; }

status 0 'nothing changed' check --json
is "$(json 'join " ", map { $_->{state} } @{$j->{harnesses}}')" untouched 'as the commit is whole'
sed -i 's/p\[n - 1\]/p[n]/' top/sub/sub.c
git -C top/sub commit -qam bug --author 't <t@t>' 2>/dev/null || git -C top/sub -c user.name=t -c user.email=t@t commit -qam bug
status 1 'a submodule at a later commit' check --json
is "$(json 'join " ", map { "$_->{harness} $_->{by} $_->{kind}" } @{$j->{failures}}')" \
	'parse input heap-buffer-overflow' 'brings a bug'
is "$(json 'join " ", map { @{$_->{changed_functions}} } @{$j->{harnesses}}')" sub_parse 'in a function of its own'

# no checkout's store, which a team may share, is the comparison's
git -C top add sub && commit top
sed -i "/^project/a store: sqlite:$PWD/shared.db" top/thresh.yaml
git -C top add thresh.yaml && commit top
sed -i 's/p\[n\]/p[n + 1]/' top/sub/sub.c
status 0 'both have a store by an absolute path' check --json
is "$(json '$j->{harnesses}[0]{fail_on_both}')" 1 'an old failure'
status 0 'its bugs' "$THRESH" -C top bugs
is "$OUT" 'no bugs' 'is not filed'

id=$(git -C top rev-parse HEAD:sub)
rm -rf "top/.git/modules/sub/objects/${id:0:2}/${id:2}"
status 2 "a submodule's commit that is missing" check
like "$ERR" "sub: the submodule's commit of then, ${id:0:12}, can't be checked out" 'is named, with the mend'
done_testing
