/* Giving up is a policy, and a common one: what of it to accept depends on what failed. */
#include "base/prelude.h"
#include "triage/fault_policy.h"
#include <ctype.h>

/* "memory" in any case: what programs say when they end for want of it. */
static bool speaks_of_memory(struct strv text)
{
	static const char word[] = "memory";

	for (size_t i = 0; i + sizeof(word) - 1 <= text.len; i++) {
		size_t k = 0;

		while (k < sizeof(word) - 1 && tolower((unsigned char)text.s[i + k]) == word[k])
			k++;
		if (k == sizeof(word) - 1)
			return true;
	}
	return false;
}

/* What is short or interrupted loses nothing, as long as the rest is asked for. */
static bool loses_nothing(enum target_fault_kind k)
{
	switch (k) {
	case TARGET_FAULT_READ_ONE:
	case TARGET_FAULT_READ_HALF:
	case TARGET_FAULT_READ_EINTR:
	case TARGET_FAULT_WRITE_HALF:
	case TARGET_FAULT_WRITE_EINTR:
		return true;
	case TARGET_FAULT_ALLOC:
	case TARGET_FAULT_READ_EIO:
	case TARGET_FAULT_STREAM_EIO:
	case TARGET_FAULT_WRITE_ENOSPC:
	case TARGET_FAULTS:
		break;
	}
	return false;
}

/*
 * Aborting is a policy, too; and a harness's oracles know nothing of what is lost with an allocation. But nothing
 * excuses them when nothing was lost.
 */
static bool stopped_itself(const struct crash_report *r, enum target_fault_kind k)
{
	static const char *const families[] = { "abort", "exception", "assertion", "trap" };
	size_t n = loses_nothing(k) ? 2 : ARRAY_LEN(families);

	for (size_t i = 0; i < n; i++)
		if (strcmp(r->family, families[i]) == 0)
			return true;
	return false;
}

bool fault_policy_excuses(const struct target_fault *f, const struct target_result *res,
	const struct crash_report *report)
{
	if (!f->at)
		return false;
	if (res->outcome == TARGET_EXIT && res->exit_code > 0 &&
		(f->kind != TARGET_FAULT_ALLOC || speaks_of_memory(res->text)))
		return true;
	return report && stopped_itself(report, f->kind);
}
