/* Checksums, bit by bit where others have tables: what is guarded is short, and looked at seldom. */
#include "thresh_rt_sums.h"

unsigned thresh_rt_sum_width(unsigned kind)
{
	static const uint8_t widths[SUMS] = { [SUM_CRC32] = 4,
		[SUM_CRC32C] = 4,
		[SUM_ADLER32] = 4,
		[SUM_CRC16] = 2,
		[SUM_CRC16_MODBUS] = 2,
		[SUM_CRC16_CCITT] = 2,
		[SUM_CRC16_XMODEM] = 2,
		[SUM_INTERNET] = 2,
		[SUM_BYTES16] = 2,
		[SUM_BYTES8] = 1,
		[SUM_XOR8] = 1,
		[SUM_ZERO8] = 1 };

	return kind < SUMS ? widths[kind] : 0;
}

/* The low bit of a byte first. */
static uint32_t crc_low(uint32_t c, uint32_t polynomial, const uint8_t *s, size_t n)
{
	while (n--) {
		c ^= *s++;
		for (int i = 0; i < 8; i++)
			c = c >> 1 ^ (polynomial & (0u - (c & 1)));
	}
	return c;
}

static uint32_t crc16_high(uint32_t c, const uint8_t *s, size_t n)
{
	while (n--) {
		c ^= (uint32_t)*s++ << 8;
		for (int i = 0; i < 8; i++)
			c = (c << 1 ^ (0x1021u & (0u - (c >> 15 & 1)))) & 0xffff;
	}
	return c;
}

static uint32_t adler32(const uint8_t *s, size_t n)
{
	uint32_t a = 1, b = 0;

	while (n--) {
		a = (a + *s++) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

static uint32_t internet(const uint8_t *s, size_t n)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		sum += i & 1 ? s[i] : (uint32_t)s[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return ~sum & 0xffff;
}

uint32_t thresh_rt_sum(unsigned kind, const uint8_t *s, size_t n)
{
	uint32_t sum = 0, all = 0;

	for (size_t i = 0; i < n && kind >= SUM_BYTES16; i++) {
		sum += s[i];
		all ^= s[i];
	}
	switch (kind) {
	case SUM_CRC32:
		return ~crc_low(~0u, 0xedb88320u, s, n);
	case SUM_CRC32C:
		return ~crc_low(~0u, 0x82f63b78u, s, n);
	case SUM_ADLER32:
		return adler32(s, n);
	case SUM_CRC16:
		return crc_low(0, 0xa001u, s, n);
	case SUM_CRC16_MODBUS:
		return crc_low(0xffff, 0xa001u, s, n);
	case SUM_CRC16_CCITT:
		return crc16_high(0xffff, s, n);
	case SUM_CRC16_XMODEM:
		return crc16_high(0, s, n);
	case SUM_INTERNET:
		return internet(s, n);
	case SUM_BYTES16:
		return sum & 0xffff;
	case SUM_BYTES8:
		return sum & 0xff;
	case SUM_XOR8:
		return all;
	case SUM_ZERO8:
		return (0u - sum) & 0xff;
	default:
		return 0;
	}
}
