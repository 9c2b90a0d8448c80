/* What the emitters of build files share. */
#include "base/prelude.h"
#include "regress/internal.h"
#include "regress/cxx.h"

void regress_identifier(struct buf *out, const char *name)
{
	if (*name >= '0' && *name <= '9')
		buf_addch(out, '_');
	for (; *name; name++) {
		bool word = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') ||
			    (*name >= '0' && *name <= '9');

		buf_addch(out, word ? *name : '_');
	}
}

static bool same_list(const char *const *a, const char *const *b)
{
	while (*a && *b && strcmp(*a, *b) == 0) {
		a++;
		b++;
	}
	return !*a && !*b;
}

size_t regress_library_of(const struct regress_project *p, size_t harness)
{
	const struct regress_harness *h = &p->harnesses[harness];

	for (size_t i = 0; i < harness; i++) {
		const struct regress_harness *o = &p->harnesses[i];

		if (same_list(o->sources, h->sources) && same_list(o->include, h->include) &&
			same_list(o->cflags, h->cflags) && same_list(o->cxxflags, h->cxxflags))
			return i;
	}
	return harness;
}

bool regress_has_sources(const struct regress_harness *h)
{
	return h->sources[0] != NULL;
}

bool regress_needs_cxx(const struct regress_harness *h)
{
	bool cxx = regress_is_cxx(h->source);

	for (size_t i = 0; h->sources[i]; i++)
		cxx = cxx || regress_is_cxx(h->sources[i]);
	return cxx;
}

bool regress_project_needs_cxx(const struct regress_project *p)
{
	bool cxx = false;

	for (size_t i = 0; i < p->n_harnesses; i++)
		cxx = cxx || regress_needs_cxx(&p->harnesses[i]);
	return cxx;
}

void regress_add_notice(struct buf *b, const char *use)
{
	buf_addf(b,
		"# " REGRESS_LICENSE "\n"
		"# Regression tests, one program per harness. Written by thresh, which keeps what "
		"is "
		"changed here\n# by hand; nothing of it is needed to build or run them.\n%s",
		use);
}
