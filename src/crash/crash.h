/*
 * Report text -> report -> signature. Pure: no I/O, no clock, no global state.
 * The text is hostile: bounded work per byte, no recursion on its structure, nothing trusted.
 */
#ifndef CRASH_CRASH_H
#define CRASH_CRASH_H

#include "crash/explain.h"
#include "crash/fault.h"
#include "crash/finish.h"
#include "crash/name.h"
#include "crash/parser.h"
#include "crash/report.h"
#include "crash/resolve.h"
#include "crash/shown.h"
#include "crash/sign.h"
#include "crash/similar.h"

#endif
