/* Looked for before anything is run: the kernel would only say that something isn't there. */
#include "base/prelude.h"
#include "target/program.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/strv.h"
#include <fcntl.h>
#include <unistd.h>

/* as much of a first line as the kernel reads */
#define LINE_MAX_KERNEL 255

/* Of a script. */
static int check_interpreter(const char *path, struct err *err)
{
	char head[LINE_MAX_KERNEL];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), rc = 0;
	ssize_t n = fd < 0 ? 0 : read(fd, head, sizeof(head));
	struct strv text = strv_n(head, n > 0 ? (size_t)n : 0), line, word;
	char *interpreter;

	if (fd >= 0)
		close(fd);
	if (!strv_skip(&text, "#!") || !strv_line(&text, &line))
		return 0;
	line = strv_trim(line);
	strv_split(&line, ' ', &word);
	interpreter = strv_dup(word);
	if (!fs_is_exe(interpreter))
		rc = err_usage(err, "%s: its first line names %s, which is no program here", path,
			interpreter);
	free(interpreter);
	return rc;
}

char *program_find(const char *word, struct err *err)
{
	char *found = strchr(word, '/') ? fs_abspath(word) : fs_which(word);

	if (!found)
		err_usage(err, "%s: not found on PATH", word);
	else if (!fs_is_exe(found))
		err_usage(err, "%s: %s", found, fs_not_exe(found));
	else if (check_interpreter(found, err) == 0)
		return found;
	free(found);
	return NULL;
}
