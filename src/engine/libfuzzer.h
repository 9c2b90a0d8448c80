/* libFuzzer. */
#ifndef ENGINE_LIBFUZZER_H
#define ENGINE_LIBFUZZER_H

#include "engine/engine.h"

extern const struct engine_ops engine_libfuzzer;

#endif
