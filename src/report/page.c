/* Colours are such that text has a contrast of 4.5 or more on both grounds; what a colour says a word says, too. */
#include "base/prelude.h"
#include "report/page.h"
#include "base/again.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/num.h"

static const char style[] =
	":root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--mute:#57606a;--line:#d0d7de;"
	"--soft:#f3f5f7;--link:#0b57d0;--bad:#b3261e;--warn:#7a5200;--good:#1a6334;--c:#0b57d0}\n"
	"@media(prefers-color-scheme:dark){:root{--bg:#14171a;--fg:#e6e8ea;--mute:#a0a8b0;"
	"--line:#3a4147;--soft:#1d2226;--link:#8ab4f8;--bad:#ff9a90;--warn:#f2c14e;"
	"--good:#7ddb98;--c:#8ab4f8}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;padding:1rem;max-width:84rem;background:var(--bg);color:var(--fg);"
	"font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\n"
	"a{color:var(--link)}h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}\n"
	"h2{font-size:1.15rem;margin:0 0 .5rem}h3{font-size:1rem;margin:.75rem 0 .25rem}\n"
	"p,ul,ol,dl{margin:.25rem 0 .5rem}section{margin:1.25rem 0}\n"
	".mute,footer,figcaption{color:var(--mute);font-size:.9rem}\n"
	".bad{color:var(--bad)}.warning{color:var(--warn)}.good{color:var(--good)}\n"
	"b.level{font-weight:600}\n"
	"code,pre{font:.875rem/1.45 ui-monospace,monospace}\n"
	"code{background:var(--soft);padding:.1em .3em;border-radius:3px}\n"
	"pre{background:var(--soft);padding:.6rem;border-radius:4px;overflow-x:auto;"
	"overflow-wrap:normal;margin:.25rem 0}\n"
	"pre:focus-visible{outline:2px solid var(--link)}\n"
	".todo{padding-left:1.6rem}.todo li{margin:.3rem 0}\n"
	".cards{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr))}\n"
	".card{border:1px solid var(--line);border-radius:6px;padding:.75rem;margin:0;"
	"min-width:0}\n"
	".card ul{padding-left:1.1rem}\n"
	"table{border-collapse:collapse;width:100%}caption{text-align:left;color:var(--mute);"
	"font-size:.9rem}\n"
	"th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;"
	"border-bottom:1px solid var(--line);overflow-wrap:normal}\ntd.t{overflow-wrap:anywhere}\n"
	"th{font-size:.85rem;color:var(--mute)}.n{text-align:right;white-space:nowrap}\n"
	".charts{display:grid;gap:0 "
	"1rem;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr))}\n"
	"figure{margin:.5rem 0;min-width:0}svg{display:block;width:100%;height:4.5rem;"
	"background:var(--soft);border-radius:4px}\n"
	"svg.spark{display:inline-block;vertical-align:middle;width:6rem;height:1.4rem}\n"
	"svg .line{fill:none;stroke:var(--c);stroke-width:2;vector-effect:non-scaling-stroke}\n"
	"svg .mark{stroke:var(--bad);stroke-width:2;vector-effect:non-scaling-stroke}\n"
	"svg rect{fill:var(--c)}\n"
	"summary{cursor:pointer}\n"
	"dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem}"
	"dl.facts dt{color:var(--mute)}dl.facts dd{margin:0;min-width:0}\n"
	".free{color:var(--mute)}\n"
	"@media(max-width:44rem){table.wide thead{display:none}\n"
	"table.wide,table.wide caption,table.wide tbody,table.wide tr,table.wide "
	"td{display:block;width:100%}\n"
	"table.wide tr{border-bottom:1px solid var(--line);padding:.4rem 0}\n"
	"table.wide td{border:0;padding:.05rem 0;text-align:left;overflow-wrap:anywhere}\n"
	"table.wide td[data-h]::before{content:attr(data-h) \": \";color:var(--mute)}\n"
	"dl.facts{grid-template-columns:1fr}dl.facts dd{margin-bottom:.4rem}}\n"
	"@media print{body{max-width:none;font-size:11px}.card,tr,figure{break-inside:avoid}"
	"pre{white-space:pre-wrap;overflow-wrap:anywhere}a{color:inherit}}\n";

void page_textv(struct buf *b, struct strv v)
{
	struct buf clean = BUF_INIT;

	escape_term(&clean, v);
	escape_html(b, strv_n(buf_str(&clean), clean.len));
	buf_release(&clean);
}

void page_lines(struct buf *b, struct strv v)
{
	struct buf clean = BUF_INIT;

	escape_term_text(&clean, v);
	escape_html(b, strv_n(buf_str(&clean), clean.len));
	buf_release(&clean);
}

void page_text(struct buf *b, const char *s)
{
	if (s)
		page_textv(b, strv_of(s));
}

void page_textf(struct buf *b, const char *fmt, ...)
{
	struct buf text = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	page_textv(b, strv_n(buf_str(&text), text.len));
	buf_release(&text);
}

void page_command(struct buf *b, const char *s)
{
	buf_adds(b, "<code>");
	page_text(b, s);
	buf_adds(b, "</code>");
}

void page_again(struct buf *b, const char *fmt, ...)
{
	struct buf rest = BUF_INIT, line = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&rest, fmt, ap);
	va_end(ap);
	again_add(&line, "%s", buf_str(&rest));
	page_command(b, buf_str(&line));
	buf_release(&rest);
	buf_release(&line);
}

void page_time(struct buf *b, uint64_t ms)
{
	char iso[CLOCK_ISO_LEN];

	if (!ms) {
		buf_adds(b, "never");
		return;
	}
	clock_iso(ms, iso);
	buf_addf(b, "<time datetime=\"%s\">%.10s %.5s</time>", iso, iso, iso + 11);
}

void page_cell(struct buf *b, const char *head, enum page_cell_kind kind)
{
	static const char *const classes[] = { "", " class=\"t\"", " class=\"n\"" };

	buf_addf(b, "<td data-h=\"%s\"%s>", head, classes[kind]);
}

void page_text_cell(struct buf *b, const char *head, enum page_cell_kind kind, const char *s)
{
	page_cell(b, head, kind);
	page_text(b, s);
	buf_adds(b, "</td>");
}

void page_time_cell(struct buf *b, const char *head, uint64_t ms)
{
	page_cell(b, head, PAGE_WORD);
	page_time(b, ms);
	buf_adds(b, "</td>");
}

void page_count_cell(struct buf *b, const char *head, uint64_t n)
{
	page_cell(b, head, PAGE_NUMBER);
	num_add_count(b, n);
	buf_adds(b, "</td>");
}

void page_begin(struct buf *b, const char *title, const char *up, const char *home)
{
	buf_adds(b, "<!DOCTYPE html>\n<html lang=\"en\">\n"
		    "<head>\n<meta charset=\"utf-8\"/>\n"
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		    "style-src 'unsafe-inline'; img-src data:\"/>\n"
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
		    "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
		    "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
		    "<link rel=\"icon\" href=\"data:,\"/>\n<title>");
	page_text(b, title);
	buf_adds2(b, "</title>\n<style>\n", style);
	buf_adds(b, "</style>\n</head>\n<body>\n<header>\n");
	if (home) {
		buf_addf(b, "<nav aria-label=\"Report\"><a href=\"%sindex.html\">", up);
		page_text(b, home);
		buf_adds(b, "</a></nav>\n");
	}
	buf_adds(b, "<h1>");
	page_text(b, title);
	buf_adds(b, "</h1>\n</header>\n<main>\n");
}

void page_end(struct buf *b, uint64_t made_ms)
{
	buf_adds(b, "</main>\n<footer>Made by thresh, ");
	page_time(b, made_ms);
	buf_adds(b, " UTC.</footer>\n</body>\n</html>\n");
}

void page_heads(struct buf *b, const char *const *heads, size_t n, size_t n_words)
{
	buf_adds(b, "<thead><tr>");
	for (size_t i = 0; i < n; i++)
		buf_addf(b, "<th scope=\"col\"%s>%s</th>", i < n_words ? "" : " class=\"n\"",
			heads[i]);
	buf_adds(b, "</tr></thead>\n<tbody>\n");
}
