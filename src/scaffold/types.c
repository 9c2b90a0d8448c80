#include "base/prelude.h"
#include "scaffold/types.h"
#include "scaffold/words.h"

static bool byte_name(const char *base)
{
	static const char *const types[] = { "char", "signed char", "unsigned char", "uint8_t",
		"int8_t", "u_char", "uchar", "u8", "uint8", "byte", "BYTE", "Byte", "Bytef", "void",
		"xmlChar", "XML_Char", "gchar", "guchar", "guint8", "UINT8", "png_byte", "JOCTET",
		"yaml_char_t", "std::byte", "std::uint8_t", NULL };

	return words_among(base, types);
}

bool proto_byte(const struct proto_param *q)
{
	return byte_name(q->base) || byte_name(q->canon);
}

static bool integer_name(const char *base, const char **max)
{
	static const struct {
		const char *type, *max;
	} rows[] = { { "size_t", NULL }, { "std::size_t", NULL }, { "uint64_t", NULL },
		{ "unsigned long", NULL }, { "unsigned long int", NULL },
		{ "long unsigned int", NULL }, { "unsigned long long", NULL },
		{ "uintptr_t", NULL }, { "gsize", NULL }, { "uLong", NULL },
		{ "ssize_t", "SSIZE_MAX" }, { "ptrdiff_t", "PTRDIFF_MAX" },
		{ "std::ptrdiff_t", "PTRDIFF_MAX" }, { "int64_t", "INT64_MAX" },
		{ "long", "LONG_MAX" }, { "long int", "LONG_MAX" }, { "long long", "LLONG_MAX" },
		{ "long long int", "LLONG_MAX" }, { "off_t", "LONG_MAX" },
		{ "intptr_t", "INTPTR_MAX" }, { "gssize", "LONG_MAX" }, { "int", "INT_MAX" },
		{ "signed", "INT_MAX" }, { "signed int", "INT_MAX" }, { "int32_t", "INT32_MAX" },
		{ "gint", "INT_MAX" }, { "unsigned", "UINT_MAX" }, { "unsigned int", "UINT_MAX" },
		{ "uint", "UINT_MAX" }, { "u_int", "UINT_MAX" }, { "uInt", "UINT_MAX" },
		{ "guint", "UINT_MAX" }, { "uint32_t", "UINT32_MAX" }, { "u32", "UINT32_MAX" },
		{ "u_int32_t", "UINT32_MAX" }, { "short", "SHRT_MAX" }, { "short int", "SHRT_MAX" },
		{ "int16_t", "INT16_MAX" }, { "unsigned short", "USHRT_MAX" },
		{ "unsigned short int", "USHRT_MAX" }, { "uint16_t", "UINT16_MAX" },
		{ "u16", "UINT16_MAX" }, { "uint8_t", "UINT8_MAX" },
		{ "unsigned char", "UCHAR_MAX" } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].type, base) == 0) {
			*max = rows[i].max;
			return true;
		}
	return false;
}

bool proto_integer(const struct proto_param *q, const char **max)
{
	return integer_name(q->base, max) || integer_name(q->canon, max);
}

const char *proto_result_canon(const struct proto *p)
{
	return p->ret_canon ? p->ret_canon : p->ret;
}

struct proto_param proto_result(const struct proto *p)
{
	return (struct proto_param){ .base = p->ret,
		.canon = proto_result_canon(p),
		.name = "",
		.depth = p->ret_depth,
		.opaque = p->ret_opaque };
}

bool proto_gives_integer(const struct proto *p)
{
	const struct proto_param q = proto_result(p);
	const char *max;

	return !q.depth && !q.opaque && proto_integer(&q, &max);
}

bool proto_gives_number(const struct proto *p)
{
	return proto_gives_integer(p) ||
	       (!p->ret_depth && !p->ret_opaque && strncmp(proto_result_canon(p), "enum ", 5) == 0);
}

bool proto_standard_type(const char *base)
{
	static const char *const own[] = { "u8", "u16", "u32", "uint", "u_int", "uInt", "uLong",
		"gsize", "gssize", "gint", "guint", "u_char", "uchar", "uint8", "byte", "BYTE",
		"Byte", "Bytef", "xmlChar", "XML_Char", "gchar", "guchar", "guint8", "UINT8",
		"png_byte", "JOCTET", "yaml_char_t", NULL };
	static const char *const more[] = { "float", "double", "long double", "bool", "_Bool",
		"FILE", "wchar_t", "int16_t", "time_t", "char", NULL };
	const char *max;

	if (words_among(base, own))
		return false;
	return integer_name(base, &max) || byte_name(base) || words_among(base, more) ||
	       strncmp(base, "struct ", 7) == 0 || strncmp(base, "std::", 5) == 0;
}
