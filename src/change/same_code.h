/* Are two programs the same but for what a debugger reads? Pure. */
#ifndef CHANGE_SAME_CODE_H
#define CHANGE_SAME_CODE_H

#include "base/strv.h"

/*
 * ELF files: all that is loaded is the same, byte by byte, notes apart (a build id names the debug data, too). The folders
 * that both were built in may differ, where their names are of the same length: a_dir's in a is taken for b_dir. False also
 * for what can't be told.
 */
bool same_code(struct strv a, const char *a_dir, struct strv b, const char *b_dir);

#endif
