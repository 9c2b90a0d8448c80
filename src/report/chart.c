/* Scaled without keeping the proportions, so that a chart is as wide as its place; text in it would be squeezed, and stands below. */
#include "base/prelude.h"
#include "report/chart.h"
#include "base/clock.h"
#include "base/num.h"

#define WIDTH 600.0
#define HEIGHT 100.0
/* above and below the line */
#define ROOM 8.0

struct scale {
	uint64_t from_ms, to_ms;
	double least, most;
};

static struct scale scale_of(const struct chart_point *v, size_t n)
{
	struct scale s = { v[0].when_ms, v[n - 1].when_ms, v[0].value, v[0].value };

	for (size_t i = 1; i < n; i++) {
		s.least = MIN(s.least, v[i].value);
		s.most = MAX(s.most, v[i].value);
	}
	return s;
}

static double x_of(const struct scale *s, uint64_t ms)
{
	return s->to_ms > s->from_ms ? WIDTH * (double)(ms - MIN(s->from_ms, ms)) /
					       (double)(s->to_ms - s->from_ms)
				     : WIDTH / 2;
}

static double y_of(const struct scale *s, double value)
{
	double part = s->most > s->least ? (value - s->least) / (s->most - s->least) : 0.5;

	return HEIGHT - ROOM - part * (HEIGHT - 2 * ROOM);
}

static void add_date(struct buf *b, uint64_t ms)
{
	char iso[CLOCK_ISO_LEN];

	clock_iso(ms, iso);
	buf_addf(b, "%.10s", iso);
}

static void add_caption(struct buf *b, const char *title, const struct chart_point *v, size_t n,
	const struct scale *s)
{
	bool marks = false;

	for (size_t i = 0; i < n; i++)
		marks = marks || v[i].marked;
	buf_adds(b, "<figcaption><b>");
	num_add_count(b, (uint64_t)v[n - 1].value);
	buf_addf(b, "</b> %s", title);
	if (n > 1) {
		buf_adds(b, "; ");
		num_add_count(b, (uint64_t)s->least);
		buf_adds(b, " to ");
		num_add_count(b, (uint64_t)s->most);
		buf_addf(b, " in %zu campaigns since ", n);
		add_date(b, v[0].when_ms);
	}
	if (marks)
		buf_adds(b, "; campaigns with new bugs are marked");
	buf_adds(b, "</figcaption>");
}

void chart_add(struct buf *b, const char *title, const struct chart_point *v, size_t n)
{
	struct scale s;

	if (!n)
		return;
	s = scale_of(v, n);
	buf_addf(b,
		"<figure><svg role=\"img\" aria-label=\"%s over time\" viewBox=\"0 0 %.0f %.0f\" "
		"preserveAspectRatio=\"none\">",
		title, WIDTH, HEIGHT);
	for (size_t i = 0; i < n; i++)
		if (v[i].marked)
			buf_addf(b,
				"<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.0f\" "
				"y2=\"%.0f\"/>",
				x_of(&s, v[i].when_ms), x_of(&s, v[i].when_ms), HEIGHT - 14,
				HEIGHT);
	buf_adds(b, "<polyline class=\"line\" points=\"");
	/* one alone would be nothing to see */
	if (n == 1 || s.from_ms == s.to_ms)
		buf_addf(b, "0,%.1f %.0f,%.1f", y_of(&s, v[0].value), WIDTH,
			y_of(&s, v[n - 1].value));
	for (size_t i = 0; n > 1 && s.to_ms > s.from_ms && i < n; i++)
		buf_addf(b, "%s%.1f,%.1f", i ? " " : "", x_of(&s, v[i].when_ms),
			y_of(&s, v[i].value));
	buf_adds(b, "\"/></svg>");
	add_caption(b, title, v, n, &s);
	buf_adds(b, "</figure>\n");
}

void chart_spark(struct buf *b, const char *what, const uint32_t *v, size_t n)
{
	uint32_t most = 0;

	for (size_t i = 0; i < n; i++)
		most = MAX(most, v[i]);
	buf_addf(b, "<svg class=\"spark\" role=\"img\" aria-label=\"%s:", what);
	for (size_t i = 0; i < n; i++)
		buf_addf(b, " %u", (unsigned)v[i]);
	buf_addf(b, "\" viewBox=\"0 0 %zu 20\" preserveAspectRatio=\"none\">", n * 10);
	for (size_t i = 0; i < n; i++) {
		/* one that was seen once beside a thousand is still to be seen */
		double h = v[i] ? MAX(20.0 * v[i] / most, 3.0) : 0.6;

		buf_addf(b, "<rect x=\"%zu\" y=\"%.1f\" width=\"8\" height=\"%.1f\"/>", i * 10 + 1,
			20 - h, h);
	}
	buf_adds(b, "</svg>");
}
