/* A C++ symbol as it is declared. */
#ifndef SURVEY_DEMANGLED_H
#define SURVEY_DEMANGLED_H

/* "ns::f(char const*)"; the caller frees. NULL: it isn't one, or is too long to be called by people. */
char *demangled(const char *symbol);

#endif
