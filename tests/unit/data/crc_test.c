#include "../check.h"

#include <string.h>

#include "base/mem.h"
#include "data/crc.h"

/* "123456789": the CRC catalogues' check values; 32 zeros, 32 bytes of ones:
 * RFC 3720 B.4, and the NVM command set's table of CRC64 examples (its 4 KiB
 * of zeros and of ones). */
static const struct {
	enum crc_kind kind;
	int byte; /* -1: "123456789" */
	size_t len;
	uint64_t crc;
} cases[] = {
	{ CRC_32, -1, 9, UINT64_C(0xcbf43926) },
	{ CRC_32C, -1, 9, UINT64_C(0xe3069283) },
	{ CRC_64NVME, -1, 9, UINT64_C(0xae8b14860a799888) },
	{ CRC_32C, 0x00, 32, UINT64_C(0x8a9136aa) },
	{ CRC_32C, 0xff, 32, UINT64_C(0x62a8ab43) },
	{ CRC_64NVME, 0x00, 4096, UINT64_C(0x6482d367eb22b64e) },
	{ CRC_64NVME, 0xff, 4096, UINT64_C(0xc0ddba7302eca3ac) },
};

enum { ALL = 5000 };

/* Bytes that repeat in no power of two. */
static void fill(unsigned char *bytes, size_t len)
{
	uint32_t seed = 12345;

	for (size_t i = 0; i < len; i++) {
		seed = seed * 1103515245u + 12345u;
		bytes[i] = (unsigned char)(seed >> 16);
	}
}

static uint64_t by_tables(enum crc_kind kind, const void *bytes, size_t len)
{
	uint64_t ones = crc_size(kind) == 8 ? UINT64_MAX : UINT32_MAX;

	return crc_run_tables(kind, ones, bytes, len) ^ ones;
}

static void published_values_come_out_both_ways(void **state)
{
	unsigned char bytes[4096];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (cases[i].byte < 0)
			memcpy(bytes, "123456789", 9);
		else
			memset(bytes, cases[i].byte, cases[i].len);
		assert_true(crc_feed(cases[i].kind, 0, bytes, cases[i].len) ==
			    cases[i].crc);
		assert_true(by_tables(cases[i].kind, bytes, cases[i].len) ==
			    cases[i].crc);
	}
}

static void folding_and_tables_agree_at_every_length(void **state)
{
	unsigned char bytes[ALL];

	(void)state;
	fill(bytes, sizeof(bytes));
	for (int kind = 0; kind < CRC_COUNT; kind++)
		for (size_t len = 0; len < 700; len++)
			assert_true(crc_feed(kind, 0, bytes + len % 17, len) ==
				    by_tables(kind, bytes + len % 17, len));
}

static void cuts_do_not_matter(void **state)
{
	unsigned char bytes[ALL];

	(void)state;
	fill(bytes, sizeof(bytes));
	for (int kind = 0; kind < CRC_COUNT; kind++) {
		uint64_t whole = crc_feed(kind, 0, bytes, ALL);

		for (size_t cut = 0; cut <= ALL; cut += 101) {
			uint64_t first = crc_feed(kind, 0, bytes, cut);
			uint64_t second =
				crc_feed(kind, 0, bytes + cut, ALL - cut);

			assert_true(crc_feed(kind, first, bytes + cut,
					     ALL - cut) == whole);
			assert_true(crc_join(kind, first, second,
					     (int64_t)(ALL - cut)) == whole);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_values_come_out_both_ways),
		cmocka_unit_test(folding_and_tables_agree_at_every_length),
		cmocka_unit_test(cuts_do_not_matter),
	};

	return RUN_TESTS(tests);
}
