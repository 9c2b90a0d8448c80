#include "base/prelude.h"
#include "base/include.h"

bool include_operand(struct strv line, struct strv *operand)
{
	size_t end;

	line = strv_trim(line);
	if (!strv_skip(&line, "#"))
		return false;
	line = strv_trim(line);
	if (!strv_skip(&line, "include"))
		return false;
	line = strv_trim(line);
	if (!line.len || (*line.s != '"' && *line.s != '<'))
		return false;
	end = strv_chr(strv_from(line, 1), *line.s == '"' ? '"' : '>');
	if (end == SIZE_MAX)
		return false;
	*operand = strv_sub(line, 0, end + 2);
	return true;
}

bool include_quoted(struct strv line, struct strv *name)
{
	struct strv operand;

	if (!include_operand(line, &operand) || *operand.s != '"')
		return false;
	*name = strv_sub(operand, 1, operand.len - 2);
	return true;
}
