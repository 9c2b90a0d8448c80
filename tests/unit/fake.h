/*
 * A project whose targets are tables: what an input gives is looked up, no compiler and no process is started. The
 * linker puts these in the place of src/target and of the builds (tests/unit/fake.wrap); everything above is the
 * product's own. A test that includes this is linked so.
 */
#ifndef TESTS_FAKE_H
#define TESTS_FAKE_H

#include "project/project.h"
#include "triage/filing.h"
#include "triage/triage.h"

/* One answer; the first row that fits the target and the input gives it. An input that fits none passes. */
struct fake_row {
	const char *harness; /* NULL: any */
	const char *variant; /* "asan"; NULL: any */
	const char *
		build; /* the name of another build in place of the harness's own, or "own"; NULL: any */
	const char *input; /* all of it; or, with a '~' before it, a part of it; NULL: any */
	enum target_outcome outcome;
	const char *text; /* printed on standard error */
	int exit_code;    /* of TARGET_EXIT */
	/*
	 * Which runs have that outcome, the others pass: "F" or "." each, over and over; NULL: all. Counted by row, since
	 * fake_rows().
	 */
	const char *runs;
	uint64_t ms;    /* of CPU: above the target's limit it times out, else it passes */
	uint64_t bytes; /* of memory, likewise */
	bool aslr;      /* only where addresses are random */
	uint32_t stack; /* only with at least so many bytes of stack beyond the usual limit */
	bool behind;    /* only behind other inputs: in a batch, never alone */
	const uint32_t *features;
	size_t n_features;
};

/* From now on all targets answer so. What rows point to is borrowed; n 0: everything passes. */
void fake_rows(const struct fake_row *rows, size_t n);
#define FAKE_ROWS(...)                                      \
	fake_rows((const struct fake_row[]){ __VA_ARGS__ }, \
		sizeof((const struct fake_row[]){ __VA_ARGS__ }) / sizeof(struct fake_row))
/* These variants don't build: names, blanks between; NULL: all do. */
void fake_unbuilt(const char *variants);
/* Inputs run since the project was opened, of one variant or all (NULL). */
unsigned fake_runs(const char *variant);

/* What a sanitizer prints of a function that parse() called. */
#define FAKE_ASAN(kind, function)                                                               \
	"==7==ERROR: AddressSanitizer: " kind " on address 0x602000000014 at pc 0x1 bp 0x2 sp " \
	"0x3\nREAD of size 1 at 0x602000000014 thread T0\n    #0 0x1 in " function              \
	" /fake/src/lib.c:10:3\n    #1 0x2 in parse /fake/src/lib.c:20:3\n"

/* A folder with this thresh.yaml (NULL: one harness, `h`), opened. Fails the test when it can't be. */
struct fake {
	char *dir;
	struct project *p;
};
void fake_open(struct fake *f, const char *yaml);
/* Closed and opened again: as another process finds it. yaml NULL: as it was. */
void fake_reopen(struct fake *f, const char *yaml);
void fake_close(struct fake *f);
extern const char fake_yaml[]; /* what NULL stands for */
/* A file below the folder; made with its directories. */
void fake_put(const struct fake *f, const char *name, const char *text);

/* --- what tests of it ask; each fails the test when it can't be had --- */

/* Store an input of `h` as a finding, with the fault that it carries (NULL: none); its id. */
int64_t fake_keep(const struct fake *f, const char *input, const struct target_fault *fault,
	const char *variant);
/* The same, and triage it, as a campaign does. */
struct triage_filed fake_file(const struct fake *f, const char *input);
/* The caller releases it. */
struct bug_rec fake_bug(const struct fake *f, const char *id);
void fake_set_state(const struct fake *f, const char *id, enum bug_state state);
unsigned fake_n_bugs(const struct fake *f);
/* The bug's best reproducer is that. */
void fake_assert_reproducer(const struct fake *f, const char *id, const char *input);

#endif
