/*
 * A campaign's builds in a shared store, for workers that have no source and no compiler. What a worker needs is packed: one
 * archive of what all harnesses share (the project file, sources by which stacks are told apart, dictionaries), one for each
 * harness with its executables. The manifest names them by their SHA-256 and is signed by the project's key, which lies in a
 * private file of its state: what somebody else put into the store isn't run.
 */
#ifndef DEPOT_BUILD_H
#define DEPOT_BUILD_H

#include "base/hash.h"
#include "base/sign.h"
#include "base/strlist.h"
#include "project/project.h"

/* The project's public key; made, with its secret one, where there is none. */
int depot_key(const struct project *p, char key[SIGN_KEY_HEX], struct err *err);

/*
 * Pack, sign and put into the store what p's folder has of these harnesses, as the campaign's build. What is there already is
 * sent no more.
 */
int depot_publish(struct project *p, int64_t campaign,
	const struct config_harness *const *harnesses, size_t n, struct err *err);

/* Builds of all but the last `keep` campaigns are forgotten (dry: not really); packs that the others name, appended. */
int depot_builds_keep(
	struct project *p, uint64_t keep, bool dry, struct strlist *packs, struct err *err);

struct depot_pack {
	char *name; /* a harness; "" for what all share */
	char sha1[SHA1_HEX], sha256[SHA256_HEX];
};

struct depot_build {
	/* tells one from the next */
	char id[SHA256_HEX];
	char *project;
	/* the project's folder, where it was built: paths in executables begin so */
	char *dir;
	/* the project file, in that folder */
	char *config;
	struct depot_pack *packs;
	size_t n;
};

/* Whose builds are run. */
struct depot_trust {
	/* public keys */
	struct strlist keys;
	/* whoever may write to the store */
	bool store;
};

/* The campaign's build: 0, 1 there is none yet, -1: also one that isn't to be trusted (ERR_USAGE). */
int depot_build_get(struct store *s, int64_t campaign, const struct depot_trust *trust,
	struct depot_build *out, struct err *err);
void depot_build_release(struct depot_build *b);
/* One of its packs ("" or a harness) into the folder, whose files of the same names it replaces. */
int depot_unpack(struct store *s, const struct depot_build *b, const char *pack, const char *dir,
	struct err *err);

#endif
