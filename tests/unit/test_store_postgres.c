/*
 * What only a server can do to a store: end a session, take no more, hold another's tables. THRESH_TEST_STORE as in
 * test_store.c, whose contract runs there too; without it, these are skipped.
 */
#include "base/prelude.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/store.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "ok.h"

static const char *server(void)
{
	const char *url = getenv("THRESH_TEST_STORE");

	if (!url)
		skip();
	return url;
}

static void psql(const char *sql)
{
	char *command = xasprintf("psql -q -c \"%s\" >/dev/null", sql);

	if (system(command) != 0)
		fail_msg("%s", command);
	free(command);
}

static struct store *fresh(const char *schema)
{
	const char *given = server();
	char *sql = xasprintf("CREATE SCHEMA %s", schema);
	char *url = xasprintf("%s?options=-csearch_path%%3D%s", given, schema);
	struct err err = ERR_INIT;
	struct store *s;

	psql(sql);
	s = store_open(url, &err);
	if (!s)
		fail_msg("%s", err.msg);
	free(url);
	free(sql);
	return s;
}

static void end_sessions(void)
{
	psql("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
	     " WHERE application_name = 'thresh'");
}

/* The server's process of the last session. */
static pid_t backend(void)
{
	FILE *f =
		popen("psql -q -A -t -c \"SELECT pid FROM pg_stat_activity WHERE application_name ="
		      " 'thresh' ORDER BY backend_start DESC LIMIT 1\"",
			"r");
	int pid = 0;

	if (!f || fscanf(f, "%d", &pid) != 1 || pid <= 1)
		fail_msg("no session");
	pclose(f);
	return (pid_t)pid;
}

static int count_blob(void *arg, const char *sha1, const char *p, size_t n)
{
	unsigned *good = arg;

	(void)sha1;
	*good += p && n < 4;
	return 0;
}

/* Many inputs go by one COPY; where one of them is there already, by rows, and none is lost either way. */
static void test_copy(void **state)
{
	enum { N = 100, MORE = 20 };
	struct store *s = fresh("copies");
	char sha1[N + MORE][SHA1_HEX], text[N + MORE][4];
	struct store_blob v[N + MORE];
	const char *names[STORE_BLOBS_MAX];
	unsigned good = 0;

	(void)state;
	psql("CREATE TABLE copies.calls (x int); CREATE FUNCTION copies.f() RETURNS trigger "
	     "LANGUAGE plpgsql"
	     " AS 'BEGIN INSERT INTO copies.calls VALUES (1); RETURN NULL; END';"
	     "CREATE TRIGGER t AFTER INSERT ON copies.blob FOR EACH STATEMENT EXECUTE FUNCTION "
	     "copies.f()");
	for (unsigned i = 0; i < N + MORE; i++) {
		/* the first one is empty */
		snprintf(text[i], sizeof(text[i]), "%u", i);
		v[i] = (struct store_blob){ sha1[i], text[i], i ? strlen(text[i]) : 0 };
		hash_sha1(text[i], v[i].n, sha1[i]);
	}
	OK(store_blobs_put(s, v, N, false, &e));
	psql("SELECT 1 / (CASE WHEN (SELECT count(*) FROM copies.calls) = 1 THEN 1 ELSE 0 END)");
	OK(store_blobs_put(s, v + MORE, N, true, &e));
	for (unsigned i = 0; i < N + MORE; i += STORE_BLOBS_MAX) {
		unsigned n = MIN((unsigned)(N + MORE - i), (unsigned)STORE_BLOBS_MAX);

		for (unsigned k = 0; k < n; k++)
			names[k] = sha1[i + k];
		OK(store_blobs_get(s, names, n, count_blob, &good, &e));
	}
	assert_int_equal(good, N + MORE);
	psql("SELECT 1 / (CASE WHEN (SELECT min(made_ms) FROM copies.blob) > 0 THEN 1 ELSE 0 END)");
	store_close(s);
}

/* A server that stands still fails what was asked, once; the next call has another session, a reader's as a writer's. */
static void test_silent(void **state)
{
	struct store *s = fresh("silent");
	struct err err = ERR_INIT;
	char *v = NULL;
	pid_t pid[2];

	(void)state;
	setenv("THRESH_TEST_SILENT_MS", "1000", 1);
	for (int writes = 0; writes < 2; writes++) {
		pid[writes] = backend();
		assert_int_equal(kill(pid[writes], SIGSTOP), 0);
		assert_int_equal(writes ? store_fact_set(s, "a", "1", &err)
					: store_fact_get(s, "a", &v, &err),
			-1);
		assert_int_equal(err.kind, ERR_REFUSED);
		assert_non_null(strstr(err.msg, "no longer answers"));
		setenv("THRESH_TEST_SILENT_MS", "60000", 1);
		assert_int_equal(store_fact_get(s, "a", &v, &err), 1);
		setenv("THRESH_TEST_SILENT_MS", "1000", 1);
	}
	unsetenv("THRESH_TEST_SILENT_MS");
	for (int i = 0; i < 2; i++)
		kill(pid[i], SIGCONT);
	store_close(s);
}

/* Between transactions a lost session is made again, and nobody notices; in one, nothing of it is kept. */
static void test_lost_session(void **state)
{
	struct store *s = fresh("lost_session");
	struct err err = ERR_INIT;
	char *v = NULL;

	(void)state;
	OK(store_fact_set(s, "a", "1", &e));
	end_sessions();
	OK(store_fact_get(s, "a", &v, &e));
	free(v);
	end_sessions();
	OK(store_fact_set(s, "a", "2", &e));

	OK(store_begin(s, &e));
	OK(store_fact_set(s, "b", "1", &e));
	end_sessions();
	assert_int_equal(store_fact_set(s, "c", "1", &err), -1);
	assert_int_equal(err.kind, ERR_REFUSED);
	assert_int_equal(store_commit(s, &err), -1);
	assert_int_equal(store_fact_get(s, "b", &v, NULL), 1);

	/* before the first statement of a transaction there is nothing to lose */
	OK(store_begin(s, &e));
	end_sessions();
	OK(store_fact_set(s, "d", "1", &e));
	OK(store_commit(s, &e));
	OK(store_fact_get(s, "d", &v, &e));
	free(v);

	OK(store_begin(s, &e));
	OK(store_fact_set(s, "b", "1", &e));
	end_sessions();
	assert_int_equal(store_commit(s, &err), -1);
	assert_int_equal(store_fact_get(s, "b", &v, NULL), 1);
	store_close(s);
}

static const struct {
	const char *in, *want;
} texts[] = {
	{ "plain", "plain" },
	{ "", "" },
	{ "it's \"$1\" \\ ; --", "it's \"$1\" \\ ; --" },
	{ "\xc3\xa4\xf0\x9f\x98\x80", "\xc3\xa4\xf0\x9f\x98\x80" },
	{ "a\xff\xfe z", "a\xef\xbf\xbd\xef\xbf\xbd z" },
	{ "cut \xc3", "cut \xef\xbf\xbd" },
	{ "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
};

/* What a target printed is no UTF-8 as often as it likes. */
static void test_texts(void **state)
{
	struct store *s = fresh("texts");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		char *v = NULL;

		OK(store_fact_set(s, "k", texts[i].in, &e));
		OK(store_fact_get(s, "k", &v, &e));
		assert_string_equal(v, texts[i].want);
		free(v);
	}
	store_close(s);
}

/* A child's end of the store is not the parent's. */
static void test_fork(void **state)
{
	struct store *s = fresh("forked");
	int status;
	pid_t pid;

	(void)state;
	OK(store_begin(s, &e));
	OK(store_fact_set(s, "a", "1", &e));
	pid = fork();
	if (pid == 0) {
		store_close(s);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	OK(store_fact_set(s, "b", "1", &e));
	OK(store_commit(s, &e));
	store_close(s);
}

/* Several that open an empty schema at once: one makes the tables, the others wait for it. */
static void test_made_together(void **state)
{
	char *url = xasprintf("%s?options=-csearch_path%%3Dtogether", server());
	int status;

	(void)state;
	psql("CREATE SCHEMA together");
	for (int i = 0; i < 6; i++) {
		if (fork() == 0) {
			struct err err = ERR_INIT;
			struct store *s = store_open(url, &err);

			if (!s)
				printf("# %s\n", err.msg);
			fflush(stdout);
			_exit(!s || store_fact_set(s, "a", "1", NULL) < 0);
		}
	}
	for (int i = 0; i < 6; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	free(url);
}

static const struct {
	const char *url, *want;
} shown[] = {
	{ "sqlite:a/b@c:d?e.db", "sqlite:a/b@c:d?e.db" },
	{ "postgres://h/d", "postgres://h/d" },
	{ "postgres://u@h:1/d", "postgres://u@h:1/d" },
	{ "postgres://u:secret@h:1/d", "postgres://u:***@h:1/d" },
	{ "postgresql://u:sec@ret@h/d", "postgresql://u:***@h/d" },
	{ "postgres://u:sec?ret@h/d", "postgres://u:***@h/d" },
	{ "postgres://h/d?password=secret", "postgres://h/d" },
	{ "postgres://u:secret@h/d?sslmode=require", "postgres://u:***@h/d" },
	{ "postgresx://:secret@", "postgresx://:***@" },
};

static void test_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		char *got = store_shown(shown[i].url);

		assert_string_equal(got, shown[i].want);
		free(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_lost_session),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_fork),
		cmocka_unit_test(test_made_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
