/* The stand-in for compilers: it runs the real one, waits, and writes one record in one write. */
#include "base/prelude.h"
#include "survey/record.h"
#include "survey/internal.h"
#include "survey/line.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOG_ENV "THRESH_RECORD"
#define PATH_ENV "THRESH_RECORD_PATH"
#define LOG_MAX ((uint64_t)256 << 20)
#define RESPONSE_MAX ((uint64_t)4 << 20)
#define RECORD_MAX ((size_t)8 << 20)

extern char **environ;

/* What a tool's name may end in, behind a machine's and in front of a version: "x86_64-linux-gnu-gcc-12". */
static const char *const tools[] = { "cc", "c++", "gcc", "g++", "clang", "clang++", "c89", "c99",
	"ar", "gcc-ar", "llvm-ar", "nasm", "yasm" };

static bool is_tool(const char *name)
{
	struct strv v = strv_of(name);
	size_t dash;

	while ((dash = strv_rchr(v, '-')) != SIZE_MAX && dash + 1 < v.len &&
		strspn(v.s + dash + 1, "0123456789.") == v.len - dash - 1)
		v.len = dash;
	for (size_t i = 0; i < ARRAY_LEN(tools); i++) {
		size_t n = strlen(tools[i]);

		if (strv_ends(v, tools[i]) && (v.len == n || v.s[v.len - n - 1] == '-'))
			return true;
	}
	return false;
}

bool record_asked(const char *argv0)
{
	return argv0 && getenv(LOG_ENV) && getenv(PATH_ENV) && is_tool(fs_basename(argv0));
}

static void expand(int argc, char **argv, struct strlist *out)
{
	for (int i = 0; i < argc; i++) {
		struct buf text = BUF_INIT;

		if (argv[i][0] == '@' && fs_read(argv[i] + 1, RESPONSE_MAX, &text, NULL) == 0)
			line_words(strv_n(buf_str(&text), text.len), out);
		else
			strlist_add(out, argv[i]);
		buf_release(&text);
	}
}

/* A length, then the folder and the words, each with its NUL. In one write, as others append at the same time. */
static void write_record(int argc, char **argv)
{
	struct strlist words = STRLIST_INIT;
	const char *log = getenv(LOG_ENV);
	char *cwd = getcwd(NULL, 0);
	struct buf b = BUF_INIT;
	uint32_t len = 0;
	int fd;

	expand(argc, argv, &words);
	buf_add(&b, &len, sizeof(len));
	buf_add(&b, cwd ? cwd : "/", strlen(cwd ? cwd : "/") + 1);
	for (size_t i = 0; i < words.n; i++)
		buf_add(&b, words.v[i], strlen(words.v[i]) + 1);
	len = (uint32_t)(b.len - sizeof(len));
	memcpy(b.s, &len, sizeof(len));
	fd = log ? open(log, O_WRONLY | O_APPEND | O_CLOEXEC) : -1;
	if (b.len > RECORD_MAX || fd < 0 || write(fd, b.s, b.len) != (ssize_t)b.len)
		fprintf(stderr, "thresh: a command line could not be recorded\n");
	if (fd >= 0)
		close(fd);
	buf_release(&b);
	strlist_release(&words);
	free(cwd);
}

bool record_hurry(int argc, char **argv, struct strlist *out)
{
	bool compiles = false, faster = false;

	for (int i = 0; i < argc; i++) {
		bool level = strncmp(argv[i], "-O", 2) == 0 && strcmp(argv[i], "-O0") != 0;

		compiles |= strcmp(argv[i], "-c") == 0;
		faster |= level;
		strlist_add(out, level ? "-O0" : argv[i]);
	}
	return compiles && faster;
}

/* Its exit status; 126: it can't be started. */
static int run_real(char **argv)
{
	int status, error;
	pid_t pid;

	error = posix_spawn(&pid, argv[0], NULL, NULL, argv, environ);
	if (error) {
		fprintf(stderr, "%s: %s\n", argv[0], strerror(error));
		return 126;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int record_main(int argc, char **argv)
{
	const char *name = fs_basename(argv[0]), *path = getenv(PATH_ENV);
	struct strlist fast = STRLIST_INIT;
	int status = 1;
	char *real;

	/* the real one's, too: a cache of objects looks there for the compiler behind it, and would find this one, for ever */
	setenv("PATH", path ? path : "", 1);
	real = fs_which(name);
	if (!real) {
		fprintf(stderr, "%s: not found\n", name);
		return 127;
	}
	argv[0] = real;
	if (record_hurry(argc, argv, &fast))
		status = run_real(fast.v);
	/* some code wants to be optimised */
	if (status)
		status = run_real(argv);
	strlist_release(&fast);
	if (status == 0)
		write_record(argc, argv);
	free(real);
	return status;
}

static int link_tools_of(const char *dir, const char *bin, const char *self, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	int rc = 0;

	/* PATH may name what isn't there */
	if (fs_list(dir, &names, NULL) < 0)
		return 0;
	for (size_t i = 0; i < names.n && rc == 0; i++) {
		char *full = fs_join(dir, names.v[i]), *link = fs_join(bin, names.v[i]);

		if (is_tool(names.v[i]) && fs_is_exe(full) && symlink(self, link) < 0 &&
			errno != EEXIST)
			rc = err_errno(err, "%s", link);
		free(link);
		free(full);
	}
	strlist_release(&names);
	return rc;
}

/* What fuzzing builds use, so that what a configuration finds out holds for them. */
static void add_compilers(struct strlist *env)
{
	static const struct {
		const char *name, *best, *else_;
	} vars[] = { { "CC", "clang", "cc" }, { "CXX", "clang++", "c++" } };

	for (size_t i = 0; i < ARRAY_LEN(vars); i++) {
		char *best = fs_which(vars[i].best);

		strlist_addf(env, "%s=%s", vars[i].name, best ? vars[i].best : vars[i].else_);
		free(best);
	}
}

int record_tools(const char *bin, const char *log, struct strlist *env, struct err *err)
{
	const char *path = getenv("PATH");
	struct strv rest = strv_of(path ? path : "/usr/local/bin:/usr/bin:/bin"), dir;
	char *self = fs_self();
	int rc = fs_mkdirs(bin, err);

	if (rc == 0)
		rc = fs_write(log, "", 0, 0600, err);
	strlist_addf(env, LOG_ENV "=%s", log);
	strlist_addf(env, PATH_ENV "=" STRV_FMT, STRV_ARG(rest));
	strlist_addf(env, "PATH=%s:" STRV_FMT, bin, STRV_ARG(rest));
	while (rc == 0 && strv_split(&rest, ':', &dir)) {
		char *d = strv_dup(dir);

		rc = dir.len ? link_tools_of(d, bin, self, err) : 0;
		free(d);
	}
	add_compilers(env);
	strlist_add(env, SURVEY_NO_CCACHE);
	free(self);
	return rc;
}

/* --- reading --- */

int records_read(const char *log, struct records *out, struct err *err)
{
	struct buf text = BUF_INIT;
	struct strv rest;
	uint32_t len;

	if (!fs_exists(log))
		return 0;
	if (fs_read(log, LOG_MAX, &text, err) < 0) {
		buf_release(&text);
		return -1;
	}
	rest = strv_n(buf_str(&text), text.len);
	while (rest.len > sizeof(len)) {
		struct strv body, word;
		struct record *r;

		memcpy(&len, rest.s, sizeof(len));
		body = strv_sub(rest, sizeof(len), len);
		rest = strv_from(rest, sizeof(len) + len);
		/* a build's own processes can write there, too */
		if (body.len != len || !len || body.s[len - 1])
			break;
		GROW(out->v, out->n, out->cap);
		r = &out->v[out->n++];
		*r = (struct record){ .cwd = xstrdup(body.s) };
		body = strv_from(body, strlen(body.s) + 1);
		while (strv_split(&body, '\0', &word))
			if (body.len || word.len)
				strlist_add_take(&r->argv, strv_dup(word));
	}
	buf_release(&text);
	return 0;
}

void records_release(struct records *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->v[i].cwd);
		strlist_release(&r->v[i].argv);
	}
	free(r->v);
	*r = (struct records){ 0 };
}
