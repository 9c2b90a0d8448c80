/* The rules' rows, parted by what they are about. */
#ifndef CRASH_RULES_H
#define CRASH_RULES_H

#include "crash/internal.h"

enum rule_how { IS, STARTS, DIR, DIR_STARTS, MODULE };

struct rule {
	enum rule_class class;
	enum rule_how how;
	const char *text;
	const char *why;
};

struct rule_table {
	const struct rule *rows;
	size_t n;
};

#endif
