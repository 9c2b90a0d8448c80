/*
 * libpq's own rules hold for what the URL doesn't say: PG* variables, ~/.pgpass, service files, certificates. What is
 * added here is what keeps a worker from waiting for ever on a host that was cut off, and a stopped worker from holding
 * up all others. A password may stand in a URL; it is in no message.
 */
#include "base/prelude.h"
#include "store/postgres_conn.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include <poll.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define AGAIN_MS 10000 /* how long a restart of the server may take */
#define RETRY_NS 200000000
#define PARAMS_MAX 16
/* so long a server may say nothing to a statement: more than locks are waited for there; once told to end; looked at so often */
#define SILENT_MS 300000
#define ENDING_MS 10000
#define TICK_MS 200
#define LEAD_CLASS 0x74687266 /* beside that of writers: see postgres.c */

/*
 * A transaction in which nothing happens for this long is ended by the server: its worker was stopped, and holds the lock
 * that all wait for.
 */
#define IDLE_S 30

#define STRING2(x) #x
#define STRING(x) STRING2(x)
static const char session[] = "SET lock_timeout = '" STRING(
	PG_LOCK_WAIT_S) "s';"
			"SET idle_in_transaction_session_timeout = '" STRING(
				IDLE_S) "s';"
					"SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval "
					"= 5;"
					/* of a host that was cut off the server lets go as soon as of a process that died */
					"SET tcp_keepalives_count = 3; SET tcp_user_timeout = "
					"30000;"
					"SET default_transaction_isolation = 'read committed';"
					/* unless a transaction says otherwise */
					"SET synchronous_commit = off;"
					/* as SQLite plans: once, and whatever the arguments are; a plan costs more than a look */
					"SET plan_cache_mode = force_generic_plan;"
					"SET client_min_messages = error;"
					/* SQLite's answer, and the one that statements here are written for */
					"SET standard_conforming_strings = on";

/* What stands unless the URL or the environment says otherwise. */
static const struct {
	const char *key, *value, *variable;
} defaults[] = {
	{ "connect_timeout", "10", "PGCONNECT_TIMEOUT" },
	{ "fallback_application_name", "thresh", NULL },
	/* a host that was cut off is noticed within half a minute */
	{ "keepalives_idle", "10", NULL },
	{ "keepalives_interval", "5", NULL },
	{ "keepalives_count", "3", NULL },
	{ "tcp_user_timeout", "30000", NULL },
};

struct params {
	const char *keys[PARAMS_MAX], *values[PARAMS_MAX];
};

/* Later ones win over earlier ones: ours, the URL's, what can't be otherwise. */
static struct params make_params(const char *url)
{
	struct params p = { { NULL }, { NULL } };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(defaults); i++) {
		if (defaults[i].variable && getenv(defaults[i].variable))
			continue;
		p.keys[n] = defaults[i].key;
		p.values[n++] = defaults[i].value;
	}
	p.keys[n] = "dbname";
	p.values[n++] = url;
	p.keys[n] = "client_encoding";
	p.values[n++] = "UTF8";
	return p;
}

/* libpq's words on one line, without its hints, which begin by a tab, and without a password. */
static char *one_line(const struct pg_conn *c, const char *text)
{
	size_t secret = c->password ? strlen(c->password) : 0;
	struct buf b = BUF_INIT;

	for (const char *p = text; *p;) {
		if (secret && strncmp(p, c->password, secret) == 0) {
			buf_adds(&b, "***");
			p += secret;
		} else if (p[0] == '\n' && p[1] == '\t') {
			p += 1 + strcspn(p + 1, "\n");
		} else if (*p == '\n' || *p == '\t' || *p == ' ') {
			if (p[strspn(p, "\n\t ")] && b.len)
				buf_addch(&b, ' ');
			p += strspn(p, "\n\t ");
		} else {
			buf_addch(&b, *p++);
		}
	}
	return buf_detach(&b);
}

static int lost(struct pg_conn *c, struct err *err)
{
	const char *why = c->silent ? "it no longer answers"
			  : c->db   ? c->pq->errorMessage(c->db)
				    : "";
	char *line = one_line(c, *why ? why : "the connection was lost");

	err_refused(err,
		"%s: can't be reached now: %s; what was recorded before is there: run again when "
		"it is back",
		c->name, line);
	free(line);
	return -1;
}

/* What the server says by its codes, which don't depend on its language: a class of two letters, or a whole one. */
static const struct {
	const char *code;
	bool refused;
	const char *mend;
} codes[] = {
	{ "25006", true,
		"it takes no writes: a standby, or set to be read-only; name the primary" },
	{ "42501", false,
		"this role lacks a right there: see GRANT, or use the role that owns it" },
	{ "53100", true,
		"no space left on its disk; nothing recorded before is lost: make room there and "
		"run "
		"again" },
	{ "53300", true, "it has no connection left: raise max_connections, or run fewer workers" },
	{ "53", true, "it is short of something; nothing recorded before is lost" },
	{ "40", true, "it collided with another program's transaction, again and again" },
	{ "57P", true, "the server ends this session; what was recorded before is there" },
	{ "25P03", true, "this process stood still in the middle of a write" },
	{ "55P03", true,
		"another process has been writing for " STRING(
			PG_LOCK_WAIT_S) " s; is one stopped?" },
	{ "42P01", false,
		"a table of the store is not there; was it dropped? name another database, or "
		"another "
		"schema" },
	{ "58", true, "the server could not read or write one of its files: see its log" },
	{ "XX001", false, "the database is damaged: see the server's log" },
	{ "XX002", false, "the database is damaged: see the server's log" },
};

int pg_conn_fail(struct pg_conn *c, const PGresult *res, struct err *err)
{
	const char *code = res ? c->pq->resultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
	const char *why = res ? c->pq->resultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	char *line;

	if (!pg_conn_alive(c))
		return lost(c, err);
	line = one_line(c, why ? why : c->pq->errorMessage(c->db));
	if (!code)
		code = "";
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		if (strncmp(code, codes[i].code, strlen(codes[i].code)) != 0)
			continue;
		(codes[i].refused ? err_refused : err_set)(
			err, "%s: %s (%s): %s", c->name, line, code, codes[i].mend);
		free(line);
		return -1;
	}
	err_set(err, "%s: %s (%s)", c->name, line, *code ? code : "no code");
	free(line);
	return -1;
}

static bool is_code(const struct pg_conn *c, const PGresult *res, const char *want)
{
	const char *code = res ? c->pq->resultErrorField(res, PG_DIAG_SQLSTATE) : NULL;

	return code && strcmp(code, want) == 0;
}

bool pg_conn_collided(const struct pg_conn *c, const PGresult *res)
{
	return is_code(c, res, "40001") || is_code(c, res, "40P01");
}

bool pg_conn_doubled(const struct pg_conn *c, const PGresult *res)
{
	return is_code(c, res, "23505");
}

bool pg_conn_alive(const struct pg_conn *c)
{
	return c->db && c->pq->status(c->db) == CONNECTION_OK;
}

static bool is_ending(const struct pg_conn *c)
{
	return c->told && c->told();
}

/* THRESH_TEST_SILENT_MS: another one, for tests. */
static uint64_t silence_ms(const struct pg_conn *c)
{
	const char *test = getenv("THRESH_TEST_SILENT_MS");
	uint64_t ms = SILENT_MS;

	if (test)
		(void)num_u64(strv_of(test), &ms);
	return is_ending(c) ? MIN(ms, (uint64_t)ENDING_MS) : c->slow ? UINT64_MAX : ms;
}

/* Until there is something to read, or to write to; false: there was nothing for too long, and the connection is over. */
static bool await(struct pg_conn *c, bool writes, uint64_t *since)
{
	struct pollfd p = { .fd = c->pq->socket(c->db),
		.events = (short)(POLLIN | (writes ? POLLOUT : 0)) };

	if (poll(&p, 1, TICK_MS) > 0) {
		*since = clock_mono_ms();
	} else if (clock_mono_ms() - *since >= silence_ms(c)) {
		c->pq->finish(c->db);
		c->db = NULL;
		c->silent = true;
	}
	return c->db != NULL;
}

/* The last result of what was sent, as libpq's exec has it. NULL: nothing could be sent, or nothing came. */
static PGresult *answer(struct pg_conn *c, int sent)
{
	const struct libpq *pq = c->pq;
	uint64_t since = clock_mono_ms();
	PGresult *last = NULL, *res;
	bool broken = false;

	while (sent) {
		int unsent = broken ? 0 : pq->flush(c->db);

		if (broken || unsent < 0 || (unsent == 0 && !pq->isBusy(c->db))) {
			res = pq->getResult(c->db);
			if (!res)
				return last;
			pq->clear(last);
			last = res;
			/* now it is the server that waits */
			if (pq->resultStatus(res) == PGRES_COPY_IN)
				return last;
		} else if (!await(c, unsent > 0, &since)) {
			break;
		} else {
			broken = !pq->consumeInput(c->db);
		}
	}
	pq->clear(last);
	return NULL;
}

PGresult *pg_conn_query(struct pg_conn *c, const char *sql)
{
	return answer(c, c->pq->sendQuery(c->db, sql));
}

PGresult *pg_conn_prepare(
	struct pg_conn *c, const char *name, const char *sql, int n, const Oid *types)
{
	return answer(c, c->pq->sendPrepare(c->db, name, sql, n, types));
}

PGresult *pg_conn_run(struct pg_conn *c, const char *name, int n, const char *const *values,
	const int *lengths, const int *formats)
{
	return answer(c, c->pq->sendQueryPrepared(c->db, name, n, values, lengths, formats, 1));
}

PGresult *pg_conn_copy(struct pg_conn *c, const char *sql, const char *p, size_t n)
{
	const struct libpq *pq = c->pq;
	PGresult *res = pg_conn_query(c, sql);

	if (pq->resultStatus(res) != PGRES_COPY_IN)
		return res;
	pq->clear(res);
	/* both only fill libpq's own memory: what is sent is awaited with the answer */
	if (pq->putCopyData(c->db, p, (int)n) == 1)
		return answer(c, pq->putCopyEnd(c->db, NULL) == 1);
	pq->putCopyEnd(c->db, "no memory for it");
	return answer(c, 1);
}

int pg_conn_exec(struct pg_conn *c, const char *sql, struct err *err)
{
	PGresult *res = pg_conn_query(c, sql);
	ExecStatusType status = c->pq->resultStatus(res);
	int rc = 0;

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		rc = pg_conn_fail(c, res, err);
	c->pq->clear(res);
	return rc;
}

/* Notices of the server are no news for people. */
static void on_notice(void *arg, const char *message)
{
	(void)arg;
	log_debug("postgres: %s", message);
}

static void set_name(struct pg_conn *c)
{
	const char *db = c->pq->db(c->db), *host = c->pq->host(c->db);

	free(c->name);
	c->name = xasprintf("postgres database '%s' on %s", db && *db ? db : "?",
		host && *host ? host : "this machine");
}

int pg_conn_lead(struct pg_conn *c, int32_t of, struct err *err)
{
	PGresult *res;
	char sql[100];
	int rc = -1;

	if (c->leads)
		return 0;
	snprintf(sql, sizeof(sql), "SELECT pg_try_advisory_lock(%d, %d)::int", LEAD_CLASS, of);
	res = pg_conn_query(c, sql);
	if (c->pq->resultStatus(res) != PGRES_TUPLES_OK || c->pq->ntuples(res) != 1)
		pg_conn_fail(c, res, err);
	else
		rc = strcmp(c->pq->getvalue(res, 0, 0), "1") == 0 ? 0 : 1;
	c->pq->clear(res);
	c->leads = rc == 0;
	return rc;
}

/* One attempt. */
static int connect_once(struct pg_conn *c, struct err *err)
{
	struct params p = make_params(c->url);

	c->leads = c->silent = false;
	if (c->db)
		c->pq->finish(c->db);
	c->db = c->pq->connectdbParams(p.keys, p.values, 1);
	if (!c->db)
		return err_refused(err, "%s: no memory for a connection", c->name);
	set_name(c);
	if (c->pq->status(c->db) != CONNECTION_OK)
		return lost(c, err);
	c->pq->setNoticeProcessor(c->db, on_notice, NULL);
	c->pq->setnonblocking(c->db, 1);
	return pg_conn_exec(c, session, err);
}

/* Attempts until one succeeds or waiting is no use: absent says whether the server may be gone, too. */
static int connect_waiting(struct pg_conn *c, bool absent, struct err *err)
{
	const struct timespec nap = { .tv_nsec = RETRY_NS };
	uint64_t end = clock_mono_ms() + AGAIN_MS;
	struct params p = make_params(c->url);

	while (connect_once(c, err) < 0) {
		PGPing ping = c->pq->pingParams(p.keys, p.values, 1);

		/* PQPING_REJECT: it starts, or ends */
		if (!(ping == PQPING_REJECT || (absent && ping != PQPING_NO_ATTEMPT)) ||
			clock_mono_ms() >= end)
			return -1;
		nanosleep(&nap, NULL);
	}
	return 0;
}

int pg_conn_again(struct pg_conn *c, struct err *err)
{
	int rc;

	if (c->hopeless)
		return lost(c, err);
	log_debug("%s: connecting again", c->name);
	rc = connect_waiting(c, true, err);
	c->hopeless = rc < 0 && is_ending(c);
	return rc;
}

/* libpq's words about a wrong URL quote it: shown only where no password can be in it. */
static int read_url(struct pg_conn *c, struct err *err)
{
	char *why = NULL;
	PQconninfoOption *opts = c->pq->conninfoParse(c->url, &why);
	bool hush = strchr(c->url, '@') || strstr(c->url, "password");
	int rc = 0;

	if (!opts) {
		char *line = one_line(c, why && !hush ? why : "libpq can't read it");

		rc = err_usage(err,
			"store 'postgres:...': %s; it is postgres://USER@HOST:PORT/DATABASE, a "
			"socket's folder as %%2Fvar%%2Frun%%2Fpostgresql in HOST's place",
			line);
		free(line);
	}
	for (size_t i = 0; opts && opts[i].keyword; i++)
		if (strcmp(opts[i].keyword, "password") == 0 && opts[i].val && *opts[i].val)
			c->password = xstrdup(opts[i].val);
	c->pq->conninfoFree(opts);
	c->pq->freemem(why);
	return rc;
}

struct pg_conn *pg_conn_open(const char *url, struct err *err)
{
	const struct libpq *pq = postgres_lib(err);
	struct pg_conn *c;

	if (!pq)
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->pq = pq;
	c->pid = getpid();
	c->url = xstrdup(url);
	c->name = xstrdup("postgres");
	if (read_url(c, err) == 0 && connect_waiting(c, false, err) == 0)
		return c;
	pg_conn_close(c);
	return NULL;
}

void pg_conn_close(struct pg_conn *c)
{
	if (!c)
		return;
	if (c->db && c->pid == getpid())
		c->pq->finish(c->db);
	else if (c->db)
		/* the session is the other process's: only this descriptor of it goes */
		close(c->pq->socket(c->db));
	free(c->url);
	free(c->name);
	free(c->password);
	free(c);
}
