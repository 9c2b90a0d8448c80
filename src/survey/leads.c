#include "base/prelude.h"
#include "survey/leads.h"
#include "base/buf.h"
#include "base/elf.h"
#include "base/fs.h"
#include "base/mem.h"
#include <uthash.h>

#define OBJECT_MAX ((uint64_t)64 << 20)
#define NODES_MAX 400000

/* A function, or data that names some. */
struct node {
	uint64_t at, size;
	uint32_t section;
	bool code;
	/* when it was last come to */
	uint32_t met;
	/* into to[] */
	size_t first, n;
};

/* A symbol that other objects see; node: SIZE_MAX where none that was read defines it. */
struct global {
	char *name;
	size_t node;
	UT_hash_handle hh;
};

/* What an edge leads to: a node of the same object, or a symbol of any. */
struct edge {
	size_t node;
	struct global *global;
};

struct leads {
	struct node *nodes;
	size_t n_nodes, cap_nodes;
	struct edge *to;
	size_t n_to, cap_to;
	struct global *globals;
	size_t *stack, cap_stack;
	uint32_t looks;
};

struct object {
	struct leads *l;
	struct elf elf;
	/* its nodes, sorted by place, from here to the end */
	size_t first;
	/* of its symbols: what relocations mean by a number */
	const Elf64_Sym *symbols;
	size_t n_symbols;
	struct strv names;
};

struct leads *leads_new(void)
{
	return xcalloc(1, sizeof(struct leads));
}

void leads_free(struct leads *l)
{
	struct global *g, *next;

	if (!l)
		return;
	HASH_ITER(hh, l->globals, g, next)
	{
		HASH_DEL(l->globals, g);
		free(g->name);
		free(g);
	}
	free(l->nodes);
	free(l->to);
	free(l->stack);
	free(l);
}

static struct global *global_of(struct leads *l, const char *name)
{
	struct global *g;

	HASH_FIND_STR(l->globals, name, g);
	if (g)
		return g;
	g = xcalloc(1, sizeof(*g));
	g->name = xstrdup(name);
	g->node = SIZE_MAX;
	HASH_ADD_KEYPTR(hh, l->globals, g->name, strlen(g->name), g);
	return g;
}

/* --- the file --- */

/* Ends with NUL, or there is none. */
static const char *name_of(const struct object *o, const Elf64_Sym *s)
{
	struct strv rest = strv_from(o->names, s->st_name);

	return s->st_name < o->names.len && strv_chr(rest, '\0') != SIZE_MAX ? rest.s : "";
}

/* --- nodes --- */

static int by_place(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* The node that a place lies in; SIZE_MAX: none. */
static size_t node_at(const struct object *o, uint32_t section, uint64_t at)
{
	size_t low = o->first, high = o->l->n_nodes;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct node *n = &o->l->nodes[mid];

		if (n->section < section || (n->section == section && n->at + n->size <= at))
			low = mid + 1;
		else
			high = mid;
	}
	return low < o->l->n_nodes && o->l->nodes[low].section == section &&
			       o->l->nodes[low].at <= at
		       ? low
		       : SIZE_MAX;
}

static void add_nodes(struct object *o)
{
	struct leads *l = o->l;

	for (size_t i = 0; i < o->n_symbols && l->n_nodes < NODES_MAX; i++) {
		const Elf64_Sym *s = &o->symbols[i];
		unsigned char type = ELF64_ST_TYPE(s->st_info);

		if ((type != STT_FUNC && type != STT_OBJECT) || !s->st_size ||
			s->st_shndx == SHN_UNDEF || s->st_shndx >= o->elf.n ||
			s->st_value > UINT64_MAX - s->st_size)
			continue;
		GROW(l->nodes, l->n_nodes, l->cap_nodes);
		l->nodes[l->n_nodes++] = (struct node){ .at = s->st_value,
			.size = s->st_size,
			.section = s->st_shndx,
			.code = type == STT_FUNC };
	}
	if (l->n_nodes > o->first)
		qsort(l->nodes + o->first, l->n_nodes - o->first, sizeof(*l->nodes), by_place);
}

static void publish(struct object *o)
{
	for (size_t i = 0; i < o->n_symbols; i++) {
		const Elf64_Sym *s = &o->symbols[i];
		struct global *g;

		if (ELF64_ST_BIND(s->st_info) == STB_LOCAL || s->st_shndx == SHN_UNDEF ||
			s->st_shndx >= o->elf.n || !*name_of(o, s))
			continue;
		g = global_of(o->l, name_of(o, s));
		/* of those that several objects have the first one stands, as for a linker */
		if (g->node == SIZE_MAX)
			g->node = node_at(o, s->st_shndx, s->st_value);
	}
}

/* --- edges --- */

/* One from the node that a place lies in; they are put in order later. */
struct found {
	size_t from;
	struct edge to;
};

struct founds {
	struct found *v;
	size_t n, cap;
};

static void add_edge(struct founds *f, size_t from, struct edge to)
{
	if (from == SIZE_MAX || (!to.global && (to.node == SIZE_MAX || to.node == from)))
		return;
	GROW(f->v, f->n, f->cap);
	f->v[f->n++] = (struct found){ from, to };
}

static bool is_code(const struct object *o, uint32_t section)
{
	return section < o->elf.n && (o->elf.sections[section].sh_flags & SHF_EXECINSTR);
}

/* What a relocation of `section` means. An address that counts from the next instruction is four bytes behind its place. */
static void add_relocs(const struct object *o, const Elf64_Shdr *s, struct founds *f)
{
	size_t n = 0;
	Elf64_Rela *v =
		s->sh_entsize == sizeof(Elf64_Rela) ? elf_items(&o->elf, s, sizeof(*v), &n) : NULL;

	for (size_t i = 0; v && i < n; i++) {
		size_t from = node_at(o, s->sh_info, v[i].r_offset);
		uint64_t number = ELF64_R_SYM(v[i].r_info), ahead;
		const Elf64_Sym *sym;

		if (from == SIZE_MAX || number >= o->n_symbols)
			continue;
		sym = &o->symbols[number];
		if (ELF64_ST_BIND(sym->st_info) != STB_LOCAL) {
			if (*name_of(o, sym))
				add_edge(f, from,
					(struct edge){
						SIZE_MAX, global_of(o->l, name_of(o, sym)) });
			continue;
		}
		ahead = o->elf.head.e_machine == EM_X86_64 && is_code(o, s->sh_info) ? 4 : 0;
		add_edge(f, from,
			(struct edge){ node_at(o, sym->st_shndx,
					       sym->st_value + (uint64_t)v[i].r_addend + ahead),
				NULL });
	}
	free(v);
}

static size_t starts_at(const struct object *o, const struct node *from, uint64_t at)
{
	size_t i = node_at(o, from->section, at);

	return i != SIZE_MAX && o->l->nodes[i].at == at && o->l->nodes[i].code ? i : SIZE_MAX;
}

/*
 * Calls, jumps and addresses taken within a section. Bytes are looked at rather than decoded: four of them that, by
 * chance, are the way to just where a function begins are rare.
 */
static void scan_x86(const struct object *o, size_t from, struct strv code, struct founds *f)
{
	const struct node *n = &o->l->nodes[from];
	const unsigned char *p = (const unsigned char *)code.s;

	for (size_t i = 1; i + 4 <= code.len; i++) {
		int32_t way;

		if (p[i - 1] != 0xe8 && p[i - 1] != 0xe9 && (i < 2 || p[i - 2] != 0x8d))
			continue;
		memcpy(&way, p + i, sizeof(way));
		/* zero: a relocation is to fill it */
		if (way)
			add_edge(f, from,
				(struct edge){
					starts_at(o, n, n->at + i + 4 + (uint64_t)(int64_t)way),
					NULL });
	}
}

static void scan_arm64(const struct object *o, size_t from, struct strv code, struct founds *f)
{
	const struct node *n = &o->l->nodes[from];

	for (size_t i = 0; i + 4 <= code.len; i += 4) {
		uint32_t word;
		int64_t way;

		memcpy(&word, code.s + i, sizeof(word));
		if ((word & 0x7c000000u) != 0x14000000u || !(word & 0x03ffffffu))
			continue;
		way = (int64_t)(word & 0x03ffffffu) - (word & 0x02000000u ? 0x04000000 : 0);
		add_edge(f, from,
			(struct edge){ starts_at(o, n, n->at + i + (uint64_t)(way * 4)), NULL });
	}
}

static void scan(const struct object *o, struct founds *f)
{
	for (size_t i = o->first; i < o->l->n_nodes; i++) {
		const struct node *n = &o->l->nodes[i];
		struct strv code;

		if (!n->code)
			continue;
		code = elf_bytes(&o->elf, &o->elf.sections[n->section]);
		if (n->at > code.len || n->size > code.len - n->at)
			continue;
		code = strv_sub(code, (size_t)n->at, (size_t)n->size);
		if (o->elf.head.e_machine == EM_X86_64)
			scan_x86(o, i, code, f);
		else if (o->elf.head.e_machine == EM_AARCH64)
			scan_arm64(o, i, code, f);
	}
}

static int by_from(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static void keep_edges(struct leads *l, struct founds *f)
{
	if (f->n)
		qsort(f->v, f->n, sizeof(*f->v), by_from);
	for (size_t i = 0; i < f->n; i++) {
		struct node *n = &l->nodes[f->v[i].from];

		GROW(l->to, l->n_to, l->cap_to);
		if (!n->n++)
			n->first = l->n_to;
		l->to[l->n_to++] = f->v[i].to;
	}
	free(f->v);
}

static void read_object(struct object *o, const Elf64_Shdr *table)
{
	const Elf64_Shdr *names = &o->elf.sections[table->sh_link];
	struct founds f = { 0 };
	Elf64_Sym *symbols;

	o->symbols = symbols = elf_items(&o->elf, table, sizeof(*symbols), &o->n_symbols);
	o->names = elf_bytes(&o->elf, names);
	if (symbols) {
		add_nodes(o);
		publish(o);
		for (size_t i = 0; i < o->elf.n; i++)
			if (o->elf.sections[i].sh_type == SHT_RELA)
				add_relocs(o, &o->elf.sections[i], &f);
		scan(o, &f);
		keep_edges(o->l, &f);
	}
	free(symbols);
}

void leads_add(struct leads *l, const char *object)
{
	struct buf b = BUF_INIT;
	struct object o = { .l = l, .first = l->n_nodes };
	bool ok;

	/* what can't be read is as good as not known */
	ok = fs_read(object, OBJECT_MAX, &b, NULL) == 0 &&
	     elf_open(&o.elf, strv_n(buf_str(&b), b.len)) && o.elf.head.e_type == ET_REL;
	for (size_t i = 0; ok && i < o.elf.n; i++) {
		const Elf64_Shdr *s = &o.elf.sections[i];

		if (s->sh_type == SHT_SYMTAB && s->sh_entsize == sizeof(Elf64_Sym) &&
			s->sh_link < o.elf.n) {
			read_object(&o, s);
			break;
		}
	}
	elf_release(&o.elf);
	buf_release(&b);
}

/* --- what is asked --- */

static void come_to(struct leads *l, size_t i, size_t *n)
{
	if (i == SIZE_MAX || l->nodes[i].met == l->looks)
		return;
	l->nodes[i].met = l->looks;
	GROW(l->stack, *n, l->cap_stack);
	l->stack[(*n)++] = i;
}

uint64_t leads_of(struct leads *l, const char *symbol)
{
	struct global *g;
	uint64_t bytes = 0;
	size_t n = 0;

	HASH_FIND_STR(l->globals, symbol, g);
	if (!g)
		return 0;
	l->looks++;
	come_to(l, g->node, &n);
	while (n) {
		const struct node *at = &l->nodes[l->stack[--n]];

		bytes += at->code ? at->size : 0;
		for (size_t i = 0; i < at->n; i++) {
			const struct edge *e = &l->to[at->first + i];

			come_to(l, e->global ? e->global->node : e->node, &n);
		}
	}
	return bytes;
}
