/*
 * System V segments for a program that wants such, as AFL++'s fork servers do. Marked for removal at once: on Linux one can
 * still be attached to while somebody else is, and none is left behind, whoever is killed.
 */
#include "base/prelude.h"
#include "proc/internal.h"
#include <stdio.h>
#include <sys/shm.h>

int shm_make(struct child_plan *c)
{
	for (size_t i = 0; i < PROC_SHM_MAX && c->spec->shm[i].env; i++) {
		int id = shmget(IPC_PRIVATE, c->spec->shm[i].size, IPC_CREAT | IPC_EXCL | 0600);
		void *at = id < 0 ? (void *)-1 : shmat(id, NULL, 0);

		if (id >= 0)
			shmctl(id, IPC_RMID, NULL);
		if (at == (void *)-1)
			return -1;
		c->shm[i] = at;
		snprintf(*c->shm_env[i], strlen(*c->shm_env[i]) + 1, "%s=%d", c->spec->shm[i].env,
			id);
	}
	return 0;
}

size_t shm_take(void *at, size_t n, uint32_t *out, size_t max)
{
	unsigned char *s = at;
	size_t found = 0;

	for (size_t i = 0, end; i < n; i = end) {
		uint64_t word = 0;

		end = MIN(n, i + sizeof(word));
		memcpy(&word, s + i, end - i);
		if (!word) /* as most are */
			continue;
		for (size_t k = i; k < end; k++) {
			if (s[k] && found < max)
				out[found++] = (uint32_t)k << 8 | s[k];
			s[k] = 0;
		}
	}
	return found;
}
