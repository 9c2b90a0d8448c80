/* By the file that version control keeps of them, and the folders that are to hold them. */
#include "base/prelude.h"
#include "survey/submodules.h"
#include "base/fs.h"
#include "base/mem.h"

#define SUBMODULES_NAMED 4
#define LIST_MAX ((uint64_t)4 << 20)

void submodules_find(const char *project, struct buf *out)
{
	char *path = fs_join(project, ".gitmodules");
	struct buf text = BUF_INIT;
	struct strv rest, line;
	size_t n = 0;

	if (fs_is_file(path))
		fs_read(path, LIST_MAX, &text, NULL);
	for (rest = strv_n(buf_str(&text), text.len); strv_line(&rest, &line);) {
		struct strlist names = STRLIST_INIT;
		char *name, *dir;

		line = strv_trim(line);
		if (!strv_skip(&line, "path") || !strv_starts(strv_trim(line), "="))
			continue;
		name = strv_dup(strv_trim(strv_from(strv_trim(line), 1)));
		dir = fs_join(project, name);
		if ((!fs_is_dir(dir) || (fs_list(dir, &names, NULL) == 0 && !names.n)) &&
			n++ < SUBMODULES_NAMED)
			buf_adds2(out, n > 1 ? ", " : "submodules aren't there: ", name);
		strlist_release(&names);
		free(dir);
		free(name);
	}
	if (n > SUBMODULES_NAMED)
		buf_addf(out, " and %zu more", n - SUBMODULES_NAMED);
	if (n)
		buf_adds(out, " (`git submodule update --init --recursive`)");
	buf_release(&text);
	free(path);
}
