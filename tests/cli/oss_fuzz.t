#!/usr/bin/env bash
# thresh init --oss-fuzz: a project of OSS-Fuzz as it is, without Docker; what a container would have had and this machine
# hasn't is named with its line; nothing of either folder's is changed.
. "$(dirname "$0")/../lib.sh"
command -v clang >/dev/null || skip_all 'no clang'

mkdir -p lib/src lib/data oss/fuzz/more
printf 'int lib_parse(const char *s, unsigned long n);\n' >lib/src/lib.h
printf '#include "lib.h"\nint lib_parse(const char *s, unsigned long n) { return n > 1 && s[0] == 65; }\n' >lib/src/lib.c
printf '"["\n' >lib/data/words.dict
cat >oss/fuzz/more/one.c <<'X'
#include "lib.h"
#include "../extra.h"
#include <stddef.h>
int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);
int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n) { return EXTRA + lib_parse((const char *)p, n) * 0; }
X
printf '#define EXTRA 0\n' >oss/fuzz/extra.h
cat >oss/Dockerfile <<'X'
FROM gcr.io/oss-fuzz-base/base-builder
RUN apt-get update && apt-get install -y \
    thresh-no-such-package
RUN git clone https://example.com/lib.git && \
    git clone --depth 1 https://example.com/other.git
ENV EXTRA_FLAG=-DEXTRA_SEEN
COPY build.sh $SRC/
COPY fuzz $SRC/lib/deep/fuzz
RUN wget https://example.com/data.tgz
WORKDIR lib/src
X
cat >oss/build.sh <<'X'
#!/bin/bash -eu
# starts where WORKDIR says
test -f lib.c
# written for a later compiler
$CC $CFLAGS $EXTRA_FLAG -Werror -Wno-error=warning-of-tomorrow -c lib.c -o lib.o
for name in one two; do
	$CC $CFLAGS -I. -c $SRC/lib/deep/fuzz/more/one.c -o one.o
	$CXX $CXXFLAGS one.o lib.o -o $OUT/$name $LIB_FUZZING_ENGINE
done
cp $SRC/*.options $OUT/
cp ../data/words.dict $OUT/
printf '"made"\n' >$OUT/two.dict
echo text >$OUT/notes.txt
X
printf 'homepage: "x"\nlanguage: c++\nsanitizers:\n  - address\n  - memory\n' >oss/project.yaml
printf '[libfuzzer]\nmax_len = 77\ntimeout = 3\ndict = words.dict\nclose_fd_mask = 3\n[asan]\ndetect_leaks=0\n' >oss/one.options
printf 'PK' >oss/two_seed_corpus.zip
state() {
	find oss lib/src lib/data -type f -print0 | sort -z | xargs -0 sha1sum
}
before=$(state)
status 0 'a project of OSS-Fuzz' "$THRESH" init --dir lib --oss-fuzz oss
like "$OUT" '2 fuzz targets: one, two' 'its fuzz targets are found in $OUT'
is "$(state)" "$before" 'nothing of it is changed'
like "$ERR" 'Dockerfile:2: wants packages.* thresh-no-such-package' 'a package that is not here has its line'
like "$ERR" 'Dockerfile:5: clones https://example.com/other.git.*/oss/other' 'a further clone, too, and where to put it'
unlike "$ERR" 'example.com/lib.git' "the project's own is not missed"
like "$ERR" 'Dockerfile:9: .*wget https://example.com/data.tgz' 'and what is to be done by hand'
like "$ERR" 'one.options:5: \[libfuzzer\] close_fd_mask: is' 'an option that means nothing here is told'
yaml=$(cat lib/thresh.yaml)
like "$yaml" 'script: .*/oss/build.sh' 'the script is named where it is'
like "$yaml" 'project: lib' 'the project is what the Dockerfile calls it'
like "$yaml" '- address[^a-z]*- memory' 'its sanitizers are taken over'
like "$yaml" 'one:.*dictionary: data/words.dict.*max_len: 77.*timeout: 3s.*leaks: false.*two:' 'so are options, and an original dictionary'
like "$yaml" 'two:.*seeds: .*two_seed_corpus.zip.*dictionary: dictionaries/two.dict' 'seeds beside the script, and what only the build has'
is "$(cat lib/dictionaries/two.dict)" '"made"' 'which is copied'
status 0 'build' "$THRESH" -C lib build --variant asan
like "$OUT" 'one +asan +up to date' 'what init wrote has nothing built anew'
echo 'not the build' >>lib/thresh.yaml
sed -i '$d' lib/thresh.yaml
status 0 'replay' "$THRESH" -C lib replay one

# whether builds are fresh is asked before each slice of a campaign: no compiler may have to be started for it
mkdir bin
printf '#!/bin/sh\necho "$*" >>"%s/started"\nexec "%s" "$@"\n' "$PWD" "$(command -v clang)" >bin/clang
chmod +x bin/clang
PATH=$PWD/bin:$PATH status 0 'build for libFuzzer' "$THRESH" -C lib build --variant libfuzzer
like "$(cat started)" 'fsanitize=fuzzer .*-###' 'the compiler says where libFuzzer is'
rm started
PATH=$PWD/bin:$PATH status 0 'once more' "$THRESH" -C lib build --variant libfuzzer
like "$OUT" 'one +libfuzzer +up to date' 'it is fresh'
ok 'without a start of the compiler' test ! -e started

printf '#define EXTRA 0 /**/\n' >oss/fuzz/extra.h
status 0 'what lies beside the script changes' "$THRESH" -C lib build --variant asan
like "$OUT" 'one +asan +built' 'it is built anew'

# folder that is cloned beside the script; what can't be
mkdir oss/other
printf 'there\n' >oss/other/file
printf 'test -f $SRC/other/file\n' >>oss/build.sh
status 0 'again' "$THRESH" init --dir lib --oss-fuzz oss --force
unlike "$ERR" 'other.git' 'a clone that lies beside the script is found'
status 2 'a second time' "$THRESH" init --dir lib --oss-fuzz oss
status 2 'no such folder' "$THRESH" init --dir lib --force --oss-fuzz nowhere
like "$ERR" 'nowhere/build.sh: no such file' 'is told'
rm -rf lib/.thresh lib/thresh.yaml* lib/corpus lib/dictionaries lib/.gitignore
sed -i 's/c++/go/' oss/project.yaml
status 2 'another language' "$THRESH" init --dir lib --oss-fuzz oss
like "$ERR" 'project.yaml:2: language go; thresh fuzzes C and C' 'is told with its line'
sed -i 's/go/c/' oss/project.yaml
printf 'echo "x.c:1: error: no good" >&2; exit 1\n' >>oss/build.sh
status 3 'a script that fails' "$THRESH" init --dir lib --oss-fuzz oss
like "$ERR" 'build.sh: exit status 1: x.c:1: error: no good' 'is told in its own words'
is "$(cd lib && echo *)" 'data src' 'and nothing is written'
printf '#!/bin/sh\ntouch $OUT/a\n' >oss/build.sh
status 2 'no fuzz target' "$THRESH" init --dir lib --oss-fuzz oss
like "$ERR" 'leaves no fuzz target in \$OUT, but a' 'is told'

# ClusterFuzzLite: the folder lies in the project, which is copied whole
mkdir -p lite/.clusterfuzzlite lite/src
cp lib/src/* lite/src
sed 's/"..\/extra.h"/<stddef.h>/; s/EXTRA +//' oss/fuzz/more/one.c >lite/src/fuzz.c
printf 'FROM x\nCOPY . $SRC/lite\nWORKDIR lite\nCOPY .clusterfuzzlite/build.sh $SRC/\n' >lite/.clusterfuzzlite/Dockerfile
printf 'set -e\n$CC $CFLAGS -c src/lib.c -o l.o\n$CC $CFLAGS -c src/fuzz.c -o f.o\n$CXX $CXXFLAGS f.o l.o -o $OUT/f $LIB_FUZZING_ENGINE\n' >lite/.clusterfuzzlite/build.sh
status 0 'ClusterFuzzLite' "$THRESH" init --dir lite --oss-fuzz lite/.clusterfuzzlite
ok 'its script is named below the project' grep -q 'script: .clusterfuzzlite/build.sh' lite/thresh.yaml

# as people type it inside the project: its path leads out of that again
mkdir -p near/lib near/oss/corpus
cp lib/src/* near/lib
printf 'seed' >near/oss/corpus/one
sed 's/"..\/extra.h"/<stddef.h>/; s/EXTRA +//' oss/fuzz/more/one.c >near/lib/fuzz.c
printf 'FROM x\nRUN git clone https://example.com/lib\nCOPY corpus $SRC/corpus\nWORKDIR lib\n' >near/oss/Dockerfile
printf 'set -e\n$CC $CFLAGS -c lib.c -o l.o\n$CC $CFLAGS -c fuzz.c -o f.o\n$CXX $CXXFLAGS f.o l.o -o $OUT/f $LIB_FUZZING_ENGINE\ntest -f $SRC/corpus/one\n' >near/oss/build.sh
cd near/lib
status 0 'a folder beside the project, as seen from there' "$THRESH" init --oss-fuzz ../oss
cd "$T"
done_testing
