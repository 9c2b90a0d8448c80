/* Which parameter is an object, and which names say that one ends. */
#include "base/prelude.h"
#include "scaffold/object.h"
#include "scaffold/words.h"

const char *const object_ending[] = { "free", "destroy", "delete", "close", "release", "unref",
	"decref", "fini", "nuke", "cleanup", "clear", "end", "dispose", "finish", "finalize",
	"uninit", "deinit", "fclose", "destruct", "destructor", "deallocate", "dealloc",
	"terminate", NULL };
/* the same where nothing else is passed: of two things one is put into the other, or taken out of it */
const char *const object_ending_alone[] = { "put", "del", "drop", "discard", "term", "exit",
	"shutdown", "kill", NULL };

bool object_ends(const char *name)
{
	static const char *const sure[] = { "free", "destroy", "delete", "close", "release",
		"unref", "decref", "deinit", "dispose", "uninit", "fini", "fclose", NULL };

	return words_have_any(name, sure);
}

bool object_is(const struct proto_param *q, const char *base, const char *canon, unsigned depth)
{
	if (q->is_callback || q->depth != depth)
		return false;
	return (strcmp(q->base, base) == 0 && *base) ||
	       (strncmp(canon, "struct ", 7) == 0 && strcmp(q->canon, canon) == 0);
}

bool object_says_end(const char *name)
{
	return words_have_any(name, object_ending) || words_have_any(name, object_ending_alone);
}
