/* The folder is a cache of the store's where that is shared, and else all there is. */
#include "base/prelude.h"
#include "depot/inputs.h"
#include "base/fs.h"
#include "corpus/inputs.h"

int depot_put_input(
	struct project *p, const void *data, size_t n, char sha1[SHA1_HEX], struct err *err)
{
	if (inputs_put(p->inputs_dir, data, n, sha1, NULL, err) < 0)
		return -1;
	return store_is_shared(p->store) ? store_blob_put(p->store, sha1, data, n, true, err) : 0;
}

static int fetch(struct project *p, const char *sha1, struct buf *out, struct err *err)
{
	char name[SHA1_HEX];
	int rc = store_blob_get(p->store, sha1, out, err);

	if (rc == 0)
		rc = inputs_put(p->inputs_dir, buf_str(out), out->len, name, NULL, err);
	return rc;
}

int depot_get_input(struct project *p, const char *sha1, struct buf *out, struct err *err)
{
	struct buf bytes = BUF_INIT;
	struct err why = ERR_INIT;
	int rc = inputs_get(p->inputs_dir, sha1, &bytes, &why);

	if (rc < 0 && p->store && store_is_shared(p->store) && inputs_is_name(sha1))
		rc = fetch(p, sha1, &bytes, err);
	else if (rc < 0)
		rc = 1;
	if (rc == 0)
		buf_add(out, buf_str(&bytes), bytes.len);
	else if (rc == 1 && err)
		*err = why;
	buf_release(&bytes);
	return rc == 0 ? 0 : -1;
}

char *depot_input_path(struct project *p, const char *sha1)
{
	char *path = inputs_path(p->inputs_dir, sha1);
	struct buf bytes = BUF_INIT;

	/* what can't be had isn't there: who opens it says so */
	if (store_is_shared(p->store) && !fs_exists(path))
		(void)fetch(p, sha1, &bytes, NULL);
	buf_release(&bytes);
	return path;
}
