/*
 * Boundary: libyaml's scanner, bytes to tokens.
 * Bytes: a YAML stream in any encoding that libyaml detects.
 * Verdict: the stream's end was reached; else the parser's own words.
 * Oracle: the stream starts and ends once, and every token ends where it starts or later.
 */
#include "yaml_common.h"

HARNESS_ORACLE(token_ends_before_it_starts, "a token ends before it starts")
HARNESS_ORACLE(stream_token_out_of_place, "a stream start or end token is out of place")

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	yaml_parser_t parser;
	size_t count = 0;
	int done = 0;

	if (!yaml_parser_initialize(&parser))
		return 0;
	yaml_parser_set_input_string(&parser, data, size);
	while (!done) {
		yaml_token_t token;

		if (!yaml_parser_scan(&parser, &token))
			break;
		if (token.end_mark.index < token.start_mark.index)
			token_ends_before_it_starts();
		if ((token.type == YAML_STREAM_START_TOKEN) != (count == 0))
			stream_token_out_of_place();
		done = token.type == YAML_STREAM_END_TOKEN;
		count++;
		yaml_token_delete(&token);
	}
	yaml_verdict(&parser, done);
	yaml_parser_delete(&parser);
	return 0;
}
