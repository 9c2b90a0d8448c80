/* What a harness passes for each parameter: guessed from its type, its neighbours, and last from its name. */
#include "base/prelude.h"
#include "scaffold/roles.h"
#include "scaffold/asked.h"
#include "scaffold/class_object.h"
#include "scaffold/prototype.h"
#include "scaffold/text_end.h"
#include "scaffold/words.h"
#include <ctype.h>
#include <strings.h>

/*
 * Does one of the words stand in the name, as a word of its own ("buf_len", "bufLen", "len2")? Tried at each start of a
 * word rather than searched for: "n" is no part of "index", nor "end" of "append"; a letter alone in front of a capital is
 * the type's ("nPrec").
 */
static bool name_has(const char *name, const char *const *words)
{
	for (; *words; words++) {
		size_t n = strlen(*words);

		for (const char *p = name; *p; p++) {
			bool start = p == name || p[-1] == '_' || isupper((unsigned char)*p);

			if (start && strncasecmp(p, *words, n) == 0 &&
				!islower((unsigned char)p[n]) &&
				!(n == 1 && isupper((unsigned char)p[n])))
				return true;
		}
	}
	return false;
}

static const char *const length_words[] = { "len", "length", "size", "sz", "n", "nbytes", "bytes",
	"count", "cnt", "num", "buflen", "bufsize", "bufsz", "datalen", "datasize", "inlen",
	"insize", "srclen", "strlen", "nbyte", "avail", NULL };
static const char *const switch_words[] = { "flag", "flags", "opt", "opts", "option", "options",
	"mode", "depth", "base", "level", "type", "kind", "version", "indent", "strict", "verbose",
	"require", "radix", "seed", "index", "idx", "fd", "width", "height", "channel", "chan",
	"clk", "clock", "clkn", "port", "addr", "address", "offset", "off", "pos", "id", "rate",
	"freq", "speed", "time", "timestamp", "year", "month", "day", "hour", "row", "col",
	"column", "align", "bits", "bpp", "dpi", "codepage", "lang", "code", "priority", "status",
	"state", "mask", "crc", "errors", "timeout", "ms", "us", "ns", "lap", "uap", "request",
	"req", "cmd", "command", "what", "which", "param", "parameter", "op", "operation", "action",
	"event", "start", "begin", "first", NULL };
static const char *const path_words[] = { "path", "file", "filename", "pathname", "fname",
	"filepath", NULL };
static const char *const name_words[] = { "path", "file", "filename", "pathname", "fname",
	"filepath", "name", "mode", "encoding", "charset", "uri", "url", "baseurl", "fmt", "format",
	"locale", "key", "prefix", "label", "title", "version", "section", "entry", "field",
	"group", "attr", "attribute", "property", NULL };
static const char *const end_words[] = { "end", "last", "limit", "stop", "e", NULL };
static const char *const fd_words[] = { "fd", "fildes", "filedes", "infd", NULL };
/* Of callbacks that must give memory: the library's own do when they are NULL. */
static const char *const memory_words[] = { "alloc", "malloc", "calloc", "realloc", "free", "mem",
	"allocator", "dealloc", NULL };
static const char *const out_words[] = { "out", "output", "dst", "dest", "to", "log", "err",
	"error", "errnum", "status", "result", "ret", NULL };

static bool is_bytes(const struct proto_param *q)
{
	return !q->given && !q->is_callback && q->depth == 1 && proto_byte(q);
}

static bool is_void(const struct proto_param *q)
{
	return strcmp(q->canon, "void") == 0;
}

/*
 * Does it name a file? By its own words, or, where those say nothing, by the function's: what "load_file" and "open" take
 * is a path, unless it is called a text.
 */
static bool is_path(const struct proto *p, const struct proto_param *q)
{
	static const char *const glued[] = { "ininame", "inifile", "cfgfile", "conffile", "infile",
		"fn", "fpath", "imagefile", "input_file", "dirname", "filename_in", "archive_name",
		NULL };
	static const char *const opening[] = { "file", "open", "path", "fopen", "File", "Open",
		"FileName", NULL };
	/* "hname", "imgname": of a file, where something is read */
	static const char *const reading[] = { "read", "load", "import", NULL };
	static const char *const mode[] = { "mode", NULL };
	static const char *const urls[] = { "url", "uri", "URL", "URI", NULL };
	static const char *const texts[] = { "str", "string", "text", "buf", "buffer", "data",
		"src", "source", "input", "json", "xml", "s", "in", "mem", "memory", "value", "uri",
		"url", "mode", "line", "key", "content", NULL };

	if (name_has(q->name, path_words) || words_among(q->name, glued))
		return true;
	/* "readFromURL": what lies there is read, and that may be a file; "uri_read" reads the name itself */
	for (size_t i = 0; name_has(q->name, urls) && reading[i]; i++) {
		const char *verb = strcasestr(p->name, reading[i]);

		if (verb && words_have(p->name, reading[i]) && name_has(verb, urls))
			return true;
	}
	/* as fopen() has them: whatever the first is called */
	if (name_has(p->name, opening) && q == p->params && p->n_params > 1 && is_bytes(&q[1]) &&
		name_has(q[1].name, mode))
		return true;
	if (strv_ends(strv_of(q->name), "name") && name_has(p->name, reading))
		return true;
	return name_has(p->name, opening) && !name_has(q->name, texts);
}

/* May this be the length of its neighbour? A number, unless its name says that it is something else. */
static bool may_be_length(const struct proto_param *q)
{
	const char *max;

	if (q->role != ROLE_ZERO || q->depth || q->is_callback || q->is_ref)
		return false;
	if (name_has(q->name, length_words))
		return true;
	/* "default" and its like */
	if (strncasecmp(q->name, "def", 3) == 0)
		return false;
	return proto_integer(q, &max) && !name_has(q->name, switch_words);
}

/* Does the function open what one of them names? What its others name, as a mode, isn't the input. */
static bool opens_path(const struct proto *p)
{
	for (size_t i = 0; i < p->n_params; i++)
		if (is_bytes(&p->params[i]) && p->params[i].is_const && !is_void(&p->params[i]) &&
			is_path(p, &p->params[i]))
			return true;
	return false;
}

/* What is looked up in a file isn't the input: the file is. */
static bool has_path(const struct proto *p)
{
	for (size_t i = 0; i < p->n_params; i++)
		if (is_bytes(&p->params[i]) && p->params[i].is_const && !is_void(&p->params[i]) &&
			name_has(p->params[i].name, path_words) &&
			(i + 1 == p->n_params || !name_has(p->params[i + 1].name, length_words)))
			return true;
	return false;
}

/* Is it called so, or has it the type, that a text beside it isn't one that ends with NUL? Numbers beside those abound. */
static bool says_length(const struct proto_param *text, const struct proto_param *q)
{
	static const char *const types[] = { "size_t", "ssize_t", "std::size_t", "gsize", "gssize",
		"unsigned long", NULL };

	if (strcmp(text->canon, "char") != 0)
		return true;
	return !*q->name || name_has(q->name, length_words) || strcmp(q->name, "l") == 0 ||
	       (*text->name && strncmp(q->name, text->name, strlen(text->name)) == 0) ||
	       words_among(q->base, types) || words_among(q->canon, types);
}

/* A name of a file has no length, unless that is of a size's type or says whose it is: "n_dims" counts what is in the file. */
static bool is_counted(const struct proto_param *text, const struct proto_param *q)
{
	static const char *const files[] = { "filename", "pathname", "fname", "filepath", NULL };
	static const char *const types[] = { "size_t", "ssize_t", "unsigned long", NULL };

	return strcmp(text->canon, "char") != 0 || !name_has(text->name, files) ||
	       words_among(q->base, types) || words_among(q->canon, types) ||
	       strncmp(q->name, text->name, strlen(text->name)) == 0;
}

static bool is_length_of(const struct proto *p, size_t i, size_t text)
{
	if (!is_counted(&p->params[text], &p->params[i]))
		return false;
	return may_be_length(&p->params[i]) && says_length(&p->params[text], &p->params[i]);
}

/* Does k stand behind something to be written to, which isn't i? Then it is how much of that there is. */
static bool is_room_of_other(const struct proto *p, size_t k, size_t i)
{
	const struct proto_param *q = k ? &p->params[k - 1] : NULL;

	return q && k - 1 != i && is_bytes(q) && !q->is_const &&
	       (!is_void(q) || name_has(q->name, out_words) || words_aim(p->name, q->name));
}

/* The index of parameter i's length, or SIZE_MAX: behind it, before it, then by name anywhere. */
static size_t find_length(const struct proto *p, size_t i)
{
	const char *max;

	if (i + 1 < p->n_params && is_length_of(p, i + 1, i))
		return i + 1;
	/* a path has none: what counts parts or pages stands elsewhere */
	if (strcmp(p->params[i].canon, "char") == 0 && name_has(p->params[i].name, path_words))
		return SIZE_MAX;
	/* in front of it only by its name: a kind or a count stands there, too */
	if (i && roles_length(p->params[i - 1].name) && is_length_of(p, i - 1, i) &&
		!is_room_of_other(p, i - 1, i))
		return i - 1;
	for (size_t k = 0; k < p->n_params; k++)
		if (may_be_length(&p->params[k]) && proto_integer(&p->params[k], &max) &&
			name_has(p->params[k].name, length_words) && !is_room_of_other(p, k, i))
			return k;
	return SIZE_MAX;
}

/* Is the next parameter the end of this one, as of a pair of iterators? Of another type it is another text. */
static bool find_end(const struct proto *p, size_t i)
{
	const struct proto_param *q = &p->params[i];

	return i + 1 < p->n_params && is_bytes(&q[1]) && strcmp(q[0].base, q[1].base) == 0 &&
	       q[0].is_const == q[1].is_const && name_has(q[1].name, end_words);
}

/* In and out: how much there is, and how much of it was taken, or is left. */
static bool points_to_length(const struct proto_param *q)
{
	const char *max;

	return q->role == ROLE_ZERO && q->depth == 1 && !q->is_const && !q->is_callback &&
	       proto_integer(q, &max) && name_has(q->name, length_words);
}

/* Bytes that are no text by their type and name: what reads them knows by itself how many there are. */
static bool is_binary(const struct proto_param *q)
{
	static const char *const types[] = { "xmlChar", "XML_Char", "guchar", NULL };
	static const char *const texts[] = { "str", "string", "text", "s", "json", "xml", "line",
		"name", "word", "utf8", "pattern", "expr", "uri", "url", "path", "key", "value",
		"txt", NULL };

	return (strcmp(q->canon, "unsigned char") == 0 || strstr(q->canon, "int8_t")) &&
	       !words_among(q->base, types) && !name_has(q->name, texts);
}

/* Bytes that older interfaces don't call constant, though they read them: by their name, unless the function's says it makes them. */
static bool is_read(const struct proto *p, const struct proto_param *q)
{
	static const char *const words[] = { "buf", "buffer", "data", "in", "input", "src",
		"source", "packet", "pkt", "frame", "msg", "message", "stream", "bytes", NULL };
	static const char *const makes[] = { "encode", "write", "fill", "make", "generate", "gen",
		"create", "build", "put", "pack", "serialize", "to", "random", "hash", "digest",
		"final", "copy", "set", "init", "convert", "render", "format", "encrypt", "send",
		"sign", NULL };

	/* beside a file it is where that is read to */
	for (size_t i = 0; i < p->n_params; i++) {
		const struct proto_param *o = &p->params[i];

		if ((!o->depth && strcmp(o->canon, "int") == 0 && name_has(o->name, fd_words)) ||
			(o->depth == 1 && strcmp(o->canon, "char") == 0 &&
				name_has(o->name, path_words)))
			return false;
	}
	return is_binary(q) && name_has(q->name, words) && !words_have_any(p->name, makes) &&
	       !opens_path(p);
}

/* The text says what lies at the pointer beside it, or is to: there is nothing in it to be parsed. ("void *data, char *format") */
static bool tells_of_other(const struct proto *p, size_t i)
{
	static const char *const words[] = { "format", "fmt", NULL };
	static const char *const parsing[] = { "parse", "compile", "validate", NULL };
	static const char *const own[] = { "user", "userdata", "ctx", "context", "arg", "opaque",
		"priv", "cookie", "closure", "self", "handle", NULL };
	bool other = false;

	if (strcmp(p->params[i].canon, "char") != 0 || !name_has(p->params[i].name, words) ||
		words_have_any(p->name, parsing) || find_length(p, i) != SIZE_MAX)
		return false;
	for (size_t k = 0; k < p->n_params; k++) {
		const struct proto_param *q = &p->params[k];

		/* what goes to a callback may be nothing */
		if (q->is_callback)
			return false;
		other = other || (is_bytes(q) && is_void(q) && !name_has(q->name, own) &&
					 find_length(p, k) == SIZE_MAX);
	}
	return other;
}

/* Make parameter i an input with its length, end, or terminator; false when it can't be one. */
static bool take_input(struct proto *p, size_t i)
{
	struct proto_param *q = &p->params[i];
	size_t len;

	if (find_end(p, i)) {
		q[1].role = ROLE_END;
		q[1].of = i;
		q[1].part = p->parts;
		q->role = q->is_const ? ROLE_DATA : ROLE_DATA_COPY;
	} else if ((len = find_length(p, i)) != SIZE_MAX) {
		p->params[len].role = ROLE_LENGTH;
		p->params[len].of = i;
		p->params[len].part = p->parts;
		q->role = q->is_const ? ROLE_DATA : ROLE_DATA_COPY;
		/* what stands in front of a text may be how much is to come of it */
		if (len < i && strcmp(q->canon, "char") == 0)
			q->role = ROLE_TEXT;
	} else if (!is_void(q) && (p->n_params == 1 || q->is_const ||
					  strcmp(q->canon, "char") == 0 || is_read(p, q))) {
		q->role = is_binary(q) ? ROLE_BLOCK : ROLE_TEXT;
		/* read or written: with zeros behind it, it may be either */
		if (i + 1 < p->n_params && points_to_length(&q[1])) {
			q[1].role = ROLE_LENGTH_P;
			q[1].of = i;
			q[1].part = p->parts;
		}
	} else {
		return false;
	}
	q->part = p->parts++;
	return true;
}

/*
 * Constant bytes: the input, or two that it is cut into; names and paths beside it stay constants. In two passes, since a
 * name is evidence only beside something better: of (text, filename) the text is the input, but a lone `url` is what the
 * function parses. A path is never parsed itself: take_other_input makes a file for it.
 */
static void take_const_bytes(struct proto *p)
{
	for (int names = 0; names < 2; names++)
		for (size_t i = 0; i < p->n_params && p->parts < 2; i++) {
			struct proto_param *q = &p->params[i];
			bool alone = find_length(p, i) == SIZE_MAX;
			bool path = alone && !is_void(q) && is_path(p, q);
			bool named = alone && name_has(q->name, name_words);

			if (!is_bytes(q) || !q->is_const || q->role != ROLE_ZERO || path ||
				tells_of_other(p, i))
				continue;
			if (!named && !names)
				take_input(p, i);
			else if (named && names && !p->parts && !has_path(p) && !opens_path(p))
				take_input(p, i);
		}
}

static bool std_input(const struct proto_param *q)
{
	static const char *const types[] = { "std::string", "std::string_view",
		"std::vector<uint8_t>", "std::vector<unsigned char>", "std::vector<char>",
		"std::vector<std::uint8_t>", "std::span<const uint8_t>", "std::span<const char>",
		"std::span<const unsigned char>", NULL };

	return !q->depth && words_among(q->base, types) && (!q->is_ref || q->is_const);
}

/* A text that names a file: the input is what lies there. */
static bool std_path(const struct proto *p, const struct proto_param *q)
{
	return std_input(q) && strncmp(q->base, "std::string", 11) == 0 && is_path(p, q);
}

static bool is_file(const struct proto_param *q)
{
	return q->depth == 1 && strcmp(q->base, "FILE") == 0;
}

/* read(it, buffer, size) writes there: a room, unless its name says that it is the input; render(it, pixels) does, too. */
static bool fills(const struct proto *p, const struct proto_param *q)
{
	static const char *const drawing[] = { "render", "draw", "paint", "rasterize", "rasterise",
		"blit", NULL };
	static const char *const drawn[] = { "image", "imagebuffer", "pixels", "pixel", "pix",
		"bitmap", "canvas", "framebuffer", "fb", "surface", "rgb", "rgba", "raster", NULL };
	static const char *const in_words[] = { "in", "input", "src", "source", "data", "json",
		"xml", "text", "str", NULL };

	if (words_aim(p->name, q->name) || words_begin(p->name, "sprint") ||
		words_begin(p->name, "snprint"))
		return true;
	if (words_have_any(p->name, drawing) && name_has(q->name, drawn))
		return true;
	/* read(file, data, size), as read() itself; a reader is given it */
	if (words_have(p->name, "read") && q > p->params && is_void(q) &&
		(q[-1].opaque || (q[-1].depth == 1 && !is_bytes(&q[-1]))) &&
		!name_has(q[-1].name, out_words) && strcmp(q->name, "data") == 0)
		return true;
	return (words_begin(p->name, "read") || words_have(p->name, "get") ||
		       words_have(p->name, "recv") || words_have(p->name, "fetch")) &&
	       !name_has(q->name, in_words);
}

/* Of them one that reads the input is all of it. */
static void take_objects(struct proto *p)
{
	for (size_t i = 0; i < p->n_params; i++)
		if (p->params[i].object) {
			p->params[i].role = ROLE_CLASS;
			p->parts |= p->params[i].object->input;
		}
}

/* As main() gets them; by their names, where they have any. */
static void take_arguments(struct proto *p)
{
	static const char *const counts[] = { "argc", "ac", "nargs", "argn", "num_args", NULL };
	static const char *const words[] = { "argv", "av", "args", NULL };

	for (size_t i = 0; i + 1 < p->n_params && !p->parts; i++) {
		struct proto_param *q = &p->params[i];

		if (q->depth || q->is_ref || strcmp(q->canon, "int") != 0 || q[1].depth != 2 ||
			strcmp(q[1].canon, "char") != 0 || q[1].is_callback || q[1].given)
			continue;
		if (words_among(q->name, counts) || words_among(q[1].name, words) ||
			(p->cxx && !*q->name && !*q[1].name)) {
			q->role = ROLE_ARGC;
			q[1].role = ROLE_ARGV;
			p->parts = 1;
		}
	}
	for (size_t i = 0; i < p->n_params && !p->parts; i++) {
		struct proto_param *q = &p->params[i];

		if (strcmp(q->base, "std::vector<std::string>") == 0 && !q->depth &&
			(!q->is_ref || q->is_const)) {
			q->role = ROLE_STRINGS;
			p->parts = 1;
		}
	}
}

/* Of texts that aren't constant, too: older interfaces have no constants. */
static bool is_named_file(const struct proto *p, size_t i)
{
	const struct proto_param *q = &p->params[i];

	return strcmp(q->canon, "char") == 0 && name_has(q->name, path_words) &&
	       find_length(p, i) == SIZE_MAX && !fills(p, q);
}

/* The kinds of input that aren't constant bytes, the likeliest first. */
static void take_other_input(struct proto *p)
{
	for (size_t i = 0; i < p->n_params && !p->parts; i++)
		if (std_input(&p->params[i]) && !std_path(p, &p->params[i])) {
			p->params[i].role = ROLE_STDSTRING;
			p->parts = 1;
		} else if (strcmp(p->params[i].base, "std::istream") == 0) {
			p->params[i].role = ROLE_ISTREAM;
			p->parts = 1;
		}
	for (size_t i = 0; i < p->n_params && !p->parts; i++)
		if (is_file(&p->params[i])) {
			p->params[i].role = ROLE_FILE;
			p->parts = 1;
		}
	for (size_t i = 0; i < p->n_params && !p->parts; i++)
		if (is_bytes(&p->params[i]) && !p->params[i].is_const &&
			!name_has(p->params[i].name, out_words) && !fills(p, &p->params[i]) &&
			!is_named_file(p, i) && !tells_of_other(p, i))
			take_input(p, i);
	for (size_t i = 0; i < p->n_params && !p->parts; i++) {
		struct proto_param *q = &p->params[i];

		if (!q->depth && strcmp(q->canon, "int") == 0 && name_has(q->name, fd_words)) {
			q->role = ROLE_FD;
			p->parts = 1;
		}
	}
	for (size_t i = 0; i < p->n_params && !p->parts; i++)
		if (std_path(p, &p->params[i]) ||
			(is_bytes(&p->params[i]) &&
				(p->params[i].is_const || is_named_file(p, i)) &&
				!is_void(&p->params[i]) && !tells_of_other(p, i) &&
				(is_path(p, &p->params[i]) || !has_path(p)))) {
			p->params[i].role = ROLE_PATH;
			p->parts = 1;
		}
}

static void take_out_bytes(struct proto *p, size_t i)
{
	struct proto_param *q = &p->params[i];
	const char *max;

	q->role = ROLE_OUT_BYTES;
	if (i + 1 >= p->n_params || q[1].role != ROLE_ZERO)
		return;
	if (may_be_length(&q[1]))
		q[1].role = ROLE_OUT_ROOM;
	else if (q[1].depth == 1 && proto_integer(&q[1], &max))
		q[1].role = ROLE_OUT_ROOM_P;
	q[1].of = i;
}

static bool is_number(const struct proto_param *q)
{
	static const char *const types[] = { "bool", "float", "double", "long double", NULL };
	const char *max;

	return proto_integer(q, &max) || words_among(q->canon, types) ||
	       strncmp(q->canon, "enum ", 5) == 0;
}

/*
 * What is left once the input has its place. A callback is NULL, and so is a void pointer that nothing says to be a
 * buffer, which mostly is a callback's argument: of all that could be passed there it is what functions are used to.
 */
static void take_rest(struct proto *p, size_t i)
{
	struct proto_param *q = &p->params[i];

	if (q->role != ROLE_ZERO)
		return;
	if (q->is_callback)
		q->role = q->stub && !name_has(q->name, memory_words) ? ROLE_STUB : ROLE_NULL;
	else if (is_file(q))
		q->role = ROLE_OUT_FILE;
	else if (is_bytes(q) && is_void(q) &&
		 (q->is_const || i + 1 >= p->n_params ||
			 !(may_be_length(&q[1]) || name_has(q->name, out_words))))
		q->role = ROLE_NULL;
	else if (is_bytes(q) && q->is_const)
		q->role = ROLE_NAME;
	else if (is_bytes(q))
		take_out_bytes(p, i);
	else if (q->depth > 1 || (q->depth == 1 && is_number(q)))
		q->role = ROLE_OUT;
	else if (q->depth == 1)
		q->role = ROLE_OBJECT;
}

int proto_roles(struct proto *p, struct err *err)
{
	for (size_t i = 0; i < p->n_params; i++)
		if (p->params[i].given)
			p->params[i].role = ROLE_GIVEN;
	take_objects(p);
	if (!p->parts)
		take_arguments(p);
	if (!p->parts)
		take_const_bytes(p);
	if (p->parts == 1)
		/* a FILE beside constant bytes that have no length: the bytes are a name, the file is the input */
		for (size_t i = 0; i < p->n_params; i++)
			if (p->params[i].role == ROLE_TEXT && !text_has_length(p, i) &&
				name_has(p->params[i].name, name_words))
				for (size_t k = 0; k < p->n_params; k++)
					if (is_file(&p->params[k]) || std_input(&p->params[k])) {
						p->params[i].role = ROLE_NAME;
						p->parts = 0;
					}
	if (!p->parts)
		take_other_input(p);
	if (!p->parts)
		return err_usage(err,
			"%s: no parameter takes bytes, a string, a FILE or a path; "
			"without --function a harness to be filled in is written",
			p->name);
	for (size_t i = 0; i < p->n_params; i++)
		take_rest(p, i);
	asked_take(p);
	return 0;
}

/* "slen" and "insize" are words of their own that end so. */
bool roles_length(const char *name)
{
	static const char *const ends[] = { "len", "length", "size", NULL };

	for (size_t i = 0; ends[i]; i++)
		if (strv_ends(strv_of(name), ends[i]))
			return true;
	return name_has(name, length_words) || strcmp(name, "l") == 0;
}

unsigned roles_usual(const char *name)
{
	static const char *const sizes[] = { "width", "height", "columns", "cols", "rows", "bits",
		"bpp", "rate", "samplerate", "scale", "dpi", "freq", "resolution", "stride", NULL };
	static const char *const numbers[] = { "channels", "nchannels", "dims", "ndims", "threads",
		"nthreads", "components", "planes", "step", NULL };

	return name_has(name, sizes) ? 8 : name_has(name, numbers) ? 1 : 0;
}
