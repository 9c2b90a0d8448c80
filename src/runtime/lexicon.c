/* NAME="BYTES", a line each, as AFL++ and libFuzzer have it. Read strictly enough for what thresh itself writes. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include "thresh_rt_lexicon.h"
#include "thresh_rt_random.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX ((size_t)256 << 10)
/* out of all, half, a quarter of them..., or so few */
#define HALVES 5
#define FEW 4

static int hex_digit(uint8_t c)
{
	return c >= '0' && c <= '9'                 ? c - '0'
	       : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
						    : -1;
}

/* What is in the quotes, with its escapes undone. 0: too long, or no end. */
static uint32_t unescape(const uint8_t *s, size_t n, uint8_t *to)
{
	uint32_t len = 0;
	size_t i;

	for (i = 0; i < n && s[i] != '"' && len < THRESH_RT_LEXICON_SIZE; i++) {
		if (s[i] == '\\' && i + 3 < n && s[i + 1] == 'x' && hex_digit(s[i + 2]) >= 0 &&
			hex_digit(s[i + 3]) >= 0) {
			to[len++] = (uint8_t)(hex_digit(s[i + 2]) << 4 | hex_digit(s[i + 3]));
			i += 3;
		} else {
			i += s[i] == '\\' && i + 1 < n;
			to[len++] = s[i];
		}
	}
	return i < n && s[i] == '"' ? len : 0;
}

static void read_words(struct thresh_rt_lexicon *l, const uint8_t *s, size_t size)
{
	while (size && l->n < THRESH_RT_LEXICON) {
		const uint8_t *end = memchr(s, '\n', size), *quote;
		size_t n = end ? (size_t)(end - s) : size;

		quote = n && *s != '#' ? memchr(s, '"', n) : NULL;
		if (quote) {
			struct thresh_rt_lexeme *w = &l->word[l->n];

			w->len = unescape(quote + 1, n - (size_t)(quote + 1 - s), w->s);
			l->n += w->len != 0;
		}
		s += n;
		size -= n;
		if (size) {
			s++;
			size--;
		}
	}
}

void thresh_rt_lexicon_read(struct thresh_rt_lexicon *l, const char *path)
{
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
	uint8_t *p = MAP_FAILED;
	struct stat st;

	l->n = 0;
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
		(size_t)st.st_size <= FILE_MAX)
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (p == MAP_FAILED)
		return;
	read_words(l, p, (size_t)st.st_size);
	munmap(p, (size_t)st.st_size);
}

const struct thresh_rt_lexeme *thresh_rt_lexicon_any(
	const struct thresh_rt_lexicon *l, uint64_t *rng)
{
	unsigned n = l->n >> thresh_rt_random(rng, HALVES);

	n = n > FEW ? n : l->n < FEW ? l->n : FEW;
	return &l->word[thresh_rt_random(rng, n)];
}
