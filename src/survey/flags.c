/* Of folders and flags those that lie in what a build made are not where thresh.yaml has them yet. */
#include "base/prelude.h"
#include "survey/flags.h"

void survey_flags(const struct survey *s, bool cxx, struct strlist *out)
{
	const struct strlist *flags = cxx ? &s->cxxflags : &s->cflags;

	for (size_t i = 0; i < s->include.n; i++) {
		bool made =
			strncmp(s->include.v[i], SURVEY_GENERATED, strlen(SURVEY_GENERATED)) == 0;

		strlist_addf(out, made ? "-I%s/staged/%s" : "-I%.0s%s", made ? s->tmp : "",
			s->include.v[i]);
	}
	for (size_t i = 0; i < flags->n; i++) {
		bool made = strncmp(flags->v[i], SURVEY_GENERATED, strlen(SURVEY_GENERATED)) == 0;

		strlist_addf(
			out, made ? "%s/staged/%s" : "%.0s%s", made ? s->tmp : "", flags->v[i]);
	}
}
