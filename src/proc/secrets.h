/* What no confined child is to read; see secrets.c for the places that are known. */
#ifndef PROC_SECRETS_H
#define PROC_SECRETS_H

/* Another file of that kind, from now on: one of ours. For all of this process. */
void proc_hide(const char *path);

#endif
