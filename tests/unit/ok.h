/* Calls that have to end so, with their errors in the failure's words. */
#ifndef UNIT_OK_H
#define UNIT_OK_H

#define OK(call)                                                   \
	do {                                                       \
		struct err e = ERR_INIT;                           \
		int got = (call);                                  \
		if (got != 0)                                      \
			fail_msg("%s: %d, %s", #call, got, e.msg); \
	} while (0)
#define IS(want, call)                                                                \
	do {                                                                          \
		struct err e = ERR_INIT;                                              \
		int got = (call);                                                     \
		if (got != (want))                                                    \
			fail_msg("%s: %d, wanted %d; %s", #call, got, (want), e.msg); \
	} while (0)

#endif
