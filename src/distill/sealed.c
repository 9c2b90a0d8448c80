#include "base/prelude.h"
#include "distill/sealed.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include <fcntl.h>

int sealed_save(const char *path, const char *magic, const char *key, const struct buf *body,
	struct err *err)
{
	struct buf b = BUF_INIT;
	char sum[SHA256_HEX];
	int rc;

	hash_sha256(buf_str(body), body->len, sum);
	buf_addf(&b, "%s\n%s\n%s\n", magic, key, sum);
	buf_add(&b, buf_str(body), body->len);
	/* not synced: what a loss of power left of it has another sum */
	rc = dir_write(AT_FDCWD, path, b.s, b.len, err);
	buf_release(&b);
	return rc;
}

bool sealed_load(const char *path, const char *magic, const char *key, uint64_t max,
	struct buf *text, struct strv *body)
{
	char *head = xasprintf("%s\n%s\n", magic, key), sum[SHA256_HEX];
	struct strv line;
	bool ok = fs_read(path, max, text, NULL) == 0;

	*body = strv_n(buf_str(text), text->len);
	ok = ok && strv_skip(body, head) && strv_line(body, &line);
	if (ok) {
		hash_sha256(body->s, body->len, sum);
		ok = strv_eqs(line, sum);
	}
	free(head);
	return ok;
}
