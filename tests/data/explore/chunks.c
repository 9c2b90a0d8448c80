/* A picture: a magic number, then chunks of a length, four letters and data, without checksums. */
#include "planted.h"

PLANT_ABORT(no_size)
PLANT_WRITE(huge_size)
PLANT_READ(palette)
PLANT_NULL(data_first)
PLANT_FREED(two_headers)
PLANT_WRITE(text)
PLANT_ABORT(interlaced)

struct picture {
	uint32_t w, h, colors;
	int headers, data, depth, interlace;
};

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void header(struct picture *pic, const uint8_t *v, uint32_t n)
{
	if (n < 10)
		return;
	if (++pic->headers > 1)
		bug_two_headers();
	pic->w = be32(v);
	pic->h = be32(v + 4);
	pic->depth = v[8];
	pic->interlace = v[9];
	if (pic->w == 0 || pic->h == 0)
		bug_no_size();
	if (pic->w > 0x10000 && pic->h > 0x10000)
		bug_huge_size();
}

static void chunk(struct picture *pic, const uint8_t *type, const uint8_t *v, uint32_t n)
{
	if (memcmp(type, "HEAD", 4) == 0)
		header(pic, v, n);
	else if (memcmp(type, "PLTE", 4) == 0 && pic->headers) {
		pic->colors = n / 3;
		if (pic->depth == 4 && pic->colors > 16)
			bug_palette();
	} else if (memcmp(type, "DATA", 4) == 0) {
		if (!pic->headers)
			bug_data_first();
		pic->data++;
	} else if (memcmp(type, "tEXt", 4) == 0) {
		if (n > 7 && memcmp(v, "Title", 6) == 0)
			bug_text();
	} else if (memcmp(type, "DONE", 4) == 0) {
		if (pic->data > 1 && pic->interlace == 1)
			bug_interlaced();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct picture pic = { 0, 0, 0, 0, 0, 0, 0 };
	size_t at = 6;

	if (size < 6 || memcmp(data, "\x89PIX\r\n", 6) != 0)
		return 0;
	while (size - at >= 8) {
		uint32_t n = be32(data + at);

		if (n > size - at - 8)
			break;
		chunk(&pic, data + at + 4, data + at + 8, n);
		at += 8 + n;
	}
	return 0;
}
