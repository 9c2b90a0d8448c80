/* Texts for people, each about one thing; the manual page and the overview are made of the same table. */
#include "base/prelude.h"
#include "cli/topics.h"

const struct topic topics[] = {
	{ "harnesses", "what a harness is, and what one may do",
		"A harness is one C or C++ file for one input boundary: a place where the project "
		"takes bytes that it doesn't control. It defines LLVMFuzzerTestOneInput, as for "
		"libFuzzer, OSS-Fuzz and AFL++:\n\n"
		"    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);\n\n"
		"It returns 0 when the library took the input, -1 when the library rejected it, "
		"keeps nothing from one call to the next, frees what it made, and prints nothing. "
		"LLVMFuzzerInitialize is called where it is defined; where there is an "
		"LLVMFuzzerCustomMutator, all new inputs come from it and from "
		"LLVMFuzzerCustomCrossOver, with libFuzzer and with AFL++, which asks the harness "
		"in a process of its own. C++'s FuzzedDataProvider works. Where there is none and "
		"inputs are texts, both engines change their parts, too (members, elements, lines, "
		"nesting), as often as it pays: a mutator of one's own is for what that can't "
		"know.\n\n"
		"`thresh init` writes them, and thresh.h beside them: THRESH_CHECK(cond) is a bug "
		"of its own where it doesn't hold, thresh_reject(\"why\") says why an input was "
		"rejected, struct thresh_data takes numbers and strings from the input.\n\n"
		"`thresh check` says whether one is any good: whether it accepts its seeds, "
		"reaches its library, is fast enough and behaves the same twice. What a harness "
		"does wrong is filed against it and not against the library as far as that can be "
		"told: look at the top frames first." },
	{ "signatures", "how failures become bugs",
		"A report, of a sanitizer, an engine, libc or a debugger, has a kind (such as "
		"heap-buffer-overflow), an access and its frames. From these comes its site: the "
		"class of fault, the access, and the function and statement by the source's own "
		"text, with the free, allocation or origin where the kind has one. Line numbers, "
		"addresses and build paths are no part of it, so a site is the same after a "
		"rebuild, and after a change elsewhere in its file.\n\n"
		"Sites of one likely cause are one bug, by rules that `thresh show BUG` names. "
		"Each site keeps its smallest input and gets its own test, so a bug that was "
		"joined too widely hides nothing. Functions that fail by what others pass to them "
		"are told apart by their callers: `triage.helpers`; wrappers that no signature is "
		"made of are `triage.ignore`.\n\n"
		"Where you know better: `thresh merge A B`, `thresh split A`. Such verdicts are "
		"kept in a file of their own beside thresh.yaml, to be committed, and outlive the "
		"store. A bug is named by 16 hexadecimal digits, in commands by as many of the "
		"first as tell it from the others." },
	{ "states", "what open, fixed, regressed, flaky and ignored mean",
		"open: its reproducer fails. fixed: `thresh verify`, or the night's, saw that all "
		"of its inputs pass; nothing else closes a bug. regressed: it was fixed, and fails "
		"again. flaky: it failed for an engine or once, and not as often as asked since; "
		"it is kept, and looked at again. ignored: you said so by `thresh ignore`, with a "
		"reason and, if you like, an end.\n\n"
		"`thresh verify` says of each: same, gone, masked (another bug is in the way, and "
		"filed) or cannot tell (no build, or the harness changed). Regression tests "
		"follow: "
		"those of open bugs are TODO, so that a suite stays green and the bug visible; "
		"those of fixed ones have to pass.\n\n"
		"Jobs are waiting, under way, done or failed; findings are new until they are "
		"triaged into a site. `thresh status` counts them, `thresh trace BUG` tells how a "
		"bug came about." },
	{ "sanitizers", "which builds a harness has, and what each finds",
		"`sanitizers: [address+undefined]` is what holds unless thresh.yaml says "
		"otherwise: "
		"one build with both. A list has several builds: [address+undefined, memory]. "
		"Words are address, undefined and memory, joined by +; memory stands with "
		"undefined at most.\n\n"
		"address finds what is read or written outside of objects or after their end, and "
		"leaks (`leaks: false` where a library is meant to). undefined finds arithmetic "
		"and "
		"conversions that C and C++ don't define. memory finds decisions by what was never "
		"written; all of a program has to be built with it, also its libraries: thresh "
		"says "
		"which one isn't, and doesn't file what comes of it.\n\n"
		"Engines explore on builds that suit them; whatever is new to a corpus is then run "
		"once under each of these builds. ASAN_OPTIONS, UBSAN_OPTIONS, MSAN_OPTIONS and "
		"LSAN_OPTIONS of yours, in `env` or the environment, are kept but for what reports "
		"depend on. `timeout` is CPU time, with some more of the wall clock's for what "
		"sleeps; what goes beyond it is filed where it goes beyond twice of it, too. What "
		"goes beyond `memory` is filed as it is." },
	{ "oss-fuzz", "projects with a build.sh",
		"`build.script` names a script that is run as in OSS-Fuzz's container, without the "
		"container: it finds CC, CXX, CFLAGS, CXXFLAGS, LIB_FUZZING_ENGINE, SANITIZER, "
		"FUZZING_ENGINE, ARCHITECTURE, SRC, WORK and OUT, in a copy of the tree, and "
		"leaves one program a harness in $OUT. Each variant has its own copy.\n\n"
		"    thresh init --oss-fuzz ../oss-fuzz/projects/NAME\n\n"
		"takes over the folder as it is: what the Dockerfile copies and clones is looked "
		"for beside the script, packages that it installs and this machine lacks are named "
		"with their line, and NAME_seed_corpus.zip, NAME.dict and NAME.options in $OUT are "
		"used. `thresh import HARNESS FILE.zip` brings in a corpus from there, `thresh "
		"export --corpus HARNESS -o NAME_seed_corpus.zip` makes one." },
	{ "ci", "in pipelines: what to run when, and what its status means",
		"On a change: `thresh check --changed-since main --time 2m --markdown comment.md` "
		"compares both builds on corpus, seeds and tests, then explores what the change "
		"touched. On every build: the tests in tests/regress, which need nothing of "
		"thresh; "
		"`thresh regress --style cmake` and its like write the glue. By night: `thresh "
		"--quiet night --time 8h --json`; killed at any instant, it goes on where it "
		"was.\n\n"
		"Status 0: nothing found. 1: findings. 2: the call, the configuration or an input "
		"is wrong. 3: less was tested than asked, or something failed: never green.\n\n"
		"Keep .thresh between runs (corpus, builds, bugs); commit thresh.yaml, harnesses, "
		"seeds and tests/regress. For the server: `--junit FILE`, `thresh bugs --sarif`, "
		"`thresh report` (pages that need no script), Prometheus and lcov by `thresh "
		"report --format`. tools/ci-examples in the sources has GitHub, GitLab and "
		"Jenkins, "
		"tools/hooks-examples mail, chat, issues, cron and systemd." },
	{ "cluster", "many machines on one PostgreSQL",
		"`store: postgres://USER@HOST/DATABASE` in thresh.yaml, and `thresh run` plans for "
		"all; a second one waits, and takes over when the first is gone. It says the key "
		"by "
		"which its builds are signed. On any other machine, with nothing but this "
		"program:\n\n"
		"    thresh worker --store postgres://USER@HOST/DATABASE --key KEY\n\n"
		"Workers take jobs under leases that run by the database's clock: one that is "
		"killed, cut off or stopped loses its job to another, and what it brings too late "
		"changes nothing. SIGTERM ends one cleanly; --max-time and --max-jobs fit batch "
		"queues.\n\n"
		"Inputs, corpora and builds are in the database; --cache is a worker's folder, and "
		"may go at any time. `status`, `bugs`, `report`, `distill`, `verify` work from "
		"each "
		"checkout with that thresh.yaml. Passwords belong into ~/.pgpass; "
		"tools/cluster/roles.sql makes a role for planners and one for workers, which can "
		"delete nothing. `thresh gc` takes what nothing needs any more. tools/cluster in "
		"the sources starts workers by systemd, Slurm, Kubernetes or GNU parallel." },
	{ NULL, NULL, NULL },
};

const struct topic *topic_find(const char *name)
{
	for (const struct topic *t = topics; t->name; t++)
		if (strcmp(t->name, name) == 0)
			return t;
	return NULL;
}
