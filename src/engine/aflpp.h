/* AFL++. */
#ifndef ENGINE_AFLPP_H
#define ENGINE_AFLPP_H

#include "engine/engine.h"

extern const struct engine_ops engine_aflpp;

#endif
