#include "base/prelude.h"
#include "crash/internal.h"
const struct signal_word crash_signal_words[] = { { "segmentation fault", 11 } };
const size_t crash_n_signal_words = ARRAY_LEN(crash_signal_words);
bool signal_word(struct crash_parser *p, const struct signal_word *w, struct strv line, size_t at)
{ (void)p;(void)w;(void)line;(void)at; return false; }
