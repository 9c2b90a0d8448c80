/* Which language a source is in. */
#ifndef REGRESS_CXX_H
#define REGRESS_CXX_H

/* C++ by its name; false for NULL. */
bool regress_is_cxx(const char *path);

#endif
