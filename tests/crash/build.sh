#!/bin/bash -eu
# A harness whose engine is a script.
if [ "$FUZZING_ENGINE" = libfuzzer ]; then
	cp "$SRC/scripted/engine.sh" "$OUT/parse"
	chmod 755 "$OUT/parse"
else
	$CC $CFLAGS -c "$SRC/scripted/fuzz.c" -o "$WORK/fuzz.o"
	$CC $CFLAGS "$WORK/fuzz.o" $LIB_FUZZING_ENGINE -o "$OUT/parse"
fi
