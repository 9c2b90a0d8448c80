/*
 * Boundary: libyaml's loader, bytes to document trees.
 * Bytes: a YAML stream in any encoding that libyaml detects.
 * Verdict: the stream's end was reached; else the parser's own words.
 * Oracle: every node has a tag and a kind, and refers only to nodes of its own document.
 */
#include "yaml_common.h"

HARNESS_ORACLE(node_without_tag, "a loaded node has no tag")
HARNESS_ORACLE(node_without_kind, "a loaded node has no kind")
HARNESS_ORACLE(node_refers_outside, "a loaded node refers to a node that does not exist")

static void check_index(yaml_document_t *doc, int index)
{
	if (!yaml_document_get_node(doc, index))
		node_refers_outside();
}

static void check_node(yaml_document_t *doc, const yaml_node_t *node)
{
	const yaml_node_item_t *item;
	const yaml_node_pair_t *pair;

	if (!node->tag)
		node_without_tag();
	switch (node->type) {
	case YAML_SCALAR_NODE:
		break;
	case YAML_SEQUENCE_NODE:
		for (item = node->data.sequence.items.start; item < node->data.sequence.items.top;
			item++)
			check_index(doc, *item);
		break;
	case YAML_MAPPING_NODE:
		for (pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
			pair++) {
			check_index(doc, pair->key);
			check_index(doc, pair->value);
		}
		break;
	case YAML_NO_NODE:
		node_without_kind();
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	yaml_parser_t parser;
	int done = 0;

	if (!yaml_parser_initialize(&parser))
		return 0;
	yaml_parser_set_input_string(&parser, data, size);
	while (!done) {
		yaml_document_t doc;
		int i;

		if (!yaml_parser_load(&parser, &doc))
			break;
		for (i = 1; yaml_document_get_node(&doc, i); i++)
			check_node(&doc, yaml_document_get_node(&doc, i));
		/* A document without a root is the end of the stream. */
		done = !yaml_document_get_root_node(&doc);
		yaml_document_delete(&doc);
	}
	yaml_verdict(&parser, done);
	yaml_parser_delete(&parser);
	return 0;
}
