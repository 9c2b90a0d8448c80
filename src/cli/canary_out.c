/* A dead one has to be seen by people and by programs alike. */
#include "base/prelude.h"
#include "cli/canary_out.h"
#include "base/escape.h"
#include "base/num.h"
#include "report/bug_json.h"

#define WHY_MAX ((size_t)400)

void canary_out_text(const struct canary_result *r, struct buf *out)
{
	if (r->link == CHAIN_ALIVE) {
		buf_adds(out, "canary: alive: its bugs were found, made small and tested, in ");
		num_add_duration(out, r->ms);
	} else {
		buf_addf(out, "canary: dead at %s: ", chain_link_name(r->link));
		escape_term(out, strv_sub(strv_n(buf_str(&r->why), r->why.len), 0, WHY_MAX));
		buf_adds(out, "; a campaign here finds nothing, whatever there is");
	}
	buf_addch(out, '\n');
}

cJSON *canary_out_json(const struct canary_result *r)
{
	cJSON *j = cJSON_CreateObject();
	bool alive = r->link == CHAIN_ALIVE;

	cJSON_AddBoolToObject(j, "alive", alive);
	cJSON_AddItemToObject(j, "link", json_text(alive ? NULL : chain_link_name(r->link)));
	cJSON_AddItemToObject(j, "why", json_text(alive ? NULL : buf_str(&r->why)));
	cJSON_AddNumberToObject(j, "seconds", (double)r->ms / 1000);
	return j;
}
