/*
 * Asks clang for a function's type by having it read
 *
 *     #include <the header>
 *     typedef __typeof__((function)) thresh_typeof_function;
 *
 * and print its tree as JSON. The typedef's tree has the type in full, each typedef with what it stands for below it;
 * brackets keep a macro of the function's name from being called. Parameters have names only in the declarations, which
 * are printed, too, since the filter is the function's name: all that has it in its own.
 */
#include "base/prelude.h"
#include "scaffold/clang_ast.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/proc.h"
#include "scaffold/clang_said.h"
#include <cjson/cJSON.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define TREE_MAX ((size_t)64 << 20)
#define CLANG_MS 30000
#define CLANG_CPU_S 20
#define CLANG_NEWEST 30
#define CLANG_OLDEST 11
/* Deeper than any type that people write; what clang prints is a header's doing, and so anybody's. */
#define TYPE_DEPTH 60
#define PREFIX "thresh_typeof_"

/* "clang", else the newest of those that have a number in their name; the caller frees. */
static char *find_clang(void)
{
	char *path = fs_which("clang");

	for (int i = CLANG_NEWEST; !path && i >= CLANG_OLDEST; i--) {
		char name[24];

		snprintf(name, sizeof(name), "clang-%d", i);
		path = fs_which(name);
	}
	return path;
}

static const char *string_of(const cJSON *o, const char *key)
{
	const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, key));

	return s ? s : "";
}

static bool is_kind(const cJSON *node, const char *kind)
{
	return strcmp(string_of(node, "kind"), kind) == 0;
}

/* How the type is written, as C. */
static const char *spelled(const cJSON *node)
{
	return string_of(cJSON_GetObjectItemCaseSensitive(node, "type"), "qualType");
}

static const cJSON *inner(const cJSON *node)
{
	return cJSON_GetObjectItemCaseSensitive(node, "inner");
}

/* What a node stands for is its last child: in front of it may be an expression, or an array that decays. */
static const cJSON *last_of(const cJSON *list)
{
	return list && list->child ? list->child->prev : NULL;
}

/* The function type behind typedefs, brackets and attributes; NULL: it is something else. */
static const cJSON *function_type(const cJSON *node)
{
	for (unsigned i = 0; node && i < TYPE_DEPTH; i++) {
		if (is_kind(node, "FunctionProtoType") || is_kind(node, "FunctionNoProtoType"))
			return node;
		if (is_kind(node, "PointerType"))
			return NULL;
		node = last_of(inner(node));
	}
	return NULL;
}

struct type {
	const char *base;  /* the outermost name for what the pointers point to in the end */
	const char *canon; /* that without any typedef */
	const char *alias; /* the name of a typedef that holds the pointer */
	unsigned depth;
	bool is_const, is_callback, opaque;
};

/* "_Bool" is what the macro bool stands for, and isn't known to C++. */
static const char *common_name(const char *name)
{
	return strcmp(name, "_Bool") == 0 ? "bool" : name;
}

/* On some machines an array of one of these, which decays: nobody writes it as what it is. */
static void end_va_list(struct type *t)
{
	if (t->depth == 1 && strcmp(t->canon, "struct __va_list_tag") == 0) {
		t->base = t->canon = "va_list";
		t->depth = 0;
	}
}

static bool alias_says(const char *alias, const char *const *words)
{
	for (; *words; words++)
		if (strcasestr(alias, *words))
			return true;
	return false;
}

/*
 * "XML_Parser" is void *, and an object; so is no "voidp" or "buffer", which is bytes by another name. A char * is a text,
 * unless it is called what no text is.
 */
static void find_opaque(struct type *t)
{
	static const char *const bytes[] = { "void", "ptr", "pointer", "buf", "data", "byte", "mem",
		"any", NULL };
	static const char *const objects[] = { "context", "ctx", "handle", "session", "parser",
		"decoder", "encoder", "instance", "object", "state", NULL };
	bool is_char = strcmp(t->canon, "char") == 0 || strcmp(t->canon, "unsigned char") == 0;

	if (t->depth != 1 || !*t->alias || alias_says(t->alias, bytes))
		return;
	if (strcmp(t->canon, "void") != 0 &&
		!(is_char && !t->is_const && alias_says(t->alias, objects)))
		return;
	t->opaque = true;
	t->base = t->canon = t->alias;
	t->depth = 0;
}

static void read_type(const cJSON *node, struct type *t)
{
	const char *name = "";

	*t = (struct type){ .base = "", .canon = "", .alias = "" };
	for (unsigned i = 0; node && i < TYPE_DEPTH; i++) {
		if (is_kind(node, "PointerType")) {
			if (!t->depth++)
				t->alias = name;
			name = "";
			t->is_const = false;
		} else if (is_kind(node, "QualType")) {
			t->is_const = t->is_const || strstr(string_of(node, "qualifiers"), "const");
		} else if (strncmp(string_of(node, "kind"), "Function", 8) == 0 ||
			   (t->depth && strstr(string_of(node, "kind"), "ArrayType"))) {
			/* a pointer to an array is as little to be made here as one to a function */
			t->is_callback = true;
			return;
		} else if (is_kind(node, "TypedefType")) {
			if (!*name)
				name = spelled(node);
		} else if (!last_of(inner(node)) || strstr(string_of(node, "kind"), "ArrayType")) {
			t->canon = common_name(spelled(node));
			t->base = *name ? name : t->canon;
			end_va_list(t);
			find_opaque(t);
			return;
		}
		node = last_of(inner(node));
	}
}

/* Without the underscores that keep a header's names out of everybody's way. */
static const char *plain_name(const char *name)
{
	name += strspn(name, "_");
	return isdigit((unsigned char)*name) ? "" : name;
}

/* "void (*)(int)" and "f": "void (*f)(int)". */
static void add_declarator(struct buf *b, const char *type, const char *name)
{
	const char *star = strstr(type, "(*");
	size_t cut = star ? (size_t)(star - type) + 2 : strlen(type);

	buf_add(b, type, cut);
	if (*name && !star && cut && type[cut - 1] != '*')
		buf_addch(b, ' ');
	buf_adds(b, name);
	buf_adds(b, type + cut);
}

/* Behind the pointer that a callback is. */
static const cJSON *callback_type(const cJSON *node)
{
	for (unsigned i = 0; node && i < TYPE_DEPTH; i++) {
		if (is_kind(node, "FunctionProtoType"))
			return node;
		node = last_of(inner(node));
	}
	return NULL;
}

/* "int @(void *arg1, char arg2)"; NULL where that takes more than words, as a result that is a pointer to a function. */
static const char *stub_head(struct arena *a, const cJSON *type)
{
	const cJSON *fn = callback_type(type), *n = inner(fn) ? inner(fn)->child : NULL;
	struct buf b = BUF_INIT;
	const char *out = NULL;
	unsigned i = 0;

	if (!n || strchr(spelled(n), '('))
		return NULL;
	add_declarator(&b, spelled(n), "@");
	buf_addch(&b, '(');
	while ((n = n->next)) {
		char name[16];

		snprintf(name, sizeof(name), "arg%u", ++i);
		buf_adds(&b, i > 1 ? ", " : "");
		add_declarator(&b, spelled(n), name);
	}
	buf_adds(&b, i ? "" : "void");
	if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(fn, "variadic")))
		buf_adds(&b, ", ...");
	buf_addch(&b, ')');
	out = arena_strdup(a, b.s);
	buf_release(&b);
	return out;
}

static int read_params(struct arena *a, const cJSON *fn, struct proto *p, struct buf *why)
{
	const cJSON *ret = inner(fn) ? inner(fn)->child : NULL;

	for (const cJSON *n = ret ? ret->next : NULL; n; n = n->next) {
		struct proto_param *q = &p->params[p->n_params];
		struct type t;

		if (p->n_params == PROTO_PARAMS_MAX) {
			buf_addf(why, "%s: more than %d parameters", p->name, PROTO_PARAMS_MAX);
			return -1;
		}
		read_type(n, &t);
		*q = (struct proto_param){
			.base = arena_strdup(a, t.base),
			.canon = arena_strdup(a, t.canon),
			.name = "",
			.depth = t.depth,
			.is_const = t.is_const,
			.opaque = t.opaque,
			.is_callback = t.is_callback,
			.stub = t.is_callback ? stub_head(a, n) : NULL,
		};
		p->n_params++;
	}
	return 0;
}

static void read_result(struct arena *a, const cJSON *fn, struct proto *p)
{
	struct type t;

	read_type(inner(fn) ? inner(fn)->child : NULL, &t);
	p->ret = arena_strdup(a, t.base);
	p->ret_canon = arena_strdup(a, t.canon);
	p->ret_alias = arena_strdup(a, t.alias);
	p->ret_depth = t.depth;
	p->ret_opaque = t.opaque;
	p->ret_const = t.is_const;
}

/* A declaration: names where the parameters have none yet, since a later one may leave them out. */
static void read_names(struct arena *a, const cJSON *decl, struct proto *p)
{
	size_t i = 0;

	for (const cJSON *n = inner(decl) ? inner(decl)->child : NULL; n; n = n->next) {
		if (!is_kind(n, "ParmVarDecl"))
			continue;
		if (i < p->n_params && !*p->params[i].name)
			p->params[i].name = arena_strdup(a, plain_name(string_of(n, "name")));
		i++;
	}
}

/* The prototype as people would write it. */
static void write_text(struct arena *a, const cJSON *fn, struct proto *p)
{
	const cJSON *n = inner(fn) ? inner(fn)->child : NULL;
	struct buf b = BUF_INIT;

	buf_adds(&b, n ? spelled(n) : "int");
	if (b.s[b.len - 1] != '*')
		buf_addch(&b, ' ');
	buf_addf(&b, "%s(", p->name);
	for (size_t i = 0; n && (n = n->next) && i < p->n_params; i++) {
		buf_adds(&b, i ? ", " : "");
		add_declarator(&b, spelled(n), p->params[i].name);
	}
	if (!p->n_params)
		buf_adds(&b, "void");
	buf_adds(&b, p->varargs ? ", ...)" : ")");
	p->text = arena_strdup(a, b.s);
	buf_release(&b);
}

/* The function that the typedef's expression means: by another name where the header renames it with a macro. */
static const char *referenced(const cJSON *node)
{
	for (unsigned i = 0; node && i < TYPE_DEPTH; i++) {
		if (is_kind(node, "DeclRefExpr"))
			return string_of(
				cJSON_GetObjectItemCaseSensitive(node, "referencedDecl"), "name");
		node = inner(node) ? inner(node)->child : NULL;
	}
	return "";
}

/* All of clang's documents, behind each other. */
static cJSON *parse_all(struct strv text)
{
	cJSON *all = cJSON_CreateArray();
	size_t at;

	/* in between, some versions say in words which one follows */
	while ((at = strv_chr(text, '{')) != SIZE_MAX) {
		const char *end = NULL;
		cJSON *one = cJSON_ParseWithLengthOpts(text.s + at, text.len - at, &end, false);

		if (!one)
			break;
		cJSON_AddItemToArray(all, one);
		text = strv_from(text, (size_t)(end - text.s));
	}
	return all;
}

/* From the tree of a typedef; *fn is its function's. */
static enum clang_answer read_typeof(struct arena *a, const char *name, const cJSON *type,
	const cJSON **fn, struct proto *p, struct buf *why)
{
	*fn = function_type(type);
	if (!type) {
		buf_adds(why, "clang printed no tree that is understood");
		return CLANG_CANT;
	}
	if (!*fn) {
		buf_addf(why, "%s: not a function", name);
		return CLANG_UNDECLARED;
	}
	memset(p, 0, sizeof(*p));
	p->name = arena_strdup(a, name);
	p->varargs = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(*fn, "variadic"));
	read_result(a, *fn, p);
	return read_params(a, *fn, p, why) < 0 ? CLANG_CANT : CLANG_OK;
}

static enum clang_answer read_tree(struct arena *a, const struct clang_query *q, struct strv text,
	struct proto *p, struct buf *why)
{
	char *wanted = xasprintf(PREFIX "%s", q->function);
	const cJSON *type = NULL, *fn, *n;
	enum clang_answer rc;
	cJSON *all = parse_all(text);
	const char *name;

	cJSON_ArrayForEach(n, all) if (strcmp(string_of(n, "name"), wanted) == 0) type = n;
	rc = read_typeof(a, q->function, type, &fn, p, why);
	if (rc == CLANG_OK) {
		name = referenced(type);
		cJSON_ArrayForEach(n, all) if (is_kind(n, "FunctionDecl") &&
					       strcmp(string_of(n, "name"), name) == 0)
			read_names(a, n, p);
		write_text(a, fn, p);
	}
	cJSON_Delete(all);
	free(wanted);
	return rc;
}

static void write_head(struct buf *b, const struct clang_query *q, bool more)
{
	/* what a harness has in front of its own includes, always or where it needs it */
	buf_adds(b, "#include <stddef.h>\n#include <stdint.h>\n");
	if (more)
		buf_adds(b, "#include <stdio.h>\n#include <stdlib.h>\n#include <sys/types.h>\n");
	buf_addf(b, "#include %s\n", q->include);
	if (q->declaration)
		buf_addf(b, "%s;\n", q->declaration);
}

static void write_typeof(struct buf *b, const char *function)
{
	buf_addf(b, "typedef __typeof__((%s)) " PREFIX "%s;\n", function, function);
}

/*
 * -1: it couldn't be started. filter: a part of the names that are printed. strict: a name that isn't declared isn't taken for
 * the nearest that is, which clang goes on with behind its error.
 */
static int run_clang(const char *clang, const struct clang_query *q, const struct buf *source,
	const char *filter, bool strict, struct proc_result *r, struct err *err)
{
	struct strlist argv = STRLIST_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;
	int rc;

	strlist_add(&argv, clang);
	strlist_add_all(&argv, q->flags);
	for (size_t i = 0; i < q->dirs->n; i++)
		strlist_addf(&argv, "-I%s", q->dirs->v[i]);
	strlist_add(&argv, "-w");
	strlist_add(&argv, "-H");
	strlist_add(&argv, "-fsyntax-only");
	strlist_add(&argv, "-Xclang");
	strlist_add(&argv, "-ast-dump=json");
	strlist_add(&argv, "-Xclang");
	strlist_addf(&argv, "-ast-dump-filter=%s", filter);
	strlist_add(&argv, "-ferror-limit=0");
	if (strict)
		strlist_add(&argv, "-fno-spell-checking");
	strlist_add(&argv, "-xc");
	strlist_add(&argv, "-");
	spec.argv = (const char *const *)argv.v;
	spec.cwd = q->cwd;
	spec.in = spec.out = spec.err = PROC_CAPTURE;
	spec.input = source->s;
	spec.input_len = source->len;
	spec.capture_max = TREE_MAX;
	spec.limits.cpu_s = CLANG_CPU_S;
	spec.wall_ms = CLANG_MS;
	rc = proc_run(&spec, r, err);
	strlist_release(&argv);
	return rc;
}

static enum clang_answer ask(struct arena *a, const char *clang, const struct clang_query *q,
	bool more, struct proto *out, struct strlist *headers, struct buf *why)
{
	char *undeclared = xasprintf("use of undeclared identifier '%s'", q->function);
	struct proc_result r = { 0 };
	enum clang_answer rc = CLANG_CANT;
	struct buf source = BUF_INIT;
	struct err err = ERR_INIT;
	struct strv said;

	buf_reset(why);
	write_head(&source, q, more);
	write_typeof(&source, q->function);
	if (run_clang(clang, q, &source, q->function, false, &r, &err) < 0) {
		buf_adds(why, err.msg);
		goto out;
	}
	said = strv_n(buf_str(&r.err), r.err.len);
	clang_said_headers(q->include, said, headers);
	if (r.status == 0) {
		rc = read_tree(a, q, strv_n(buf_str(&r.out), r.out.len), out, why);
	} else {
		clang_said_error(why, said);
		if (strv_contains(strv_n(buf_str(why), why->len), undeclared))
			rc = CLANG_UNDECLARED;
	}
out:
	proc_result_release(&r);
	buf_release(&source);
	free(undeclared);
	return rc;
}

enum clang_answer clang_prototype(struct arena *a, const struct clang_query *q, struct proto *out,
	struct strlist *headers, struct buf *why)
{
	char *clang = find_clang();
	enum clang_answer rc;

	if (!clang) {
		buf_adds(why, "there is no clang");
		return CLANG_CANT;
	}
	rc = ask(a, clang, q, false, out, headers, why);
	if (rc == CLANG_CANT) {
		struct buf first = BUF_INIT;

		/* some want stdio.h to be there before them; that it isn't is not what is told of those that don't compile anyway */
		buf_addv(&first, strv_n(buf_str(why), why->len));
		rc = ask(a, clang, q, true, out, headers, why);
		if (rc == CLANG_OK) {
			out->wants_stdio = true;
		} else if (rc == CLANG_CANT) {
			buf_reset(why);
			buf_addv(why, strv_n(buf_str(&first), first.len));
		}
		buf_release(&first);
	}
	free(clang);
	return rc;
}

size_t clang_prototypes(struct arena *a, const struct clang_query *q,
	const struct strlist *functions, struct proto *out, struct strlist *included,
	struct buf *why)
{
	char *clang = find_clang();
	struct buf source = BUF_INIT, ignored = BUF_INIT;
	struct proc_result r = { 0 };
	struct err err = ERR_INIT;
	cJSON *all = NULL;
	const cJSON *n, *fn;
	size_t found = 0;

	write_head(&source, q, true);
	for (size_t i = 0; i < functions->n; i++)
		write_typeof(&source, functions->v[i]);
	if (!clang)
		buf_adds(why, "there is no clang");
	else if (run_clang(clang, q, &source, PREFIX, true, &r, &err) < 0)
		buf_adds(why, err.msg);
	else
		all = parse_all(strv_n(buf_str(&r.out), r.out.len));
	cJSON_ArrayForEach(n, all)
	{
		const char *name = string_of(n, "name");

		/* a type that clang makes up for an error isn't one */
		if (strncmp(name, PREFIX, strlen(PREFIX)) != 0 || found == functions->n ||
			cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(n, "isInvalid")))
			continue;
		if (read_typeof(a, name + strlen(PREFIX), n, &fn, &out[found], &ignored) ==
			CLANG_OK)
			found++;
	}
	clang_said_included(strv_n(buf_str(&r.err), r.err.len), included);
	if (all && (!found || clang_said_fails(strv_n(buf_str(&r.err), r.err.len))))
		clang_said_error(why, strv_n(buf_str(&r.err), r.err.len));
	cJSON_Delete(all);
	proc_result_release(&r);
	buf_release(&ignored);
	buf_release(&source);
	free(clang);
	return found;
}
