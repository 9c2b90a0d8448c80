/*
 * Boundary: libyaml's parser, bytes to events.
 * Bytes: a YAML stream in any encoding that libyaml detects.
 * Verdict: the stream's end was reached; else the parser's own words.
 * Oracle: events nest: what is opened is closed in order, documents hold one node, and the stream
 * ends outside of everything.
 */
#include "yaml_common.h"

#define MAX_DEPTH 4096

HARNESS_ORACLE(event_closes_what_is_not_open, "an event closes what is not open")
HARNESS_ORACLE(event_out_of_place, "an event is out of place")

struct nesting {
	unsigned char open[MAX_DEPTH]; /* the type of each event that is open */
	size_t depth;
};

static void open_event(struct nesting *n, yaml_event_type_t type)
{
	if (n->depth < MAX_DEPTH)
		n->open[n->depth] = (unsigned char)type;
	n->depth++;
}

static void close_event(struct nesting *n, yaml_event_type_t type)
{
	if (n->depth == 0)
		event_closes_what_is_not_open();
	n->depth--;
	if (n->depth < MAX_DEPTH && n->open[n->depth] != (unsigned char)type)
		event_closes_what_is_not_open();
}

static void check_event(struct nesting *n, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_STREAM_START_EVENT:
		if (n->depth != 0)
			event_out_of_place();
		open_event(n, event->type);
		break;
	case YAML_STREAM_END_EVENT:
		close_event(n, YAML_STREAM_START_EVENT);
		if (n->depth != 0)
			event_out_of_place();
		break;
	case YAML_DOCUMENT_START_EVENT:
		if (n->depth != 1)
			event_out_of_place();
		open_event(n, event->type);
		break;
	case YAML_DOCUMENT_END_EVENT:
		close_event(n, YAML_DOCUMENT_START_EVENT);
		break;
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		if (n->depth < 2)
			event_out_of_place();
		open_event(n, event->type);
		break;
	case YAML_SEQUENCE_END_EVENT:
		close_event(n, YAML_SEQUENCE_START_EVENT);
		break;
	case YAML_MAPPING_END_EVENT:
		close_event(n, YAML_MAPPING_START_EVENT);
		break;
	case YAML_SCALAR_EVENT:
	case YAML_ALIAS_EVENT:
		if (n->depth < 2)
			event_out_of_place();
		break;
	case YAML_NO_EVENT:
		event_out_of_place();
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nesting nesting;
	yaml_parser_t parser;
	int done = 0;

	if (!yaml_parser_initialize(&parser))
		return 0;
	nesting.depth = 0;
	yaml_parser_set_input_string(&parser, data, size);
	while (!done) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parser, &event))
			break;
		check_event(&nesting, &event);
		done = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_verdict(&parser, done);
	yaml_parser_delete(&parser);
	return 0;
}
