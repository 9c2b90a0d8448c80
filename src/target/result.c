/*
 * From what the far end wrote, and how the child ended, to an outcome and its text. The target runs in the process
 * that writes, so nothing it says is believed beyond what can be checked: offsets are clamped, and failures are what the
 * zygote told of.
 */
#include "base/prelude.h"
#include "target/result.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "runtime/thresh_rt_protocol.h"
#include "target/internal.h"
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

const char *target_outcome_name(enum target_outcome o)
{
	static const char *const names[] = {
		[TARGET_OK] = "ok",
		[TARGET_REJECTED] = "rejected",
		[TARGET_CRASH] = "crash",
		[TARGET_LEAK] = "leak",
		[TARGET_TIMEOUT] = "timeout",
		[TARGET_OOM] = "out-of-memory",
		[TARGET_EXIT] = "exit",
		[TARGET_ERROR] = "error",
	};

	return (size_t)o < ARRAY_LEN(names) ? names[o] : "?";
}

static void read_range(int fd, uint64_t from, uint64_t to, struct buf *out)
{
	while (from < to) {
		size_t n = (size_t)MIN(to - from, (uint64_t)65536);
		ssize_t got;

		buf_reserve(out, n);
		got = pread(fd, out->s + out->len, n, (off_t)from);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			/* the far end cut it off: a flood */
			return;
		out->len += (size_t)got;
		out->s[out->len] = '\0';
		from += (uint64_t)got;
	}
}

/* Head and tail of [from, to) of the file; appended. */
void result_read_text(int fd, uint64_t from, uint64_t to, struct buf *out)
{
	off_t end = lseek(fd, 0, SEEK_END);

	to = MIN(to, end > 0 ? (uint64_t)end : 0);
	if (from >= to)
		return;
	if (to - from <= TARGET_TEXT_HEAD + TARGET_TEXT_TAIL) {
		read_range(fd, from, to, out);
		return;
	}
	read_range(fd, from, from + TARGET_TEXT_HEAD, out);
	buf_addf(out, "\n[thresh: %llu bytes left out]\n",
		(unsigned long long)(to - from - TARGET_TEXT_HEAD - TARGET_TEXT_TAIL));
	read_range(fd, to - TARGET_TEXT_TAIL, to, out);
}

void result_set_status(struct target_result *r, int status)
{
	r->sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	r->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool has_report(struct strv text)
{
	return strv_contains(text, "ERROR: ") || strv_contains(text, "SUMMARY: ") ||
	       strv_contains(text, "runtime error: ") || strv_contains(text, "WARNING: ");
}

/* Of a process that was alone and had nobody to write a verdict. */
enum target_outcome result_outcome_of_status(int status, struct strv text)
{
	bool report = has_report(text);

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !report)
		return TARGET_OK;
	if (report && strv_contains(text, "LeakSanitizer: detected memory leaks") &&
		!strv_contains(text, "ERROR: AddressSanitizer"))
		return TARGET_LEAK;
	if (report && (strv_contains(text, " out-of-memory") ||
			      strv_contains(text, "rss limit exhausted")))
		return TARGET_OOM;
	if (report && strv_contains(text, "libFuzzer: timeout"))
		return TARGET_TIMEOUT;
	if (WIFSIGNALED(status))
		return TARGET_CRASH;
	if (WEXITSTATUS(status) == 0)
		/* it printed, but lived on */
		return TARGET_OK;
	return report ? TARGET_CRASH : TARGET_EXIT;
}

/* A sanitizer ended it, and not for what the target did. One that ends itself may have printed the same words. */
static bool was_refused(uint32_t verdict, int status, struct strv text)
{
	return verdict == THRESH_RT_CRASHED && WIFEXITED(status) &&
	       WEXITSTATUS(status) == THRESH_RT_EXIT_CRASH && refusal_of_sanitizer(text);
}

static enum target_outcome outcome_of(uint32_t verdict, int status, bool killed, struct strv text)
{
	if (was_refused(verdict, status, text))
		return TARGET_ERROR;
	switch ((enum thresh_rt_verdict)verdict) {
	case THRESH_RT_OK:
		return status == 0 ? TARGET_OK : TARGET_CRASH;
	case THRESH_RT_REJECTED:
		return status == 0 ? TARGET_REJECTED : TARGET_CRASH;
	case THRESH_RT_CRASHED:
		return strv_contains(text, "Sanitizer: out-of-memory") ? TARGET_OOM : TARGET_CRASH;
	case THRESH_RT_LEAKED:
		return TARGET_LEAK;
	case THRESH_RT_TIMED_OUT:
		return TARGET_TIMEOUT;
	case THRESH_RT_NO_MEMORY:
		return TARGET_OOM;
	case THRESH_RT_EXITED:
		return TARGET_EXIT;
	case THRESH_RT_UNABLE:
		return TARGET_ERROR;
	case THRESH_RT_IS_KNOWN:
		return TARGET_CRASH;
	case THRESH_RT_NONE:
		break;
	}
	if (killed)
		return TARGET_TIMEOUT;
	/* by whom isn't known: run.c tries again */
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGKILL ? TARGET_ERROR : TARGET_CRASH;
	if (WEXITSTATUS(status) == THRESH_RT_EXIT_CRASH && has_report(text))
		return TARGET_CRASH;
	return TARGET_EXIT;
}

/* What the target's end couldn't say itself. */
static void add_message(struct target *t, struct buf *text, size_t from, enum target_outcome o,
	uint32_t pid, int status)
{
	struct strv own = strv_n(buf_str(text) + from, text->len - from);

	if (o != TARGET_EXIT && o != TARGET_TIMEOUT && o != TARGET_OOM && o != TARGET_ERROR)
		return;
	if (strv_contains(own, "ERROR: thresh: ") || strv_contains(own, "Sanitizer: out-of-memory"))
		return;
	if (text->len > from && buf_str(text)[text->len - 1] != '\n')
		buf_addch(text, '\n');
	buf_addf(text, "==%u== ERROR: thresh: ", pid);
	if (o == TARGET_EXIT)
		buf_addf(text, "fuzz target exited with status %d\n",
			WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	else if (o == TARGET_TIMEOUT)
		buf_addf(text, "timeout after %llu ms of wall-clock time\n",
			(unsigned long long)target_wall_ms(&t->spec));
	else if (o == TARGET_OOM)
		buf_adds(text, "out of memory\n");
	else if (WIFSIGNALED(status))
		buf_adds(text, "killed from outside\n");
	else
		buf_adds(text, "this machine had no room for the input or its report\n");
}

/* Ids, checked: the target could have written anything. */
static void read_features(struct target *t, const struct server *s, const struct thresh_rt_rec *rec,
	struct target_result *r)
{
	uint64_t from = rec->feat_from, n = rec->n_feat, cap = s->feat_cap / sizeof(uint32_t);
	uint32_t max = (uint32_t)(s->counters << 3), last = 0;
	const uint32_t *src;

	if (from > cap || n > cap - from)
		return;
	if (n > t->features_cap) {
		t->features_cap = n;
		t->features = xrealloc(t->features, n * sizeof(*t->features));
	}
	src = (const uint32_t *)(const void *)((const char *)s->seg + s->feat_off) + from;
	for (uint64_t i = 0; i < n; i++) {
		uint32_t id = src[i];

		if (!t->spec.places && (id >= max || (i > 0 && id <= last)))
			break;
		t->features[r->n_features++] = last = id;
	}
	r->features = t->features;
}

static uint64_t calls_of(const struct thresh_rt_rec *rec, enum target_fault_kind k)
{
	switch (k) {
	case TARGET_FAULT_ALLOC:
		return rec->allocs;
	case TARGET_FAULT_READ_ONE:
	case TARGET_FAULT_READ_HALF:
	case TARGET_FAULT_READ_EINTR:
	case TARGET_FAULT_READ_EIO:
		return rec->io[THRESH_RT_IO_READ];
	case TARGET_FAULT_STREAM_EIO:
		return rec->io[THRESH_RT_IO_STREAM];
	case TARGET_FAULT_WRITE_HALF:
	case TARGET_FAULT_WRITE_EINTR:
	case TARGET_FAULT_WRITE_ENOSPC:
		return rec->io[THRESH_RT_IO_WRITE];
	case TARGET_FAULTS:
		break;
	}
	return 0;
}

static void read_stack(struct target *t, const struct thresh_rt_rec *rec, struct target_result *r)
{
	if (!t->pcs)
		t->pcs = xcalloc(THRESH_RT_PCS, sizeof(*t->pcs));
	r->known = rec->verdict == THRESH_RT_IS_KNOWN;
	r->how = rec->how;
	r->n_pcs = MIN(rec->n_pcs, (uint32_t)THRESH_RT_PCS);
	memcpy(t->pcs, rec->pcs, r->n_pcs * sizeof(*t->pcs));
	r->pcs = t->pcs;
}

/* What became of it in company was none of its doing: that it passes alone is all there is to say. */
static bool ended_by_others(const struct server *s, const struct failed *company, bool killed)
{
	struct buf text = BUF_INIT;
	bool others;

	result_read_text(s->err_fd, company->from, company->to, &text);
	others = outcome_of(company->verdict, company->status, killed,
			 strv_n(buf_str(&text), text.len)) == TARGET_ERROR;
	buf_release(&text);
	return others;
}

static bool has_passed(uint32_t verdict)
{
	return verdict == THRESH_RT_OK || verdict == THRESH_RT_REJECTED;
}

/* What the zygote told is final, whatever the record says by now; of what it didn't tell there is no failure. */
static bool take_failed(const struct failed *f, struct thresh_rt_rec *rec)
{
	rec->status = f->seen ? f->status : 0;
	if (!f->seen)
		return has_passed(rec->verdict);
	rec->verdict = f->verdict;
	rec->err_from = f->from;
	rec->err_to = f->to;
	/* its child ended with it all the same */
	if (!f->status && has_passed(f->verdict))
		rec->verdict = THRESH_RT_NONE;
	return true;
}

bool result_from_record(struct target *t, const struct server *s, uint32_t index,
	const struct thresh_rt_rec *shared, struct target_result *r)
{
	/* copied once, as the target may still write there */
	struct thresh_rt_rec rec = *shared;
	const struct item *it = &s->items[index];
	const struct failed *company = &it->failed[1];
	bool killed = s->killed == index, failed;

	if (!take_failed(&it->failed[0], &rec))
		return false;
	memset(r, 0, sizeof(*r));
	buf_reset(&t->text);
	if (rec.err_to > rec.err_from)
		result_read_text(s->err_fd, rec.err_from, rec.err_to, &t->text);
	r->outcome =
		outcome_of(rec.verdict, rec.status, killed, strv_n(buf_str(&t->text), t->text.len));
	failed = r->outcome != TARGET_OK && r->outcome != TARGET_REJECTED;
	r->alone = it->first;
	r->batch_outcome = r->outcome;
	result_set_status(r, rec.status);
	r->wall_us = rec.wall_us;
	r->cpu_us = rec.cpu_us;
	for (unsigned k = 0; k < TARGET_FAULTS; k++)
		r->calls[k] = calls_of(&rec, k);
	r->has_memory = t->spec.memory_use && (s->has & THRESH_RT_HAS_HEAP);
	r->memory = r->has_memory ? rec.heap : 0;
	if (failed) {
		add_message(t, &t->text, 0, r->outcome, rec.pid, rec.status);
		read_stack(t, &rec, r);
	} else if (company->seen && !ended_by_others(s, company, killed)) {
		r->stateful = true;
		buf_reset(&t->text);
		result_read_text(s->err_fd, company->from, company->to, &t->text);
		r->batch_outcome = outcome_of(company->verdict, company->status, killed,
			strv_n(buf_str(&t->text), t->text.len));
		add_message(t, &t->text, 0, r->batch_outcome, rec.pid, company->status);
	}
	if (t->spec.features && rec.n_feat > 0 && (!failed || t->spec.places))
		read_features(t, s, &rec, r);
	report_paths_tame(t, &t->text);
	r->text = strv_n(buf_str(&t->text), t->text.len);
	return true;
}
