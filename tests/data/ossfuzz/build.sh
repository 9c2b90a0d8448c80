#!/bin/bash -eu
# An OSS-Fuzz-style build of libyaml's harnesses: honours CC, CFLAGS, LIB_FUZZING_ENGINE, SRC, WORK
# and OUT, and leaves harnesses, seed corpora, dictionaries and options in $OUT.
#   $SRC/libyaml     the library, $SRC/harnesses, $SRC/corpus and $SRC/dictionaries beside it
# HARNESSES may name some of them; the default is all of libyaml's.

: "${CC:?}" "${LIB_FUZZING_ENGINE:?}" "${SRC:?}" "${WORK:?}" "${OUT:?}"
CFLAGS=${CFLAGS:-}
CXX=${CXX:-$CC}
CXXFLAGS=${CXXFLAGS:-$CFLAGS}
defines=(-DYAML_VERSION_MAJOR=0 -DYAML_VERSION_MINOR=2 -DYAML_VERSION_PATCH=5
	'-DYAML_VERSION_STRING="0.2.5"')

mkdir -p "$WORK/libyaml" "$OUT"
objects=()
for source in "$SRC"/libyaml/src/*.c; do
	object=$WORK/libyaml/$(basename "$source" .c).o
	$CC $CFLAGS "${defines[@]}" -I "$SRC/libyaml/include" -c "$source" -o "$object"
	objects+=("$object")
done
rm -f "$WORK/libyaml.a"
ar rcs "$WORK/libyaml.a" "${objects[@]}"

for harness in ${HARNESSES:-yaml_scan yaml_parse yaml_load yaml_emit yaml_roundtrip}; do
	$CC $CFLAGS -I "$SRC/libyaml/include" -I "$SRC/harnesses" \
		-c "$SRC/harnesses/$harness.c" -o "$WORK/$harness.o"
	$CXX $CXXFLAGS "$WORK/$harness.o" "$WORK/libyaml.a" $LIB_FUZZING_ENGINE -o "$OUT/$harness"
	if [ -d "$SRC/corpus/$harness" ] && command -v zip >/dev/null; then
		rm -f "$OUT/${harness}_seed_corpus.zip"
		(cd "$SRC/corpus/$harness" && zip -q -r "$OUT/${harness}_seed_corpus.zip" .)
	fi
	dictionary=yaml
	[ "$harness" = yaml_emit ] && dictionary=yaml_emit
	if [ -f "$SRC/dictionaries/$dictionary.dict" ]; then
		cp "$SRC/dictionaries/$dictionary.dict" "$OUT/$harness.dict"
	fi
	printf '[libfuzzer]\nmax_len = 1024\n' >"$OUT/$harness.options"
done
