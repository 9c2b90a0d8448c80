/*
 * One case of a switch for each call, as somebody would write it by hand. Copies of the input stay until all objects are
 * ended: which of its arguments an object keeps isn't known.
 */
#include "base/prelude.h"
#include "scaffold/calls_text.h"
#include "scaffold/harness_text.h"
#include "scaffold/roles.h"
#include "scaffold/words.h"
#include <stdio.h>

#define LEFT_SHOWN 30

static const char readers[] =
	"/* What is left of the input; behind its end there are zeros. */\n"
	"static struct {\n\tconst uint8_t *p;\n\tsize_t n;\n} in;\n"
	"\n"
	"static inline uint64_t number(unsigned bytes)\n"
	"{\n\tuint64_t v = 0;\n\n"
	"\tfor (; bytes; bytes--) {\n\t\tv = v << 8 | (in.n ? *in.p : 0);\n"
	"\t\tin.p += in.n > 0;\n\t\tin.n -= in.n > 0;\n\t}\n\treturn v;\n}\n"
	"\n"
	"/* Mostly a small one. */\n"
	"static inline int64_t integer(void)\n"
	"{\n\tint64_t v = (int64_t)number(1);\n\n"
	"\treturn v < 240 ? v : (int32_t)number(4);\n}\n"
	"\n"
	"static inline double real(void)\n"
	"{\n\treturn (int32_t)number(4) / 16.0;\n}\n"
	"\n"
	"/* Of bytes or a text: what the input still has at most. */\n"
	"static inline size_t length(void)\n"
	"{\n\tsize_t n = number(1);\n\n\tif (n == 255)\n\t\tn = number(2);\n"
	"\treturn n < in.n ? n : in.n;\n}\n"
	"\n"
	"/* Objects may point to what they were given: it stays until all of them are ended. */\n"
	"struct kept {\n\tstruct kept *next;\n\tunsigned char bytes[];\n};\n"
	"static struct kept *kept;\n"
	"\n"
	"static inline void *room(size_t n)\n"
	"{\n\tstruct kept *k = calloc(1, sizeof(*k) + n);\n\n"
	"\tif (!k)\n\t\treturn NULL;\n\tk->next = kept;\n\tkept = k;\n\treturn k->bytes;\n}\n"
	"\n"
	"static inline void *bytes(size_t n)\n"
	"{\n\tunsigned char *p = room(n);\n\n"
	"\tfor (size_t i = 0; p && i < n; i++)\n\t\tp[i] = (unsigned char)number(1);\n"
	"\treturn p;\n}\n"
	"\n"
	"static inline char *text(void)\n"
	"{\n\tsize_t n = length();\n\tchar *p = room(n + 1);\n\n"
	"\tfor (size_t i = 0; p && i < n; i++)\n\t\tp[i] = (char)number(1);\n"
	"\treturn p;\n}\n";

static const char *star(const struct calls *p)
{
	return p->opaque ? "" : "*";
}

/* A handle's arguments, with the object in the place of '@'. */
static void add_filled(struct buf *b, const char *args, const char *object)
{
	for (; *args; args++)
		if (*args == '@')
			buf_adds(b, object);
		else
			buf_addch(b, *args);
}

static void add_head(struct buf *b, const struct calls *p)
{
	buf_addf(b,
		"/*\n * Boundary: functions on %s of %s, in the order that the input chooses.\n"
		" * Bytes: the number of a call, then its arguments; as number() and its like "
		"below "
		"read them.\n"
		" * Contract: objects are live ones, ended once; no pointer is NULL; lengths are "
		"those of the\n"
		" * memory they go with; texts end with a NUL; what was passed stays until the "
		"end.\n"
		" * Where the library asks for more, write it into that call's case: what breaks a "
		"rule of the\n"
		" * library's is no bug of its.\n"
		" * Oracle: no crash; assert here, too, what must hold. thresh.h, beside this "
		"file, "
		"has names\n * for that.\n",
		p->type, p->header->include);
	if (p->left.n)
		buf_adds(b, " *\n * Not called:\n");
	for (size_t i = 0; i < p->left.n && i < LEFT_SHOWN; i++)
		buf_addf(b, " *   %s\n", p->left.v[i]);
	if (p->left.n > LEFT_SHOWN)
		buf_addf(b, " *   and %zu more\n", p->left.n - LEFT_SHOWN);
	buf_adds(b, " */\n#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n"
		    "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n\n");
	if (p->startup && strcmp(p->startup_include, p->header->include) != 0)
		buf_addf(b, "#include %s\n", p->startup_include);
	buf_addf(b,
		"#include %s\n\n#define LIVE_MAX 8\n#define STEPS_MAX 100\n"
		"#define MAKERS %zu\n#define CALLS %zu\n\n",
		p->header->include, p->n_makers, p->n + (p->handle->end != NULL));
}

/* The table of live objects. */
static unsigned add_live(struct buf *b, const struct calls *p)
{
	const char *type = p->type;
	bool in_memory = p->handle->make && p->handle->how == HANDLE_INIT;

	buf_addf(b, "\nstatic %s %slive[LIVE_MAX];\nstatic size_t n_live;\n", type, star(p));
	buf_addf(b, "\nstatic void end(%s %sx)\n{\n\t", type, star(p));
	if (p->handle->end) {
		buf_addf(b, "%s(", p->handle->end);
		add_filled(b, p->handle->end_args, "x");
		buf_adds(b, ");\n");
	} else {
		buf_adds(b, in_memory ? "/* its memory is all that it has */\n"
				      : "/* TODO: how does one end? */\n\t(void)x;\n");
	}
	buf_adds(b, in_memory ? "\tfree(x);\n}\n" : "}\n");
	buf_addf(b,
		"\nstatic void put(%s %sx)\n{\n\tif (x && n_live < LIVE_MAX)\n\t\tlive[n_live++] = "
		"x;\n\telse if (x)\n\t\tend(x);\n}\n",
		type, star(p));
	buf_addf(b,
		"\nstatic inline %s %spick(void)\n{\n\treturn n_live ? live[number(1) %% n_live] : "
		"NULL;\n}\n",
		type, star(p));
	return !p->handle->end && !in_memory;
}

/* Its answer is mostly 0. */
static void add_stub(struct buf *b, size_t call, size_t i, const struct proto_param *q)
{
	char name[40];
	bool gives;
	struct buf head = BUF_INIT;

	snprintf(name, sizeof(name), "callback_%zu_%zu", call, i + 1);
	add_filled(&head, q->stub, name);
	gives = strncmp(q->stub, "void ", 5) != 0;
	buf_addf(b, "\nstatic %s\n{\n", buf_str(&head));
	for (unsigned k = 1;; k++) {
		snprintf(name, sizeof(name), "arg%u", k);
		if (!strstr(buf_str(&head), name))
			break;
		buf_addf(b, "\t(void)%s;\n", name);
	}
	buf_adds(b, gives ? "\treturn number(1) > 240;\n}\n" : "}\n");
	buf_release(&head);
}

static bool is_small(const struct proto_param *q)
{
	static const char *const words[] = { "len", "length", "size", "n", "count", "capacity",
		"max", "num", "index", "idx", "depth", "width", "height", "pos", "offset", NULL };

	for (size_t i = 0; words[i]; i++)
		if (words_have(q->name, words[i]))
			return true;
	return strcmp(q->base, "size_t") == 0;
}

static void add_integer(struct buf *b, const struct proto_param *q)
{
	if (strcmp(q->canon, "bool") == 0 || strcmp(q->canon, "_Bool") == 0)
		buf_adds(b, "number(1) & 1");
	else if (is_small(q))
		buf_addf(b, "(%s)number(1)", q->base);
	else
		buf_addf(b, "(%s)integer()", q->base);
}

/* A variable for argument i, filled. */
static void add_variable(struct buf *b, const struct calls *p, const struct call *c, size_t i)
{
	const struct proto_param *q = &c->proto->params[i];

	switch (c->args[i]) {
	case PASS_OBJECT:
		buf_addf(b, "\t\t%s %sa%zu = pick();\n", p->type, star(p), i + 1);
		return;
	case PASS_MADE:
		buf_addf(b, "\t\t%s %sa%zu = ", p->type, star(p), i + 1);
		if (c->how == CALL_INITS)
			buf_addf(b, "calloc(1, sizeof(*a%zu));\n", i + 1);
		else
			buf_adds(b, "NULL;\n");
		return;
	case PASS_BYTES:
		buf_addf(b, "\t\tsize_t n%zu = length();\n\t\tvoid *a%zu = bytes(n%zu);\n", i + 1,
			i + 1, i + 1);
		return;
	case PASS_ROOM:
		buf_addf(b, "\t\tsize_t n%zu = number(1);\n\t\tvoid *a%zu = room(n%zu);\n", i + 1,
			i + 1, i + 1);
		return;
	case PASS_TEXT:
		buf_addf(b, "\t\tchar *a%zu = text();\n", i + 1);
		return;
	case PASS_ENUM:
		buf_addf(b, "\t\tstatic const %s v%zu[] = { %s };\n", q->base, i + 1, c->values[i]);
		buf_addf(b, "\t\t%s a%zu = v%zu[number(1) %% (sizeof(v%zu) / sizeof(*v%zu))];\n",
			q->base, i + 1, i + 1, i + 1, i + 1);
		return;
	case PASS_OUT:
		buf_addf(b, "\t\t%s a%zu = 0;\n", q->base, i + 1);
		return;
	case PASS_INTEGER:
		buf_addf(b, "\t\t%s a%zu = ", q->base, i + 1);
		add_integer(b, q);
		buf_adds(b, ";\n");
		return;
	case PASS_REAL:
		buf_addf(b, "\t\t%s a%zu = (%s)real();\n", q->base, i + 1, q->base);
		return;
	case PASS_LENGTH:
	case PASS_ROOM_SIZE:
	case PASS_CALLBACK:
	case PASS_NULL:
	case PASS_GIVEN:
		return;
	}
}

static void add_argument(struct buf *b, size_t call, const struct call *c, size_t i)
{
	buf_adds(b, i ? ", " : "");
	switch (c->args[i]) {
	case PASS_LENGTH:
	case PASS_ROOM_SIZE:
		buf_addf(b, "(%s)n%zu", c->proto->params[i].base, i);
		return;
	case PASS_CALLBACK:
		buf_addf(b, "callback_%zu_%zu", call, i + 1);
		return;
	case PASS_NULL:
		buf_adds(b, "NULL");
		return;
	case PASS_GIVEN:
		buf_adds(b, c->proto->params[i].given);
		return;
	case PASS_OUT:
		buf_addf(b, "&a%zu", i + 1);
		return;
	case PASS_MADE:
		buf_addf(b, c->how == CALL_FILLS ? "&a%zu" : "a%zu", i + 1);
		return;
	case PASS_OBJECT:
	case PASS_BYTES:
	case PASS_ROOM:
	case PASS_TEXT:
	case PASS_ENUM:
	case PASS_INTEGER:
	case PASS_REAL:
		buf_addf(b, "a%zu", i + 1);
		return;
	}
}

/* What must not be NULL, though it may come out so: no live object, no memory. */
static void add_checks(struct buf *b, const struct call *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->proto->n_params; i++) {
		enum call_arg a = c->args[i];

		if (a == PASS_OBJECT || a == PASS_BYTES || a == PASS_ROOM || a == PASS_TEXT ||
			(a == PASS_MADE && c->how == CALL_INITS))
			buf_addf(b, "%s!a%zu", n++ ? " || " : "\n\t\tif (", i + 1);
	}
	if (n)
		buf_adds(b, ")\n\t\t\tbreak;\n");
}

static void add_call(struct buf *b, const struct calls *p, size_t nr)
{
	const struct call *c = &p->calls[nr];
	size_t made = SIZE_MAX;

	buf_addf(b, "\tcase %zu: { /* %s */\n", nr,
		c->proto->text ? c->proto->text : c->proto->name);
	for (size_t i = 0; i < c->proto->n_params; i++) {
		add_variable(b, p, c, i);
		made = c->args[i] == PASS_MADE ? i : made;
	}
	add_checks(b, c);
	buf_addf(b, c->how == CALL_RETURNS ? "\t\tput(%s(" : "\t\t(void)%s(", c->proto->name);
	for (size_t i = 0; i < c->proto->n_params; i++)
		add_argument(b, nr, c, i);
	buf_adds(b, c->how == CALL_RETURNS ? "));\n" : ");\n");
	if (made != SIZE_MAX)
		buf_addf(b, "\t\tput(a%zu);\n", made + 1);
	buf_adds(b, "\t\tbreak;\n\t}\n");
}

static void add_end(struct buf *b, const struct calls *p)
{
	if (!p->handle->end)
		return;
	buf_addf(b, "\tcase %zu: { /* %s */\n", p->n, p->handle->end);
	buf_adds(b, "\t\tsize_t k = number(1) % n_live;\n\n\t\tend(live[k]);\n"
		    "\t\tlive[k] = live[--n_live];\n\t\tbreak;\n\t}\n");
}

unsigned calls_text(struct buf *out, const struct calls *p)
{
	unsigned todos;

	add_head(out, p);
	buf_adds(out, readers);
	todos = add_live(out, p);
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->calls[i].proto->n_params; k++)
			if (p->calls[i].args[k] == PASS_CALLBACK)
				add_stub(out, i, k, &p->calls[i].proto->params[k]);
	buf_adds(out,
		"\n/* The makers come first: where nothing is live, only they are called. */\n"
		"static void step(unsigned call)\n{\n\tswitch (call) {\n");
	for (size_t i = 0; i < p->n; i++)
		add_call(out, p, i);
	add_end(out, p);
	buf_adds(out, "\t}\n}\n");
	if (p->startup)
		harness_startup(out, p->startup, false);
	buf_adds(out, "\nint LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);\n\n"
		      "int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)\n{\n"
		      "\tin.p = data;\n\tin.n = size;\n"
		      "\tfor (unsigned steps = 0; in.n && steps < STEPS_MAX; steps++)\n"
		      "\t\tstep((unsigned)(number(1) % (n_live ? CALLS : MAKERS)));\n"
		      "\twhile (n_live)\n\t\tend(live[--n_live]);\n"
		      "\twhile (kept) {\n\t\tstruct kept *k = kept;\n\n\t\tkept = "
		      "k->next;\n\t\tfree(k);\n"
		      "\t}\n\treturn 0;\n}\n");
	return todos;
}
