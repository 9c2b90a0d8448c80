/*
 * Coverage features: the callbacks of -fsanitize-coverage=inline-8bit-counters,pc-table, for the executable
 * and every library it loads. After an input the counters that moved become ids: counter * 8 + log2 bucket.
 * Most counters are zero, so clearing and scanning go by words.
 */
#include "thresh_rt.h"

#include <link.h>
#include <string.h>

void __sanitizer_cov_8bit_counters_init(uint8_t *start, uint8_t *stop);
void __sanitizer_cov_pcs_init(const uintptr_t *start, const uintptr_t *stop);

#define MAX_MODULES 1024

static struct {
	uint8_t *start;
	size_t n;
	size_t first;         /* number of its first counter */
	const uintptr_t *pcs; /* of each counter: its block, and flags */
} modules[MAX_MODULES];
static size_t n_modules, n_counters;
static uintptr_t exe_base, exe_from, exe_to;

void __sanitizer_cov_8bit_counters_init(uint8_t *start, uint8_t *stop)
{
	size_t i;

	if (start == NULL || stop <= start || n_modules == MAX_MODULES)
		return;
	for (i = 0; i < n_modules; i++)
		if (modules[i].start == start)
			return; /* each object of a module announces the same section */
	modules[n_modules].start = start;
	modules[n_modules].n = (size_t)(stop - start);
	modules[n_modules].first = n_counters;
	n_modules++;
	n_counters += (size_t)(stop - start);
}

void __sanitizer_cov_pcs_init(const uintptr_t *start, const uintptr_t *stop)
{
	size_t n = (size_t)(stop - start) / 2, i;

	/* announced after the module's counters, of which there are as many */
	for (i = n_modules; i-- > 0;)
		if (modules[i].pcs == start || (modules[i].pcs == NULL && modules[i].n == n)) {
			modules[i].pcs = start;
			return;
		}
}

size_t thresh_rt_n_counters(void)
{
	return n_counters;
}

void thresh_rt_features_clear(void)
{
	size_t i;

	for (i = 0; i < n_modules; i++)
		memset(modules[i].start, 0, modules[i].n);
}

size_t thresh_rt_features_take(uint32_t *out, size_t max)
{
	size_t found = 0, i, j, k;
	uint64_t w;

	for (i = 0; i < n_modules; i++) {
		const uint8_t *c = modules[i].start;
		size_t n = modules[i].n;

		for (j = 0; j < n; j += sizeof(w)) {
			size_t step = n - j < sizeof(w) ? n - j : sizeof(w);

			if (step == sizeof(w)) {
				memcpy(&w, c + j, sizeof(w));
				if (w == 0)
					continue;
			}
			for (k = j; k < j + step; k++) {
				if (c[k] == 0)
					continue;
				if (found == max)
					return SIZE_MAX;
				out[found++] = (uint32_t)((modules[i].first + k) << 3 |
							  thresh_rt_bucket(c[k]));
			}
		}
	}
	return found;
}

static int thresh_rt_see_module(struct dl_phdr_info *info, size_t size, void *arg)
{
	uintptr_t from, to;
	int i;

	(void)size;
	(void)arg;
	exe_base = info->dlpi_addr;
	for (i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type != PT_LOAD)
			continue;
		from = exe_base + info->dlpi_phdr[i].p_vaddr;
		to = from + info->dlpi_phdr[i].p_memsz;
		exe_from = exe_to == 0 || from < exe_from ? from : exe_from;
		exe_to = to > exe_to ? to : exe_to;
	}
	return 1; /* the executable comes first, and is all we want */
}

void thresh_rt_places_init(void)
{
	dl_iterate_phdr(thresh_rt_see_module, NULL);
}

size_t thresh_rt_places_take(uint32_t *out, size_t max)
{
	size_t found = 0, i, k;
	uintptr_t pc;

	for (i = 0; i < n_modules; i++) {
		for (k = 0; modules[i].pcs != NULL && k < modules[i].n; k++) {
			pc = modules[i].pcs[2 * k];
			if (modules[i].start[k] == 0 || pc < exe_from || pc >= exe_to ||
				pc - exe_base > UINT32_MAX)
				continue;
			if (max - found < 2)
				return SIZE_MAX;
			out[found++] = (uint32_t)(pc - exe_base);
			out[found++] = modules[i].start[k];
		}
	}
	return found;
}
