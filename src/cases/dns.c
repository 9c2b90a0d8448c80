/*
 * DNS messages: a question and an answer of each type of record, whole; cut at each byte; with lengths, counts and pointers
 * that lie; and names as no resolver would send them.
 */
#include "base/prelude.h"
#include "cases/internal.h"

#define HEAD 12
/* behind the header: the question's name, which a pointer names */
#define POINTER "\xc0\x0c"
#define IN 1

static const struct record {
	const char *name;
	unsigned type;
	const char *data;
	size_t len;
} records[] = {
#define RECORD(name, type, data)                      \
	{                                             \
		name, type, data, sizeof(data "") - 1 \
	}
	RECORD("a", 1, "\x7f\0\0\1"),
	RECORD("ns", 2, "\2ns" POINTER),
	RECORD("cname", 5, "\1c" POINTER),
	RECORD("soa", 6,
		"\2ns" POINTER "\4mail" POINTER "\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5"),
	RECORD("null", 10, "\0\1\2\3"),
	RECORD("wks", 11, "\x7f\0\0\1\6\xff"),
	RECORD("ptr", 12, "\4host\1d\0"),
	RECORD("hinfo", 13, "\3cpu\2os"),
	RECORD("mx", 15, "\0\x0a\4mail" POINTER),
	RECORD("txt", 16, "\5hello\0\1x"),
	RECORD("rp", 17, "\1m" POINTER "\1t\0"),
	RECORD("afsdb", 18, "\0\1" POINTER),
	RECORD("sig", 24, "\0\1\5\1\0\0\0\1\0\0\0\2\0\0\0\3\0\4\1s\0\1\2\3\4"),
	RECORD("key", 25, "\1\0\3\5\1\2\3\4"),
	RECORD("aaaa", 28, "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"),
	RECORD("loc", 29, "\0\x12\x16\x13\x80\0\0\0\x80\0\0\0\0\x98\x96\x80"),
	RECORD("srv", 33, "\0\1\0\2\0\x50\3srv" POINTER),
	RECORD("naptr", 35, "\0\1\0\2\1u\3sip\5!a!b!\2re\0"),
	RECORD("cert", 37, "\0\1\0\2\5\1\2\3"),
	RECORD("dname", 39, "\1d" POINTER),
	RECORD("opt", 41, "\0\x0a\0\x08\1\2\3\4\5\6\7\x08\0\3\0\0"),
	RECORD("apl", 42, "\0\1\x08\1\x7f"),
	RECORD("ds", 43,
		"\0\1\5\1\1\2\3\4\5\6\7\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14"),
	RECORD("sshfp", 44, "\1\1\1\2\3\4"),
	RECORD("rrsig", 46, "\0\1\5\1\0\0\0\1\0\0\0\2\0\0\0\3\0\4\1s\0\1\2\3\4"),
	RECORD("nsec", 47, "\1n\0\0\2\x40\1"),
	RECORD("dnskey", 48, "\1\0\3\5\1\2\3\4"),
	RECORD("nsec3", 50, "\1\0\0\1\1s\2hh\0\1\x40"),
	RECORD("tlsa", 52, "\3\1\1\1\2\3\4"),
	RECORD("svcb", 64, "\0\1\1s\0\0\1\0\3\2h2\0\3\0\2\0\x50\0\4\0\4\x7f\0\0\1"),
	RECORD("https", 65, "\0\1\0\0\1\0\6\2h2\2h3\0\6\0\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"),
	RECORD("spf", 99, "\6v=spf1"),
	RECORD("tsig", 250, "\4hmac\0\0\0\0\0\0\1\1\x2c\0\2xx\0\1\0\0\0\0"),
	RECORD("any", 255, "\0"),
	RECORD("uri", 256, "\0\1\0\2http://a/"),
	RECORD("caa", 257, "\0\5issueca.a"),
	RECORD("unknown", 65280, "\1\2\3\4"),
};

/* Where a name stands: these in place of a good one. */
static const struct cases_row names[] = { CASES_ROW("root", "\0"), CASES_ROW("one", "\1a\0"),
	CASES_ROW("dots", "\1.\1.\0"), CASES_ROW("nul", "\2a\0\0"),
	CASES_ROW("backslash", "\3a\\b\0"), CASES_ROW("high", "\2\xff\xfe\0"),
	CASES_ROW("escapes", "\4\"();\3@$ \0"), CASES_ROW("unended", "\1a"),
	CASES_ROW("longer-than-rest", "\x3f"
				      "aaaa"),
	CASES_ROW("label-64", "\x40"
			      "aaaa\0"),
	CASES_ROW("label-128", "\x80"
			       "aaaa\0"),
	CASES_ROW("bit-label", "\x41\x20\xff\xff\xff\xff\0"), CASES_ROW("pointer-cut", "\xc0"),
	CASES_ROW("pointer-to-header", "\xc0\0"), CASES_ROW("pointer-into-header", "\xc0\x0b"),
	CASES_ROW("pointer-to-end", "\xc0\xff"), CASES_ROW("pointer-far", "\xff\xff"),
	CASES_ROW("pointer-to-itself", POINTER),
	CASES_ROW("label-pointer-to-itself", "\1a" POINTER),
	CASES_ROW("pointer-to-its-second", "\xc0\x0d\xc0\x0c"),
	CASES_ROW("pointers-in-a-ring", "\xc0\x0e\xc0\x0c"),
	CASES_ROW("pointer-forward", "\xc0\x0e\1a\0"), CASES_ROWS_END };

static void put16(struct buf *b, unsigned v)
{
	buf_addch(b, (int)(v >> 8 & 255));
	buf_addch(b, (int)(v & 255));
}

static void begin(struct buf *b, unsigned questions, unsigned answers)
{
	buf_reset(b);
	put16(b, 0x1234);
	put16(b, 0x8180);
	put16(b, questions);
	put16(b, answers);
	put16(b, 0);
	put16(b, 0);
}

static void question(struct buf *b, unsigned type)
{
	buf_add(b, "\1a\1b\0", 5);
	put16(b, type);
	put16(b, IN);
}

/* With a length that may be another than that of what follows. */
static void answer(struct buf *b, unsigned type, const char *data, size_t len, size_t said)
{
	buf_adds(b, POINTER);
	put16(b, type);
	put16(b, IN);
	put16(b, 0);
	put16(b, 300);
	put16(b, (unsigned)said);
	buf_add(b, data, len);
}

static void one_answer(struct buf *b, const struct record *r, size_t len, size_t said)
{
	begin(b, 1, 1);
	question(b, r->type);
	answer(b, r->type, r->data, len, said);
}

static void lengths(struct cases_sink *o, const struct record *r)
{
	const size_t said[] = { r->len - 1, r->len + 1, 0, 1, r->len / 2, r->len + 2, 0x7fff,
		0x8000, 0xffff };
	struct buf b = BUF_INIT;

	one_answer(&b, r, r->len, r->len);
	cases_put_buf(o, &b, "%s/whole", r->name);
	for (size_t n = HEAD; n < b.len; n++)
		cases_put(o, b.s, n, "%s/cut-%zu", r->name, n);
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		one_answer(&b, r, r->len, said[i]);
		cases_put_buf(o, &b, "%s/says-%zu-%zu", r->name, i, said[i]);
	}
	for (size_t n = 0; n < r->len; n++) {
		one_answer(&b, r, n, n);
		cases_put_buf(o, &b, "%s/data-%zu", r->name, n);
		begin(&b, 1, 2);
		question(&b, r->type);
		answer(&b, r->type, r->data, n, n);
		answer(&b, r->type, r->data, r->len, r->len);
		cases_put_buf(o, &b, "%s/data-%zu-then-whole", r->name, n);
	}
	buf_release(&b);
}

static void each_byte(struct cases_sink *o, const struct record *r)
{
	static const unsigned char values[] = { 0, 1, 0x3f, 0x7f, 0xc0, 0xff };
	struct buf b = BUF_INIT;

	one_answer(&b, r, r->len, r->len);
	for (size_t n = b.len - r->len; n < b.len; n++)
		for (size_t i = 0; i < ARRAY_LEN(values); i++) {
			char was = b.s[n];

			b.s[n] = (char)values[i];
			cases_put_buf(o, &b, "%s/byte-%zu-%02x", r->name, n, values[i]);
			b.s[n] = was;
		}
	buf_release(&b);
}

static void in_number(struct cases_sink *o, const struct record *r)
{
	static const unsigned said[] = { 0, 2, 3, 255, 0x7fff, 0xffff };
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		one_answer(&b, r, r->len, r->len);
		b.s[6] = (char)(said[i] >> 8);
		b.s[7] = (char)said[i];
		cases_put_buf(o, &b, "%s/answers-%u", r->name, said[i]);
	}
	for (unsigned n = 2; n <= 32; n *= 2) {
		begin(&b, 1, n);
		question(&b, r->type);
		for (unsigned i = 0; i < n; i++)
			answer(&b, r->type, r->data, r->len, r->len);
		cases_put_buf(o, &b, "%s/times-%u", r->name, n);
	}
	/* an alias before it, another class, in the other sections, of another question */
	begin(&b, 1, 2);
	question(&b, r->type);
	answer(&b, 5, "\1c" POINTER, 4, 4);
	answer(&b, r->type, r->data, r->len, r->len);
	cases_put_buf(o, &b, "%s/behind-alias", r->name);
	for (size_t i = 0; i < 2; i++) {
		one_answer(&b, r, r->len, r->len);
		b.s[7] = 0;
		b.s[9 + 2 * i] = 1;
		cases_put_buf(o, &b, "%s/%s", r->name, i ? "additional" : "authority");
		one_answer(&b, r, r->len, r->len);
		b.s[b.len - r->len - 7] = i ? 0 : '\xff';
		cases_put_buf(o, &b, "%s/class-%zu", r->name, i);
		begin(&b, 0, 1);
		buf_adds(&b, i ? "" : "\1a");
		buf_addch(&b, 0);
		answer(&b, r->type, r->data, r->len, r->len);
		cases_put_buf(o, &b, "%s/no-question-%zu", r->name, i);
	}
	begin(&b, 1, 1);
	question(&b, 255);
	answer(&b, r->type, r->data, r->len, r->len);
	cases_put_buf(o, &b, "%s/asked-for-any", r->name);
	buf_release(&b);
}

static void long_names(struct cases_sink *o)
{
	static const struct {
		unsigned label, n;
	} rows[] = { { 63, 1 }, { 63, 3 }, { 63, 4 }, { 63, 5 }, { 1, 126 }, { 1, 127 }, { 1, 128 },
		{ 1, 500 }, { 62, 4 }, { 63, 100 } };
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (int escaped = 0; escaped < 2; escaped++) {
			begin(&b, 1, 0);
			for (unsigned k = 0; k < rows[i].n; k++) {
				buf_addch(&b, (int)rows[i].label);
				for (unsigned j = 0; j < rows[i].label; j++)
					buf_addch(&b, escaped ? 1 : 'a');
			}
			buf_add(&b, "\0\0\1\0\1", 5);
			cases_put_buf(o, &b, "name/%u-times-%u%s", rows[i].label, rows[i].n,
				escaped ? "-escaped" : "");
		}
	/* each a pointer to the one before */
	begin(&b, 1, 0);
	buf_addch(&b, 0);
	for (unsigned k = 0; k < 200; k++)
		put16(&b, 0xc000 | (HEAD + (k ? 1 + 2 * (k - 1) : 0)));
	cases_put_buf(o, &b, "name/chain-200");
	buf_release(&b);
}

static void all_names(struct cases_sink *o)
{
	static const unsigned of[] = { 2, 5, 12, 39 };
	struct buf b = BUF_INIT;

	for (const struct cases_row *r = names; r->name; r++) {
		begin(&b, 1, 0);
		buf_add(&b, r->text, r->len);
		cases_put_buf(o, &b, "question/%s-ends", r->name);
		put16(&b, 1);
		put16(&b, IN);
		cases_put_buf(o, &b, "question/%s", r->name);
		b.s[7] = 1;
		answer(&b, 1, "\x7f\0\0\1", 4, 4);
		cases_put_buf(o, &b, "question/%s-answered", r->name);
		begin(&b, 1, 1);
		question(&b, 1);
		buf_add(&b, r->text, r->len);
		cases_put_buf(o, &b, "owner/%s-ends", r->name);
		buf_add(&b, "\0\1\0\1\0\0\1\0\0\4\x7f\0\0\1", 14);
		cases_put_buf(o, &b, "owner/%s", r->name);
		for (size_t i = 0; i < ARRAY_LEN(of); i++) {
			begin(&b, 1, 1);
			question(&b, of[i]);
			answer(&b, of[i], r->text, r->len, r->len);
			cases_put_buf(o, &b, "data/%s-of-%u", r->name, of[i]);
		}
	}
	buf_release(&b);
}

static void headers(struct cases_sink *o)
{
	static const unsigned values[] = { 0, 1, 2, 0x7fff, 0x8000, 0xffff };
	struct buf b = BUF_INIT;

	for (size_t field = 2; field < HEAD; field += 2)
		for (size_t i = 0; i < ARRAY_LEN(values); i++) {
			one_answer(&b, &records[0], records[0].len, records[0].len);
			b.s[field] = (char)(values[i] >> 8);
			b.s[field + 1] = (char)values[i];
			cases_put_buf(o, &b, "header/%zu-%x", field, values[i]);
			cases_put(o, b.s, HEAD, "header/%zu-%x-alone", field, values[i]);
		}
	for (unsigned rcode = 0; rcode < 16; rcode++) {
		one_answer(&b, &records[0], records[0].len, records[0].len);
		b.s[3] = (char)(0x80 | rcode);
		cases_put_buf(o, &b, "header/rcode-%u", rcode);
	}
	for (size_t n = 0; n < HEAD; n++)
		cases_put(o, b.s, n, "header/cut-%zu", n);
	buf_release(&b);
}

bool cases_dns(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	(void)in;
	if (step == 0) {
		for (size_t i = 0; i < ARRAY_LEN(records); i++)
			lengths(o, &records[i]);
		return true;
	}
	if (step == 1) {
		headers(o);
		all_names(o);
		long_names(o);
		return true;
	}
	if (step == 2) {
		for (size_t i = 0; i < ARRAY_LEN(records); i++)
			in_number(o, &records[i]);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(records); i++)
		each_byte(o, &records[i]);
	return false;
}
