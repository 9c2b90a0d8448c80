/*
 * Boundary, bytes and oracle: those of cjson_edit, with the operations that hand NULL, which is what look-ups return for
 * what is not there, to functions that insert and set values.
 */
#define EDIT_WITH_NULL 1
#include "cjson_edit.c"
