/*
 * Boundary: libyaml's loader and dumper together.
 * Bytes: a YAML stream; its first document is loaded, dumped, and loaded again.
 * Oracle: what was dumped loads, and gives the same document: the same kinds, tags and scalar
 * values in the same shape, shared nodes (aliases) included. Styles may differ. Left out: a document
 * that is one empty scalar, which libyaml is known to dump as no document at all.
 */
#include "yaml_common.h"

#define MAX_NODES 2000

HARNESS_ORACLE(dumped_document_does_not_load, "a dumped document does not load")
HARNESS_ORACLE(dumped_kind_differs, "a node changed its kind in a round trip")
HARNESS_ORACLE(dumped_tag_differs, "a node changed its tag in a round trip")
HARNESS_ORACLE(dumped_scalar_differs, "a scalar changed its value in a round trip")
HARNESS_ORACLE(dumped_collection_differs, "a collection changed its size in a round trip")
HARNESS_ORACLE(dumped_alias_differs, "a shared node is another one after a round trip")

struct pair {
	int a, b;
};

struct comparison {
	yaml_document_t *a, *b;
	int *same;         /* node of a -> the node of b it was seen to stand for, 0: not seen */
	struct pair *todo; /* each node enters once */
	size_t count;
};

/* Load the first document. 1: loaded, and it has a root. */
static int load(const unsigned char *bytes, size_t size, yaml_document_t *doc)
{
	yaml_parser_t parser;
	int ok;

	if (!yaml_parser_initialize(&parser))
		return -1;
	yaml_parser_set_input_string(&parser, bytes, size);
	ok = yaml_parser_load(&parser, doc);
	yaml_parser_delete(&parser);
	if (ok && !yaml_document_get_root_node(doc)) {
		yaml_document_delete(doc);
		ok = 0;
	}
	return ok;
}

/* Dump the document, which the emitter takes over. 1: dumped whole. */
static int dump(yaml_document_t *doc, struct yaml_output *out)
{
	yaml_emitter_t emitter;
	int ok;

	if (!yaml_emitter_initialize(&emitter)) {
		yaml_document_delete(doc);
		return 0;
	}
	yaml_emitter_set_output(&emitter, yaml_output_write, out);
	yaml_emitter_set_unicode(&emitter, 1);
	ok = yaml_emitter_open(&emitter);
	if (!ok)
		yaml_document_delete(doc);
	ok = ok && yaml_emitter_dump(&emitter, doc) && yaml_emitter_close(&emitter) &&
	     yaml_emitter_flush(&emitter);
	yaml_emitter_delete(&emitter);
	return ok;
}

static void meet(struct comparison *c, int a, int b)
{
	if (c->same[a] != 0 && c->same[a] != b)
		dumped_alias_differs();
	if (c->same[a] != 0)
		return;
	c->same[a] = b;
	c->todo[c->count++] = (struct pair){ a, b };
}

static void compare_scalars(const yaml_node_t *a, const yaml_node_t *b)
{
	if (a->data.scalar.length != b->data.scalar.length ||
		memcmp(a->data.scalar.value, b->data.scalar.value, a->data.scalar.length) != 0)
		dumped_scalar_differs();
}

static void compare_nodes(struct comparison *c, const yaml_node_t *a, const yaml_node_t *b)
{
	size_t i, n;

	if (a->type != b->type)
		dumped_kind_differs();
	if (strcmp((const char *)a->tag, (const char *)b->tag) != 0)
		dumped_tag_differs();
	if (a->type == YAML_SCALAR_NODE)
		compare_scalars(a, b);
	if (a->type == YAML_SEQUENCE_NODE) {
		n = (size_t)(a->data.sequence.items.top - a->data.sequence.items.start);
		if (n != (size_t)(b->data.sequence.items.top - b->data.sequence.items.start))
			dumped_collection_differs();
		for (i = 0; i < n; i++)
			meet(c, a->data.sequence.items.start[i], b->data.sequence.items.start[i]);
	}
	if (a->type == YAML_MAPPING_NODE) {
		n = (size_t)(a->data.mapping.pairs.top - a->data.mapping.pairs.start);
		if (n != (size_t)(b->data.mapping.pairs.top - b->data.mapping.pairs.start))
			dumped_collection_differs();
		for (i = 0; i < n; i++) {
			meet(c, a->data.mapping.pairs.start[i].key,
				b->data.mapping.pairs.start[i].key);
			meet(c, a->data.mapping.pairs.start[i].value,
				b->data.mapping.pairs.start[i].value);
		}
	}
}

static void compare_documents(yaml_document_t *a, yaml_document_t *b)
{
	struct comparison c = { a, b, NULL, NULL, 0 };
	size_t nodes = (size_t)(a->nodes.top - a->nodes.start);

	c.same = calloc(nodes + 1, sizeof(*c.same));
	c.todo = calloc(nodes + 1, sizeof(*c.todo));
	if (c.same && c.todo) {
		meet(&c, 1, 1);
		while (c.count > 0) {
			struct pair p = c.todo[--c.count];

			compare_nodes(
				&c, yaml_document_get_node(a, p.a), yaml_document_get_node(b, p.b));
		}
	}
	free(c.same);
	free(c.todo);
}

static void round_trip(const uint8_t *data, size_t size, yaml_document_t *doc)
{
	struct yaml_output out = { NULL, 0, 0 };
	yaml_document_t original, again;
	int ok;

	/* The emitter takes the document over, so the comparison needs a second one. */
	if (load(data, size, &original) != 1) {
		yaml_document_delete(doc);
		return;
	}
	if (dump(doc, &out)) {
		ok = load(out.bytes, out.size, &again);
		if (ok == 0)
			dumped_document_does_not_load();
		if (ok == 1) {
			compare_documents(&original, &again);
			yaml_document_delete(&again);
		}
	}
	yaml_document_delete(&original);
	free(out.bytes);
}

static int is_empty_scalar(yaml_document_t *doc)
{
	const yaml_node_t *root = yaml_document_get_root_node(doc);

	return root->type == YAML_SCALAR_NODE && root->data.scalar.length == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	yaml_document_t doc;

	if (load(data, size, &doc) != 1)
		return thresh_reject("no document");
	if (doc.nodes.top - doc.nodes.start > MAX_NODES || is_empty_scalar(&doc))
		yaml_document_delete(&doc);
	else
		round_trip(data, size, &doc);
	return 0;
}
