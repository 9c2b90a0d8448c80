/* A small JSON reader that builds a tree, for measuring; "!" at the start plants a read one byte too far. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct node {
	struct node *next, *child;
	char *text;
};

struct reader {
	const uint8_t *p, *end;
	unsigned depth;
};

static struct node *read_value(struct reader *r);

static void skip_space(struct reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\t' || *r->p == '\r'))
		r->p++;
}

static void release(struct node *n)
{
	while (n != NULL) {
		struct node *next = n->next;

		release(n->child);
		free(n->text);
		free(n);
		n = next;
	}
}

static struct node *make(const uint8_t *text, size_t len)
{
	struct node *n = calloc(1, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->text = malloc(len + 1);
	if (n->text == NULL) {
		free(n);
		return NULL;
	}
	memcpy(n->text, text, len);
	n->text[len] = '\0';
	return n;
}

static struct node *read_string(struct reader *r)
{
	const uint8_t *start = ++r->p;
	struct node *n;

	while (r->p < r->end && *r->p != '"')
		r->p += *r->p == '\\' && r->end - r->p > 1 ? 2 : 1;
	if (r->p >= r->end)
		return NULL;
	n = make(start, (size_t)(r->p - start));
	r->p++;
	return n;
}

static struct node *read_word(struct reader *r)
{
	const uint8_t *start = r->p;

	while (r->p < r->end && strchr("+-.0123456789abcdefghijklmnopqrstuvwxyzE", *r->p) && *r->p)
		r->p++;
	return r->p == start ? NULL : make(start, (size_t)(r->p - start));
}

static struct node *read_list(struct reader *r, char close)
{
	struct node *list = make((const uint8_t *)"", 0), **at;

	if (list == NULL)
		return NULL;
	at = &list->child;
	r->p++;
	for (;;) {
		skip_space(r);
		if (r->p < r->end && *r->p == close) {
			r->p++;
			return list;
		}
		*at = read_value(r);
		if (*at == NULL)
			break;
		skip_space(r);
		if (r->p < r->end && (*r->p == ',' || *r->p == ':'))
			r->p++;
		while (*at != NULL)
			at = &(*at)->next;
	}
	release(list);
	return NULL;
}

static struct node *read_value(struct reader *r)
{
	struct node *n = NULL;

	skip_space(r);
	if (r->p >= r->end || r->depth > 200)
		return NULL;
	r->depth++;
	if (*r->p == '{')
		n = read_list(r, '}');
	else if (*r->p == '[')
		n = read_list(r, ']');
	else if (*r->p == '"')
		n = read_string(r);
	else
		n = read_word(r);
	r->depth--;
	return n;
}

static volatile int sink;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = { data, data + size, 0 };

	if (size > 0 && data[0] == '!')
		sink = data[size + (size_t)sink];
	release(read_value(&r));
	return 0;
}
