/* The queue's entries know each other by number. */
#include "base/prelude.h"
#include "engine/afl_queue.h"
#include "base/num.h"
#include "engine/slice.h"

#define INPUT_MAX ((uint64_t)64 << 20)

bool afl_queue_id(const char *name, uint64_t *id)
{
	struct strv v = strv_of(name), digits;

	if (!strv_skip(&v, "id:") && !strv_skip(&v, "id_"))
		return false;
	digits = v;
	digits.len = strspn(v.s, "0123456789");
	return num_u64(digits, id) == 0;
}

bool afl_queue_parent(int dir, const struct strlist *names, const char *name, char hex[SHA1_HEX])
{
	const char *src = strstr(name, ",src:");
	struct strv digits = strv_of(src ? src + 5 : "");
	uint64_t want, id;

	digits.len = strspn(digits.s, "0123456789");
	if (num_u64(digits, &want) < 0)
		return false;
	for (size_t i = 0; i < names->n; i++)
		if (afl_queue_id(names->v[i], &id) && id == want)
			return slice_sha1(dir, names->v[i], INPUT_MAX, hex, NULL) == 0;
	return false;
}
