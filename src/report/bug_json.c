/*
 * Bugs as JSON, for `--json`, hooks and capsules: one shape for all. What isn't known is null, never left out, so
 * that readers needn't tell the two apart; what only some bugs have (why, until) is left out.
 */
#include "base/prelude.h"
#include "report/bug_json.h"
#include "base/clock.h"
#include "base/escape.h"

cJSON *json_text(const char *s)
{
	struct buf b = BUF_INIT;
	cJSON *j;

	if (!s)
		return cJSON_CreateNull();
	escape_utf8(&b, strv_of(s));
	j = cJSON_CreateString(buf_str(&b));
	buf_release(&b);
	return j;
}

void json_print_take(struct buf *out, cJSON *j, bool pretty)
{
	char *text = pretty ? cJSON_Print(j) : cJSON_PrintUnformatted(j);

	if (!text)
		BUG("JSON could not be printed");
	escape_json(out, strv_of(text));
	buf_addch(out, '\n');
	cJSON_free(text);
	cJSON_Delete(j);
}

const char *severity_name(int severity)
{
	static const char *const names[] = { "none", "low", "medium", "high", "critical" };

	return severity >= 0 && severity < (int)ARRAY_LEN(names) ? names[severity] : "unknown";
}

const char *security_name(int security)
{
	return security > 0 ? "yes" : security == 0 ? "no" : "cannot tell";
}

static cJSON *split_text(const char *s, char sep)
{
	cJSON *array = cJSON_CreateArray();
	struct strv rest = strv_of(s), part;

	while (strv_split(&rest, sep, &part)) {
		char *copy = strv_dup(part);

		cJSON_AddItemToArray(array, json_text(copy));
		free(copy);
	}
	return array;
}

static cJSON *time_text(uint64_t ms)
{
	char iso[CLOCK_ISO_LEN];

	if (!ms)
		return cJSON_CreateNull();
	clock_iso(ms, iso);
	return cJSON_CreateString(iso);
}

static cJSON *tri(int v)
{
	return v < 0 ? cJSON_CreateNull() : cJSON_CreateBool(v);
}

cJSON *bug_json(const struct bug_rec *b)
{
	cJSON *j = cJSON_CreateObject();

	cJSON_AddItemToObject(j, "bug", json_text(b->id));
	cJSON_AddItemToObject(j, "state", json_text(bug_state_name(b->state)));
	cJSON_AddItemToObject(j, "signature", json_text(b->signature));
	cJSON_AddItemToObject(j, "signature_text", json_text(b->sig_text));
	cJSON_AddNumberToObject(j, "rule", b->rule);
	cJSON_AddItemToObject(j, "harness", json_text(b->harness));
	cJSON_AddItemToObject(j, "kind", json_text(b->kind));
	cJSON_AddItemToObject(j, "kinds", split_text(b->kinds, ','));
	cJSON_AddItemToObject(j, "family", json_text(b->family));
	cJSON_AddItemToObject(j, "summary", json_text(b->title));
	cJSON_AddItemToObject(j, "frames", split_text(b->frames, '|'));
	cJSON_AddItemToObject(j, "security", tri(b->security));
	cJSON_AddItemToObject(j, "severity", json_text(severity_name(b->severity)));
	cJSON_AddItemToObject(j, "input", json_text(b->input));
	cJSON_AddNumberToObject(j, "size", (double)b->size);
	cJSON_AddItemToObject(j, "variant", json_text(b->variant ? b->variant : "asan"));
	cJSON_AddBoolToObject(j, "minimized", b->minimized);
	cJSON_AddNumberToObject(j, "reproduced", b->k);
	cJSON_AddNumberToObject(j, "runs", b->n);
	cJSON_AddNumberToObject(j, "findings", (double)b->findings);
	cJSON_AddNumberToObject(j, "site_count", (double)b->sites);
	cJSON_AddItemToObject(j, "first_seen", time_text(b->first_ms));
	cJSON_AddItemToObject(j, "last_seen", time_text(b->last_ms));
	if (b->why)
		cJSON_AddItemToObject(j, "why", json_text(b->why));
	if (b->until_ms)
		cJSON_AddItemToObject(j, "until", time_text(b->until_ms));
	return j;
}

cJSON *site_rec_json(const struct site_rec *s)
{
	cJSON *j = cJSON_CreateObject();

	cJSON_AddItemToObject(j, "site", json_text(s->id));
	cJSON_AddItemToObject(j, "text", json_text(s->text));
	cJSON_AddItemToObject(j, "harness", json_text(s->harness));
	cJSON_AddItemToObject(j, "kind", json_text(s->kind));
	cJSON_AddItemToObject(j, "summary", json_text(s->title));
	cJSON_AddItemToObject(j, "frames", split_text(s->frames, '|'));
	cJSON_AddItemToObject(j, "security", tri(s->security));
	cJSON_AddItemToObject(j, "severity", json_text(severity_name(s->severity)));
	cJSON_AddItemToObject(j, "input", json_text(s->input));
	cJSON_AddNumberToObject(j, "size", (double)s->size);
	cJSON_AddItemToObject(j, "variant", json_text(s->variant ? s->variant : "asan"));
	cJSON_AddBoolToObject(j, "minimized", s->minimized);
	cJSON_AddNumberToObject(j, "reproduced", s->k);
	cJSON_AddNumberToObject(j, "runs", s->n);
	cJSON_AddBoolToObject(j, "gone", s->gone);
	cJSON_AddItemToObject(j, "first_seen", time_text(s->first_ms));
	cJSON_AddItemToObject(j, "last_seen", time_text(s->last_ms));
	return j;
}
