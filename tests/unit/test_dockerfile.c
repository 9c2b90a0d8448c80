/* What an OSS-Fuzz project's Dockerfile comes to: rows of text, and all that is read out of it in one line. */
#include "base/prelude.h"
#include "base/buf.h"
#include "build/dockerfile.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct {
	const char *text, *name, *want;
} rows[] = {
	{ "", "p", "start /src" },
	{ "FROM base\nWORKDIR p\nCOPY build.sh $SRC/\n", "x",
		"start /src/p; project p; 3 copy build.sh to /src/" },
	{ "# COPY a b\nWORKDIR $SRC/p/fuzz\nCOPY a.c b.c data\n", "x",
		"start /src/p/fuzz; project p; 3 copy a.c b.c to /src/p/fuzz/data/" },
	{ "RUN git clone --depth 1 -b v2 https://h/z.git\nRUN git clone https://h/p p2\nWORKDIR "
	  "p2\n",
		"x", "start /src/p2; project p2; 1 clone /src/z; 2 clone /src/p2" },
	{ "RUN git clone https://h/z\nRUN git clone https://h/p/\n", "p",
		"start /src; project p; 1 clone /src/z; 2 clone /src/p" },
	{ "RUN git clone https://h/z\n", "p", "start /src; project z; 1 clone /src/z" },
	/* numbers of lines within one instruction; what is a comment there */
	{ "RUN apt-get update && \\\n  apt-get install -y --no-install-recommends make \\\n# no\n  "
	  "  cmake && \\\n  wget http://h/a.tgz\n",
		"p", "start /src; 2 packages make cmake; 5 not wget http://h/a.tgz" },
	{ "RUN DEBIAN_FRONTEND=noninteractive apt-get install -y tcl; git submodule update\n", "p",
		"start /src; 1 packages tcl; 1 not git submodule update" },
	{ "FROM b\nRUN make && \\\n    rm -rf /x && \\\n    ./get\n", "p",
		"start /src; 2 not make; 4 not ./get" },
	{ "RUN (mkdir a && cd a && make)\nRUN make b; ./c | tee d\n", "p",
		"start /src; 1 not cd a && make; 2 not make b && ./c && tee d" },
	{ "COPY . $SRC/mine\n", "p", "start /src; project mine; 1 copy . to /src/mine" },
	{ "COPY [\"a b\", \"${SRC}/\"]\n", "p", "start /src; 1 copy a b to /src/" },
	{ "COPY --chown=1:1 x $SRC/\nCOPY --from=other y $SRC/\nADD tool /usr/bin/\nADD "
	  "http://h/z.zip $SRC/\n",
		"p",
		"start /src; 1 copy x to /src/; 2 not COPY --from=other y $SRC/; 3 not COPY tool "
		"/usr/bin/; 4 not COPY http://h/z.zip $SRC/" },
	/* out of it, whatever way */
	{ "COPY x $SRC/../etc/\nCOPY y ../../../z/\nWORKDIR ../../..\n", "p",
		"start /; 1 not COPY x $SRC/../etc/; 2 not COPY y ../../../z/" },
	{ "ENV A=1 B=two\nENV C see you\n", "p", "start /src; env A=1; env B=two; env C=see you" },
	{ "RUN", "p", "start /src" },
	{ "COPY\nCOPY a\nWORKDIR\nRUN git clone\nRUN &&&&\\", "p",
		"start /src; 1 not COPY; 2 not COPY a; 4 not git clone" },
};

static void add_words(struct buf *b, const struct strlist *words)
{
	for (size_t i = 0; i < words->n; i++)
		buf_adds2(b, " ", words->v[i]);
}

static void reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct dockerfile d;
		struct buf b = BUF_INIT;
		char *project;

		dockerfile_parse(strv_of(rows[i].text), &d);
		buf_addf(&b, "start %s", d.workdir);
		project = docker_project(&d, rows[i].name);
		if (project)
			buf_addf(&b, "; project %s", project);
		for (size_t k = 0; k < d.n_copies; k++) {
			buf_addf(&b, "; %u copy", d.copies[k].line);
			add_words(&b, &d.copies[k].from);
			buf_addf(&b, " to %s", d.copies[k].to);
		}
		for (size_t k = 0; k < d.n_clones; k++)
			buf_addf(&b, "; %u clone %s", d.clones[k].line, d.clones[k].to);
		if (d.packages.n) {
			buf_addf(&b, "; %u packages", d.packages_line);
			add_words(&b, &d.packages);
		}
		for (size_t k = 0; k < d.n_rest; k++)
			buf_addf(&b, "; %u not %s", d.rest[k].line, d.rest[k].text);
		for (size_t k = 0; k < d.env.n; k++)
			buf_addf(&b, "; env %s", d.env.v[k]);
		assert_string_equal(b.s, rows[i].want);
		free(project);
		buf_release(&b);
		dockerfile_release(&d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(reads) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
