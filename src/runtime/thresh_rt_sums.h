/* Checksums that formats put behind or in front of what they guard. */
#ifndef THRESH_RT_SUMS_H
#define THRESH_RT_SUMS_H

#include <stddef.h>
#include <stdint.h>

enum thresh_rt_sum {
	NO_SUM,
	SUM_CRC32,
	SUM_CRC32C,
	SUM_ADLER32,
	SUM_CRC16, /* ARC */
	SUM_CRC16_MODBUS,
	SUM_CRC16_CCITT,  /* begins with 0xffff */
	SUM_CRC16_XMODEM, /* begins with 0 */
	SUM_INTERNET,     /* 16 bits, ones' complement of a sum of big-endian words */
	SUM_BYTES16,
	SUM_BYTES8,
	SUM_XOR8,
	SUM_ZERO8, /* all bytes with it add up to 0 */
	SUMS
};

/* Its bytes; 0 for none. */
unsigned thresh_rt_sum_width(unsigned kind);
uint32_t thresh_rt_sum(unsigned kind, const uint8_t *s, size_t n);

#endif
