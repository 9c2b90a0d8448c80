/*
 * Security flag, severity and the reason in words, from the table of kinds and what the report says of
 * address, direction and block. An address below one page is a null pointer's: ASan, ClusterFuzz and the
 * kernel's own mmap_min_addr draw the line there; members further out than that are told as wild.
 */
#include "base/prelude.h"
#include "crash/severity.h"
#include "crash/internal.h"
#include <inttypes.h>

#define NEAR_NULL 0x1000

static const char *verb(const struct crash_report *r)
{
	return r->access == CRASH_WRITE ? "write" : r->access == CRASH_READ ? "read" : "access";
}

static void add_access(struct buf *b, const struct crash_report *r)
{
	buf_adds(b, verb(r));
	if (r->size && r->access)
		buf_addf(b, " of %" PRIu64 " byte%s", r->size, r->size == 1 ? "" : "s");
}

static bool add_block(struct buf *b, const struct crash_report *r)
{
	uint64_t past;

	if (!r->has_block)
		return false;
	if (r->block_offset < 0) {
		buf_addf(b, " %" PRIu64 " bytes before", (uint64_t)0 - (uint64_t)r->block_offset);
	} else if ((uint64_t)r->block_offset >= r->block_size) {
		past = (uint64_t)r->block_offset - r->block_size;
		if (past)
			buf_addf(b, " %" PRIu64 " bytes", past);
		buf_adds(b, past ? " past the end of" : " at the end of");
	} else if (!strcmp(r->kind, "use-after-free")) {
		buf_addf(b, " at offset %" PRId64 " of", r->block_offset);
	} else {
		buf_adds(b, " running past the end of");
	}
	buf_addf(b, " a %s%" PRIu64 "-byte heap block",
		!strcmp(r->kind, "use-after-free") ? "freed " : "", r->block_size);
	return true;
}

static bool is_access(const char *kind)
{
	static const char *const kinds[] = { "heap-buffer-overflow", "stack-buffer-overflow",
		"stack-buffer-underflow", "global-buffer-overflow", "container-overflow", "segv",
		"unknown-crash", "null-deref", "use-after-free", "use-after-return",
		"use-after-scope", "use-after-poison", "tag-mismatch", "intra-object-overflow" };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(kind, kinds[i]))
			return true;
	return false;
}

static void describe(struct buf *b, const struct crash_report *r, const struct kind_info *k)
{
	bool of = !strncmp(r->kind, "use-after", 9) || !strcmp(r->kind, "unknown-crash");

	if (r->priv->pc_zero && r->access != CRASH_WRITE) {
		buf_adds(b, "jump through a null function pointer");
		return;
	}
	if (r->priv->pc_wild && !strcmp(r->kind, "segv")) {
		buf_adds(b, "jump to an address that isn't code");
		return;
	}
	if (!is_access(r->kind)) {
		buf_adds(b, k->words);
		if (!strcmp(r->kind, "leak") && r->size)
			buf_addf(b, " (%" PRIu64 " bytes)", r->size);
		return;
	}
	add_access(b, r);
	if (!strcmp(r->kind, "null-deref")) {
		if (r->has_address && r->address)
			buf_addf(b, " at offset %" PRIu64 " of a null pointer", r->address);
		else
			buf_adds(b, " through a null pointer");
		return;
	}
	if (!add_block(b, r))
		buf_adds2(b, of || !strcmp(r->kind, "segv") ? " of " : " ", k->words);
}

/* Where a failed assertion writes to, to be told from other crashes: ClusterFuzz's list, which began with WebKit's bbadbeef. */
static bool assertion_mark(uint64_t a)
{
	return a == 0xbbadbeef || a == 0xfbadbeef || a == 0x1f75b7dd || a == 0x977537dd ||
	       a == 0x9f7537dd;
}

enum crash_address crash_address_class(uint64_t address)
{
	return address < NEAR_NULL       ? CRASH_ADDRESS_NULL
	       : assertion_mark(address) ? CRASH_ADDRESS_MARK
					 : CRASH_ADDRESS_ANY;
}

static void by_address(struct crash_report *r, struct buf *b)
{
	r->security = CRASH_YES;
	if (r->has_address && assertion_mark(r->address)) {
		r->security = CRASH_NO;
		r->severity = 1;
		buf_adds(b, "; the address marks a failed assertion");
	} else if (r->priv->pc_zero) {
		r->severity = 2;
		buf_adds(b, "; control flow depends on memory the program didn't set");
	} else if (r->priv->pc_wild && !strcmp(r->kind, "segv")) {
		r->severity = 3;
		buf_adds(b, "; the input may choose where it goes on");
	} else if (!strcmp(r->kind, "null-deref") || (r->has_address && r->address < NEAR_NULL)) {
		r->security = CRASH_NO;
		r->severity = 1;
		buf_adds(b, "; near null, so it only stops the program");
	} else if (!r->has_address && !by_sanitizer(r) && !r->priv->wild) {
		r->security = CRASH_UNKNOWN;
		buf_adds(b, "; the report doesn't give the address");
	} else {
		buf_adds(b, r->priv->wild || !r->has_address
				    ? "; the address isn't a valid pointer at all"
				    : "; far from null, so the input may choose the address");
	}
}

void severity_judge(struct crash_report *r, const struct kind_info *k)
{
	struct buf b = BUF_INIT;

	describe(&b, r, k);
	r->severity = r->access == CRASH_WRITE ? k->severity_write : k->severity;
	switch (k->security) {
	case SEC_NO:
		r->security = CRASH_NO;
		break;
	case SEC_YES:
		r->security = CRASH_YES;
		break;
	case SEC_ADDRESS:
		by_address(r, &b);
		break;
	case SEC_UNKNOWN:
		r->security = CRASH_UNKNOWN;
		break;
	}
	if (r->priv->pc_zero && !strcmp(r->kind, "illegal-instruction")) {
		r->security = CRASH_YES;
		r->severity = 2;
		buf_adds(
			&b, " at address 0; control flow depends on memory the program didn't set");
	}
	/* UBSan stops a null access before it happens; a null index is no overflow */
	if (!strcmp(r->sanitizer, "ubsan") && !strcmp(r->kind, "null-deref"))
		r->security = CRASH_NO;
	if (r->priv->debug_only && r->security == CRASH_NO) {
		r->security = CRASH_UNKNOWN;
		buf_adds(&b, "; release builds go on past it");
	}
	if (r->priv->sec_check) {
		r->security = CRASH_YES;
		r->severity = MAX(r->severity, 3);
		buf_adds(&b, "; the check guards security");
	}
	if (r->priv->protected_) {
		r->security = CRASH_NO;
		r->severity = 1;
		buf_adds(&b, "; the allocator keeps the memory quarantined");
	}
	r->why = arena_strndup(&r->arena, b.s ? b.s : "", b.len);
	buf_release(&b);
}

static const struct crash_frame *place(const struct crash_report *r)
{
	const struct crash_stack *s = report_fault(r);

	for (size_t i = 0; s && i < s->n; i++)
		if (!s->frames[i].ignored && !s->frames[i].library && s->frames[i].name)
			return &s->frames[i];
	return NULL;
}

/* The name or number that our runtime and crash_report_add_status say; empty: some other handler's words. */
static struct strv signal_of(const struct crash_report *r)
{
	struct strv m = strv_of(r->message);

	if (strcmp(r->kind, "deadly-signal") != 0 ||
		(!strv_skip(&m, "deadly signal ") && !strv_skip(&m, CRASH_KILLED_BY)))
		return (struct strv){ NULL, 0 };
	return strv_sub(m, 0, strv_chr(m, ' '));
}

void summary_make(struct crash_report *r, const struct kind_info *k)
{
	const struct crash_frame *f = place(r);
	struct strv sig = signal_of(r);
	struct buf b = BUF_INIT;

	(void)k;
	buf_adds(&b, r->kind);
	if (r->access) {
		buf_adds(&b, " (");
		add_access(&b, r);
		buf_addch(&b, ')');
	} else if (r->message && !strcmp(r->family, "assertion")) {
		buf_addf(&b, " (%.*s)", (int)MIN(strlen(r->message), (size_t)120), r->message);
	} else if (sig.len) {
		buf_addf(&b, " (" STRV_FMT ")", STRV_ARG(strv_sub(sig, 0, 20)));
	}
	if (r->n_cycle) {
		buf_adds(&b, ": ");
		for (size_t i = 0; i < MIN(r->n_cycle, (size_t)3); i++)
			buf_adds2(&b, i ? " -> " : "", r->cycle[i]);
	} else if (f) {
		buf_adds2(&b, " in ", f->name);
		if (f->file && f->line)
			buf_addf(&b, " (%s:%u)", path_base(strv_of(f->file)).s, f->line);
	} else if (r->n_key) {
		buf_adds2(&b, " in ", r->key[0]);
	}
	for (size_t i = 0; i < b.len; i++)
		if ((unsigned char)b.s[i] < ' ' || b.s[i] == 0x7f)
			b.s[i] = ' ';
	r->summary = arena_strndup(&r->arena, b.s, b.len);
	buf_release(&b);
}
