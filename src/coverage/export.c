/*
 * The shape, of clang 11 and later: data[0] has files, each with segments [line, column, count, has count, region entry,
 * gap], and functions with regions [line, column, end line, end column, count, file, expanded file, kind] and branches with
 * two counts. Lines aren't in it: they come from segments by LLVM's own rule (LineCoverageStats), so that the numbers are
 * those that `llvm-cov report` prints.
 */
#include "base/prelude.h"
#include "coverage/export.h"
#include "base/mem.h"

enum { KIND_CODE = 0, KIND_BRANCH = 4 };

/* Numbers of an array; false: too few of them, or something else. */
static bool numbers(const cJSON *row, double *out, size_t n)
{
	const cJSON *at = cJSON_IsArray(row) ? row->child : NULL;

	for (size_t i = 0; i < n; i++, at = at->next) {
		if (!at || !(cJSON_IsNumber(at) || cJSON_IsBool(at)))
			return false;
		out[i] = cJSON_IsBool(at) ? cJSON_IsTrue(at) : at->valuedouble;
		if (!(out[i] >= 0))
			return false;
	}
	return true;
}

static unsigned small(double v)
{
	return v < (double)UINT32_MAX ? (unsigned)v : UINT32_MAX;
}

static uint64_t count_of(double v)
{
	return v < 9e18 ? (uint64_t)v : (uint64_t)9e18;
}

/* --- lines --- */

struct segment {
	unsigned line, column;
	uint64_t count;
	bool has_count, entry, gap;
};

/* One line, with the segments that begin on it and the last one before it. */
static void add_line(struct coverage_file *f, unsigned line, const struct segment *s, size_t n,
	const struct segment *before)
{
	bool skipped = n && !s[0].has_count && s[0].entry;
	bool within = before && before->has_count;
	uint64_t count = within ? before->count : 0;
	size_t starts = 0;

	for (size_t i = 0; i < n; i++)
		if (!s[i].gap && s[i].has_count && s[i].entry) {
			starts++;
			count = MAX(count, s[i].count);
		}
	if (!skipped && (within || starts))
		coverage_add_line(f, line, count);
}

static void add_lines(struct coverage_file *f, const struct segment *s, size_t n)
{
	size_t i = 0;

	for (unsigned line = n ? s[0].line : 0; i < n && line <= COVERAGE_LINES_MAX; line++) {
		size_t k = i;

		while (k < n && s[k].line == line)
			k++;
		add_line(f, line, s + i, k - i, i ? &s[i - 1] : NULL);
		i = k;
	}
}

static void parse_file(const cJSON *j, struct coverage_model *m)
{
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(j, "filename"), *row;
	const cJSON *rows = cJSON_GetObjectItemCaseSensitive(j, "segments");
	struct segment *s;
	size_t n = 0;

	if (!cJSON_IsString(name) || !cJSON_IsArray(rows))
		return;
	s = xcalloc((size_t)cJSON_GetArraySize(rows) + 1, sizeof(*s));
	cJSON_ArrayForEach(row, rows)
	{
		double v[6] = { 0 };

		/* the last column came with LLVM 11 */
		if (!numbers(row, v, 6) && !numbers(row, v, 5))
			continue;
		s[n] = (struct segment){ small(v[0]), small(v[1]), count_of(v[2]), v[3] != 0,
			v[4] != 0, v[5] != 0 };
		/* in order, or it is no segment */
		if (!n || s[n].line >= s[n - 1].line)
			n++;
	}
	add_lines(coverage_model_file(m, name->valuestring), s, n);
	free(s);
}

/* --- functions --- */

static bool span_of(const double *v, struct coverage_span *at)
{
	*at = (struct coverage_span){ small(v[0]), small(v[1]), small(v[2]), small(v[3]) };
	return at->line > 0 && at->end_line <= COVERAGE_LINES_MAX &&
	       (at->line < at->end_line ||
		       (at->line == at->end_line && at->column <= at->end_column));
}

/* "parse.c:skip" and "parse.c;skip" are a static function; "-[Reader read:]" is another language's. */
static const char *bare_name(const char *name)
{
	const char *colon = strrchr(name, ':'), *semicolon = strrchr(name, ';');
	const char *cut = semicolon ? semicolon : colon;

	return cut && cut[1] && *name != '-' && *name != '+' ? cut + 1 : name;
}

static const char *file_name(const cJSON *names, double i)
{
	const cJSON *name = i < 1e6 ? cJSON_GetArrayItem(names, (int)i) : NULL;

	return name && cJSON_IsString(name) ? name->valuestring : NULL;
}

static void parse_regions(const cJSON *j, const cJSON *names, struct coverage_model *m)
{
	const cJSON *rows = cJSON_GetObjectItemCaseSensitive(j, "regions"), *row;

	cJSON_ArrayForEach(row, rows)
	{
		struct coverage_region r;
		const char *file;
		double v[8];

		if (!numbers(row, v, 8) || v[7] != KIND_CODE || !span_of(v, &r.at))
			continue;
		r.count = count_of(v[4]);
		file = file_name(names, v[5]);
		if (file)
			coverage_add_region(coverage_model_file(m, file), &r);
	}
}

static void parse_branches(const cJSON *j, const cJSON *names, struct coverage_model *m)
{
	const cJSON *rows = cJSON_GetObjectItemCaseSensitive(j, "branches"), *row;

	cJSON_ArrayForEach(row, rows)
	{
		struct coverage_branch b;
		const char *file;
		double v[9];

		if (!numbers(row, v, 9) || v[8] != KIND_BRANCH || !span_of(v, &b.at))
			continue;
		b.taken = count_of(v[4]);
		b.not_taken = count_of(v[5]);
		file = file_name(names, v[6]);
		if (file)
			coverage_add_branch(coverage_model_file(m, file), &b);
	}
}

static void parse_function(const cJSON *j, struct coverage_model *m)
{
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(j, "name");
	const cJSON *names = cJSON_GetObjectItemCaseSensitive(j, "filenames");
	const cJSON *count = cJSON_GetObjectItemCaseSensitive(j, "count");
	const cJSON *regions = cJSON_GetObjectItemCaseSensitive(j, "regions");
	const char *file = file_name(names, 0);
	struct coverage_span at;
	double v[8];

	/* its first region is its body */
	if (!cJSON_IsString(name) || !cJSON_IsNumber(count) || !file || !cJSON_IsArray(regions) ||
		!numbers(regions->child, v, 8) || !span_of(v, &at))
		return;
	if (v[5] != 0)
		file = file_name(names, v[5]);
	if (file)
		coverage_add_function(coverage_model_file(m, file), bare_name(name->valuestring),
			&at, count->valuedouble > 0 ? count_of(count->valuedouble) : 0);
	parse_regions(j, names, m);
	parse_branches(j, names, m);
}

static cJSON *data_of(const cJSON *j)
{
	const cJSON *type = cJSON_GetObjectItemCaseSensitive(j, "type");
	const cJSON *data = cJSON_GetObjectItemCaseSensitive(j, "data");

	return cJSON_IsString(type) && !strcmp(type->valuestring, "llvm.coverage.json.export")
		       ? cJSON_GetArrayItem(data, 0)
		       : NULL;
}

int coverage_export_parse(const cJSON *j, struct coverage_model *m, struct err *err)
{
	const cJSON *data = data_of(j), *one;
	const cJSON *files = cJSON_GetObjectItemCaseSensitive(data, "files");
	const cJSON *functions = cJSON_GetObjectItemCaseSensitive(data, "functions");

	if (!cJSON_IsArray(files) || !cJSON_IsArray(functions))
		return err_set(err, "llvm-cov printed something else than coverage");
	cJSON_ArrayForEach(one, files) parse_file(one, m);
	cJSON_ArrayForEach(one, functions) parse_function(one, m);
	coverage_model_settle(m);
	return 0;
}

void coverage_export_trim(cJSON *j)
{
	cJSON *data = data_of(j), *file;

	cJSON_ArrayForEach(file, cJSON_GetObjectItemCaseSensitive(data, "files"))
	{
		cJSON_DeleteItemFromObjectCaseSensitive(file, "branches");
		cJSON_DeleteItemFromObjectCaseSensitive(file, "expansions");
		cJSON_DeleteItemFromObjectCaseSensitive(file, "summary");
	}
	cJSON_DeleteItemFromObjectCaseSensitive(data, "totals");
}
