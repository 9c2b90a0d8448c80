#include "base/prelude.h"
#include "target/place.h"
#include "base/fs.h"
#include "base/incbin.h"
#include "base/log.h"
#include "base/mem.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#ifndef PLACE_SO
#define PLACE_SO "build/place.so"
#endif
#define LIBRARY "place.so"
#define BEGINS "== ERROR: thresh: "

EMBED_TEXT(place_so, INCBIN(PLACE_SO));

static bool is_fault(int status)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP };

	for (size_t i = 0; WIFSIGNALED(status) && i < ARRAY_LEN(faults); i++)
		if (WTERMSIG(status) == faults[i])
			return true;
	return false;
}

static bool make_env(
	const char *dir, const char *prefix, const struct strlist *env, struct strlist *out)
{
	const char *others = getenv("LD_PRELOAD");
	char *path = fs_join(dir, LIBRARY);
	struct err why = ERR_INIT;
	bool there = fs_is_file(path) || fs_write(path, place_so, place_so_len, 0755, &why) == 0;

	if (!there)
		log_debug("no places of commands that fail: %s", why.msg);
	for (size_t i = 0; there && i < env->n; i++) {
		if (strncmp(env->v[i], "LD_PRELOAD=", 11) == 0)
			others = env->v[i] + 11;
		else
			strlist_add(out, env->v[i]);
	}
	if (there)
		strlist_addf(out, "LD_PRELOAD=%s" LIBRARY "%s%s", prefix,
			others && *others ? ":" : "", others ? others : "");
	free(path);
	return there;
}

bool place_begin(struct place *p, const char *dir, const char *prefix, const struct strlist *env,
	int status, const struct buf *text, const struct rusage *usage)
{
	struct strv said = strv_n(buf_str(text), text->len);

	if (!is_fault(status) || strv_contains(said, "ERROR: ") || strv_contains(said, "Sanitizer"))
		return false;
	if (!p->env.n && !make_env(dir, prefix, env, &p->env))
		return false;
	p->again = true;
	p->status = status;
	p->has_usage = usage != NULL;
	if (usage)
		p->usage = *usage;
	buf_reset(&p->text);
	buf_add(&p->text, said.s, said.len);
	return true;
}

void place_end(struct place *p, int status, const struct buf *text)
{
	struct strv said = strv_n(buf_str(text), text->len);
	size_t at = strv_find(said, BEGINS);

	p->again = false;
	if (status != p->status || at == SIZE_MAX)
		return;
	while (at > 0 && said.s[at - 1] != '\n')
		at--;
	if (p->text.len && p->text.s[p->text.len - 1] != '\n')
		buf_addch(&p->text, '\n');
	buf_addv(&p->text, strv_from(said, at));
}

void place_release(struct place *p)
{
	strlist_release(&p->env);
	buf_release(&p->text);
}
