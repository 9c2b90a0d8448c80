/* nm's POSIX format: name, a letter, numbers. */
#include "base/prelude.h"
#include "survey/symbols.h"
#include "base/mem.h"
#include "proc/proc.h"

#define NM_MS 30000
#define NM_MAX ((size_t)32 << 20)

static void read_line(struct strv line, struct symbols *out)
{
	struct strv name, letter;
	size_t at;
	char *s, c;

	if (!strv_split(&line, ' ', &name) || !strv_split(&line, ' ', &letter) || letter.len != 1)
		return;
	at = strv_chr(name, '@');
	name.len = MIN(name.len, at);
	s = strv_dup(name);
	c = *letter.s;
	if (c == 'U') {
		strlist_add(&out->undefined, s);
	} else if (strchr("TDBRGSCi", c)) {
		strlist_add(&out->defined, s);
		strlist_add(&out->all, s);
		if (c == 'T' || c == 'i')
			strlist_add(&out->functions, s);
	} else if (strchr("WVu", c)) {
		strlist_add(&out->all, s);
	}
	free(s);
}

int symbols_read(const char *path, bool dynamic, struct symbols *out, struct err *err)
{
	const char *argv[] = { "nm", "-P", "-g", path, dynamic ? "-D" : NULL, NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	struct strv rest, line;
	int rc = -1;

	*out = (struct symbols){ 0 };
	spec.argv = argv;
	spec.out = spec.err = PROC_CAPTURE;
	spec.capture_max = NM_MAX;
	spec.wall_ms = NM_MS;
	if (proc_run(&spec, &r, err) < 0)
		goto out;
	if (r.status != 0) {
		err_set(err, "nm can't read %s", path);
		goto out;
	}
	rest = strv_n(buf_str(&r.out), r.out.len);
	while (strv_line(&rest, &line))
		read_line(line, out);
	strlist_sort(&out->defined);
	strlist_sort(&out->functions);
	strlist_sort(&out->all);
	strlist_sort(&out->undefined);
	rc = 0;
out:
	proc_result_release(&r);
	return rc;
}

void symbols_release(struct symbols *s)
{
	strlist_release(&s->defined);
	strlist_release(&s->functions);
	strlist_release(&s->all);
	strlist_release(&s->undefined);
}
