/*
 * Boundary: libyaml's emitter, events to bytes.
 * Bytes: one byte of emitter settings (bits: 1 canonical, 2 unicode, 4 narrow, 8 wide indent,
 * 16 CR LN breaks), then a stream of events. An event is one character, a byte of flags f (its low
 * bits choose styles and what is implicit), and for some a name n or text up to the next '|':
 *
 *   Df  document start    df  document end     .text|  plain scalar     'f text|  styled scalar
 *   [f  sequence start    ]   sequence end     {f      mapping start    }         mapping end
 *   &n  anchor for the next node              !text|   tag for the next node      *n  alias
 *
 * Events that are not well nested are the emitter's to refuse; the harness closes the stream.
 * Oracle: a stream that was emitted without an error parses to the same events: types, scalar
 * values, anchors and aliases.
 */
#include "yaml_common.h"

#define MAX_EVENTS 512
#define MAX_TEXT 256

HARNESS_ORACLE(emitted_stream_does_not_parse, "an emitted stream does not parse")
HARNESS_ORACLE(emitted_event_differs, "an emitted event parses to another kind of event")
HARNESS_ORACLE(emitted_scalar_differs, "an emitted scalar parses to another value")
HARNESS_ORACLE(emitted_anchor_differs, "an emitted anchor or alias parses to another name")

struct record {
	yaml_event_type_t type;
	char anchor[2];
	char *value; /* of scalars; owned */
	size_t length;
};

struct stream {
	const uint8_t *at, *end;
	yaml_emitter_t emitter;
	char anchor[2]; /* for the next node, "" for none */
	char tag[MAX_TEXT + 1];
	struct record records[MAX_EVENTS];
	size_t count;
};

static uint8_t next_byte(struct stream *s)
{
	return s->at < s->end ? *s->at++ : 0;
}

static size_t next_text(struct stream *s, char *text)
{
	size_t n = 0;

	while (s->at < s->end && *s->at != '|' && n < MAX_TEXT)
		text[n++] = (char)*s->at++;
	if (s->at < s->end && *s->at == '|')
		s->at++;
	text[n] = '\0';
	return n;
}

static void next_anchor(struct stream *s, char *anchor)
{
	anchor[0] = (char)('a' + (next_byte(s) & 15));
	anchor[1] = '\0';
}

static yaml_char_t *node_anchor(struct stream *s)
{
	return s->anchor[0] ? (yaml_char_t *)s->anchor : NULL;
}

static yaml_char_t *node_tag(struct stream *s)
{
	return s->tag[0] ? (yaml_char_t *)s->tag : NULL;
}

/* Note what is to be emitted, then emit it. 0: refused, or no room to note it. */
static int emit(struct stream *s, yaml_event_t *event, const char *anchor)
{
	struct record *r = &s->records[s->count];

	if (s->count == MAX_EVENTS) {
		yaml_event_delete(event);
		return 0;
	}
	memset(r, 0, sizeof(*r));
	r->type = event->type;
	if (anchor)
		memcpy(r->anchor, anchor, sizeof(r->anchor));
	if (event->type == YAML_SCALAR_EVENT) {
		r->length = event->data.scalar.length;
		r->value = harness_text(event->data.scalar.value, r->length);
		if (!r->value) {
			yaml_event_delete(event);
			return 0;
		}
	}
	s->count++;
	/* The emitter takes the event over, whether it succeeds or not. */
	return yaml_emitter_emit(&s->emitter, event);
}

static int emit_node(struct stream *s, yaml_event_t *event)
{
	int ok = emit(s, event, s->anchor);

	s->anchor[0] = '\0';
	s->tag[0] = '\0';
	return ok;
}

static int emit_document_start(struct stream *s)
{
	static yaml_tag_directive_t tags[] = { { (yaml_char_t *)"!e!",
		(yaml_char_t *)"tag:example.org,2000:" } };
	yaml_version_directive_t version = { 1, 1 };
	uint8_t f = next_byte(s);
	yaml_event_t event;

	return !yaml_document_start_event_initialize(&event, f & 2 ? &version : NULL,
		       f & 4 ? tags : NULL, f & 4 ? tags + 1 : NULL, f & 1) ||
	       emit(s, &event, NULL);
}

static int emit_scalar(struct stream *s, yaml_scalar_style_t style, int plain, int quoted)
{
	char text[MAX_TEXT + 1];
	size_t length = next_text(s, text);
	yaml_event_t event;

	return !yaml_scalar_event_initialize(&event, node_anchor(s), node_tag(s),
		       (yaml_char_t *)text, (int)length, plain, quoted, style) ||
	       emit_node(s, &event);
}

static int emit_styled_scalar(struct stream *s)
{
	static const yaml_scalar_style_t styles[] = { YAML_ANY_SCALAR_STYLE,
		YAML_PLAIN_SCALAR_STYLE, YAML_SINGLE_QUOTED_SCALAR_STYLE,
		YAML_DOUBLE_QUOTED_SCALAR_STYLE, YAML_LITERAL_SCALAR_STYLE,
		YAML_FOLDED_SCALAR_STYLE };
	uint8_t f = next_byte(s);

	return emit_scalar(s, styles[(f & 7) % 6], !(f & 8), !(f & 16));
}

static int emit_collection_start(struct stream *s, int mapping)
{
	uint8_t f = next_byte(s);
	yaml_event_t event;
	int ok;

	if (mapping)
		ok = yaml_mapping_start_event_initialize(&event, node_anchor(s), node_tag(s),
			!(f & 2) || !s->tag[0],
			f & 1 ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE);
	else
		ok = yaml_sequence_start_event_initialize(&event, node_anchor(s), node_tag(s),
			!(f & 2) || !s->tag[0],
			f & 1 ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE);
	return !ok || emit_node(s, &event);
}

static int emit_alias(struct stream *s)
{
	yaml_event_t event;
	char anchor[2];

	next_anchor(s, anchor);
	return !yaml_alias_event_initialize(&event, (yaml_char_t *)anchor) ||
	       emit(s, &event, anchor);
}

/* One operation. 0: the emitter refused it, and nothing after it makes sense. */
static int emit_next(struct stream *s)
{
	yaml_event_t event;

	switch (next_byte(s)) {
	case 'D':
		return emit_document_start(s);
	case 'd':
		return !yaml_document_end_event_initialize(&event, next_byte(s) & 1) ||
		       emit(s, &event, NULL);
	case '.':
		return emit_scalar(s, YAML_PLAIN_SCALAR_STYLE, 1, 1);
	case '\'':
		return emit_styled_scalar(s);
	case '[':
		return emit_collection_start(s, 0);
	case ']':
		return !yaml_sequence_end_event_initialize(&event) || emit(s, &event, NULL);
	case '{':
		return emit_collection_start(s, 1);
	case '}':
		return !yaml_mapping_end_event_initialize(&event) || emit(s, &event, NULL);
	case '*':
		return emit_alias(s);
	case '&':
		next_anchor(s, s->anchor);
		return 1;
	case '!':
		next_text(s, s->tag);
		return 1;
	default:
		return 1;
	}
}

static int same_anchor(const yaml_char_t *anchor, const struct record *r)
{
	return strcmp(anchor ? (const char *)anchor : "", r->anchor) == 0;
}

static void check_event(const yaml_event_t *event, const struct record *r)
{
	int same = 1;

	if (event->type != r->type)
		emitted_event_differs();
	if (event->type == YAML_ALIAS_EVENT)
		same = same_anchor(event->data.alias.anchor, r);
	if (event->type == YAML_SEQUENCE_START_EVENT)
		same = same_anchor(event->data.sequence_start.anchor, r);
	if (event->type == YAML_MAPPING_START_EVENT)
		same = same_anchor(event->data.mapping_start.anchor, r);
	if (event->type == YAML_SCALAR_EVENT) {
		same = same_anchor(event->data.scalar.anchor, r);
		if (event->data.scalar.length != r->length ||
			memcmp(event->data.scalar.value, r->value, r->length) != 0)
			emitted_scalar_differs();
	}
	if (!same)
		emitted_anchor_differs();
}

static void check_stream(const struct stream *s, const struct yaml_output *out)
{
	yaml_parser_t parser;
	size_t i;

	if (!yaml_parser_initialize(&parser))
		return;
	yaml_parser_set_input_string(&parser, out->bytes, out->size);
	for (i = 0; i < s->count; i++) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parser, &event)) {
			if (parser.error != YAML_MEMORY_ERROR)
				emitted_stream_does_not_parse();
			break;
		}
		check_event(&event, &s->records[i]);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
}

static void set_up(struct stream *s, uint8_t f)
{
	yaml_emitter_set_canonical(&s->emitter, f & 1);
	yaml_emitter_set_unicode(&s->emitter, (f & 2) != 0);
	yaml_emitter_set_width(&s->emitter, f & 4 ? 20 : 80);
	yaml_emitter_set_indent(&s->emitter, f & 8 ? 8 : 2);
	yaml_emitter_set_break(&s->emitter, f & 16 ? YAML_CRLN_BREAK : YAML_LN_BREAK);
}

static int emit_all(struct stream *s)
{
	yaml_event_t event;

	if (!yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING) ||
		!emit(s, &event, NULL))
		return 0;
	while (s->at < s->end)
		if (!emit_next(s))
			return 0;
	return yaml_stream_end_event_initialize(&event) && emit(s, &event, NULL) &&
	       yaml_emitter_flush(&s->emitter);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct yaml_output out = { NULL, 0, 0 };
	struct stream *s;

	if (size == 0 || !(s = calloc(1, sizeof(*s))))
		return 0;
	if (yaml_emitter_initialize(&s->emitter)) {
		s->at = data + 1;
		s->end = data + size;
		yaml_emitter_set_output(&s->emitter, yaml_output_write, &out);
		set_up(s, data[0]);
		/*
		 * The emitter looks ahead, so a stream that ends too early is not refused but
		 * never finished: only a finished one is held to the oracle.
		 */
		if (emit_all(s) && s->emitter.state == YAML_EMIT_END_STATE && out.size > 0)
			check_stream(s, &out);
		yaml_emitter_delete(&s->emitter);
	}
	while (s->count > 0)
		free(s->records[--s->count].value);
	free(s);
	free(out.bytes);
	return 0;
}
