/* Which of the installed libraries has something. */
#ifndef SURVEY_INSTALLED_H
#define SURVEY_INSTALLED_H

/* "-lz" for the first that defines a symbol that begins so; NULL: none, or no compiler that says where they lie. The caller frees. */
char *installed_with(const char *start);

#endif
