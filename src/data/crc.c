/* All three are reflected, start and end inverted. Sixteen bytes at a time are
 * folded by carry-less multiplication where the processor has it (Gopal et
 * al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ", 2009),
 * else eight bytes by tables. */
#include "data/crc.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

#include "base/mem.h"

/* A table is linear: entry i is the XOR of the entries of its bits. Hence
 * only those eight are written here; of table k, what the bit's CRC has
 * become k bytes later. */
#define BIT(i, bit, value) ((i) & (1 << (bit)) ? UINT64_C(value) : 0)
#define ENTRY(i, a, b, c, d, e, f, g, h)                                       \
	(BIT(i, 0, a) ^ BIT(i, 1, b) ^ BIT(i, 2, c) ^ BIT(i, 3, d) ^           \
	 BIT(i, 4, e) ^ BIT(i, 5, f) ^ BIT(i, 6, g) ^ BIT(i, 7, h))
#define FOUR(i, ...)                                                           \
	ENTRY(i, __VA_ARGS__), ENTRY((i) + 1, __VA_ARGS__),                    \
		ENTRY((i) + 2, __VA_ARGS__), ENTRY((i) + 3, __VA_ARGS__)
#define SIXTEEN(i, ...)                                                        \
	FOUR(i, __VA_ARGS__), FOUR((i) + 4, __VA_ARGS__),                      \
		FOUR((i) + 8, __VA_ARGS__), FOUR((i) + 12, __VA_ARGS__)
#define SIXTY_FOUR(i, ...)                                                     \
	SIXTEEN(i, __VA_ARGS__), SIXTEEN((i) + 16, __VA_ARGS__),               \
		SIXTEEN((i) + 32, __VA_ARGS__),                                \
		SIXTEEN((i) + 48, __VA_ARGS__)
#define TABLE(...)                                                             \
	{                                                                      \
		SIXTY_FOUR(0, __VA_ARGS__), SIXTY_FOUR(64, __VA_ARGS__),       \
			SIXTY_FOUR(128, __VA_ARGS__),                          \
			SIXTY_FOUR(192, __VA_ARGS__),                          \
	}

/* clang-format off */
static const uint64_t tables[CRC_COUNT][8][256] = {
	[CRC_32] = {
		TABLE(0x77073096, 0xee0e612c, 0x076dc419, 0x0edb8832,
		      0x1db71064, 0x3b6e20c8, 0x76dc4190, 0xedb88320),
		TABLE(0x191b3141, 0x32366282, 0x646cc504, 0xc8d98a08,
		      0x4ac21251, 0x958424a2, 0xf0794f05, 0x3b83984b),
		TABLE(0x01c26a37, 0x0384d46e, 0x0709a8dc, 0x0e1351b8,
		      0x1c26a370, 0x384d46e0, 0x709a8dc0, 0xe1351b80),
		TABLE(0xb8bc6765, 0xaa09c88b, 0x8f629757, 0xc5b428ef,
		      0x5019579f, 0xa032af3e, 0x9b14583d, 0xed59b63b),
		TABLE(0x3d6029b0, 0x7ac05360, 0xf580a6c0, 0x30704bc1,
		      0x60e09782, 0xc1c12f04, 0x58f35849, 0xb1e6b092),
		TABLE(0xcb5cd3a5, 0x4dc8a10b, 0x9b914216, 0xec53826d,
		      0x03d6029b, 0x07ac0536, 0x0f580a6c, 0x1eb014d8),
		TABLE(0xa6770bb4, 0x979f1129, 0xf44f2413, 0x33ef4e67,
		      0x67de9cce, 0xcfbd399c, 0x440b7579, 0x8816eaf2),
		TABLE(0xccaa009e, 0x4225077d, 0x844a0efa, 0xd3e51bb5,
		      0x7cbb312b, 0xf9766256, 0x299dc2ed, 0x533b85da),
	},
	[CRC_32C] = {
		TABLE(0xf26b8303, 0xe13b70f7, 0xc79a971f, 0x8ad958cf,
		      0x105ec76f, 0x20bd8ede, 0x417b1dbc, 0x82f63b78),
		TABLE(0x13a29877, 0x274530ee, 0x4e8a61dc, 0x9d14c3b8,
		      0x3fc5f181, 0x7f8be302, 0xff17c604, 0xfbc3faf9),
		TABLE(0xa541927e, 0x4f6f520d, 0x9edea41a, 0x38513ec5,
		      0x70a27d8a, 0xe144fb14, 0xc76580d9, 0x8b277743),
		TABLE(0xdd45aab8, 0xbf672381, 0x7b2231f3, 0xf64463e6,
		      0xe964b13d, 0xd725148b, 0xaba65fe7, 0x52a0c93f),
		TABLE(0x38116fac, 0x7022df58, 0xe045beb0, 0xc5670b91,
		      0x8f2261d3, 0x1ba8b557, 0x37516aae, 0x6ea2d55c),
		TABLE(0xef306b19, 0xdb8ca0c3, 0xb2f53777, 0x6006181f,
		      0xc00c303e, 0x85f4168d, 0x0e045beb, 0x1c08b7d6),
		TABLE(0x68032cc8, 0xd0065990, 0xa5e0c5d1, 0x4e2dfd53,
		      0x9c5bfaa6, 0x3d5b83bd, 0x7ab7077a, 0xf56e0ef4),
		TABLE(0x493c7d27, 0x9278fa4e, 0x211d826d, 0x423b04da,
		      0x847609b4, 0x0d006599, 0x1a00cb32, 0x34019664),
	},
	[CRC_64NVME] = {
		TABLE(0x7f6ef0c830358979, 0xfedde190606b12f2,
		      0xc962e5739841b68f, 0xa61cecb46814fe75,
		      0x78e0ff3b88be6f81, 0xf1c1fe77117cdf02,
		      0xd75adabd7a6e2d6f, 0x9a6c9329ac4bc9b5),
		TABLE(0x8776a97d73bddf69, 0x3a3474a9bfec2db9,
		      0x7468e9537fd85b72, 0xe8d1d2a6ffb0b6e4,
		      0xe57a831ea7f6fea3, 0xfe2c206e177a6e2d,
		      0xc881668f76634f31, 0xa5dbeb4db4510d09),
		TABLE(0xff6e4e1f4e4038be, 0xca05ba6dc417e217,
		      0xa0d25288d0b85745, 0x757d8342f9e73de1,
		      0xeafb0685f3ce7bc2, 0xe12f2b58bf0b64ef,
		      0xf68770e226815ab5, 0xd9d7c79715952601),
		TABLE(0x8211147cbaf96306, 0x30fb0eaa2d655567,
		      0x61f61d545acaaace, 0xc3ec3aa8b595559c,
		      0xb301530233bd3853, 0x52db80573fede3cd,
		      0xa5b700ae7fdbc79a, 0x7fb7270fa7201c5f),
		TABLE(0x373d15f784905d1e, 0x6e7a2bef0920ba3c,
		      0xdcf457de12417478, 0x8d3189ef7c157b9b,
		      0x2eba358da0bd645d, 0x5d746b1b417ac8ba,
		      0xbae8d63682f59174, 0x41088a3e5d7cb183),
		TABLE(0xe9742a79ef04a5d4, 0xe63172a0869ed8c3,
		      0xf8bbc31255aa22ed, 0xc5aea077f3c3d6b1,
		      0xbf8466bcbf103e09, 0x4bd1eb2a26b7ef79,
		      0x97a3d6544d6fdef2, 0x1b9e8afbc2482e8f),
		TABLE(0xfc5d27f6bf353971, 0xcc6369be26fde189,
		      0xac1ff52f156c5079, 0x6ce6cc0d724f3399,
		      0xd9cd981ae49e6732, 0x8742166691ab5d0f,
		      0x3a5d0a9e7bc12975, 0x74ba153cf78252ea),
		TABLE(0x21e9761e252621ac, 0x43d2ec3c4a4c4358,
		      0x87a5d878949886b0, 0x3b9296a271a69e0b,
		      0x77252d44e34d3c16, 0xee4a5a89c69a782c,
		      0xe84d9340d5a36333, 0xe44200d2f3d1550d),
	},
};

/* x^(64n+63) and x^(64n-1) mod the polynomial, reflected in 64 bits: what
 * takes the low and the high half of a block on by 64 and by 16 bytes. */
static const struct {
	uint64_t by_64[2];
	uint64_t by_16[2];
} folds[CRC_COUNT] = {
	[CRC_32] = { { 0x653d982200000000, 0xcad38e8f00000000 },
		{ 0x65673b4600000000, 0x9ba54c6f00000000 } },
	[CRC_32C] = { { 0x1c19243b00000000, 0x75bba45b00000000 },
		{ 0x3743f7bd00000000, 0x3171d43000000000 } },
	[CRC_64NVME] = { { 0x0c32cdb31e18a84a, 0x62242240ace5045a },
		{ 0xeadc41fd2ba3d420, 0x21e9761e252621ac } },
};
/* clang-format on */

static const struct {
	int width;
	uint64_t polynomial; /* reflected */
} kinds[CRC_COUNT] = {
	[CRC_32] = { 32, UINT64_C(0xedb88320) },
	[CRC_32C] = { 32, UINT64_C(0x82f63b78) },
	[CRC_64NVME] = { 64, UINT64_C(0x9a6c9329ac4bc9b5) },
};

static uint64_t ones(enum crc_kind kind)
{
	return kinds[kind].width == 64 ? UINT64_MAX : UINT32_MAX;
}

static uint64_t eight_bytes(const unsigned char *at)
{
	uint64_t value = 0;

	for (int i = 7; i >= 0; i--)
		value = value << 8 | at[i];
	return value;
}

uint64_t crc_run_tables(enum crc_kind kind, uint64_t state, const void *bytes,
			size_t len)
{
	const uint64_t(*table)[256] = tables[kind];
	const unsigned char *at = bytes;

	for (; len >= 8; len -= 8, at += 8) {
		uint64_t word = state ^ eight_bytes(at);

		state = 0;
		for (int i = 0; i < 8; i++)
			state ^= table[7 - i][word >> (8 * i) & 0xff];
	}
	for (; len > 0; len--, at++)
		state = state >> 8 ^ table[0][(state ^ *at) & 0xff];
	return state;
}

#if defined(__x86_64__)

enum { FOLD_LANES = 4, FOLD_MIN_BYTES = 128 };

__attribute__((target("pclmul,sse4.1"))) static __m128i
fold(__m128i block, __m128i by, __m128i next)
{
	__m128i low = _mm_clmulepi64_si128(block, by, 0x00);
	__m128i high = _mm_clmulepi64_si128(block, by, 0x11);

	return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

__attribute__((target("pclmul,sse4.1"))) static __m128i
load(const unsigned char *at)
{
	return _mm_loadu_si128((const __m128i *)(const void *)at);
}

/* len is at least FOLD_MIN_BYTES. */
__attribute__((target("pclmul,sse4.1"))) static uint64_t
run_folded(enum crc_kind kind, uint64_t state, const unsigned char *at,
	   size_t len)
{
	const uint64_t *k64 = folds[kind].by_64;
	const uint64_t *k16 = folds[kind].by_16;
	__m128i by_64 = _mm_set_epi64x((long long)k64[1], (long long)k64[0]);
	__m128i by_16 = _mm_set_epi64x((long long)k16[1], (long long)k16[0]);
	__m128i lane[FOLD_LANES];
	unsigned char last[16];

	for (int i = 0; i < FOLD_LANES; i++)
		lane[i] = load(at + 16 * i);
	lane[0] = _mm_xor_si128(lane[0],
				_mm_set_epi64x(0, (long long)state));
	for (at += 64, len -= 64; len >= 64; at += 64, len -= 64)
		for (int i = 0; i < FOLD_LANES; i++)
			lane[i] = fold(lane[i], by_64, load(at + 16 * i));
	for (int i = 1; i < FOLD_LANES; i++)
		lane[i] = fold(lane[i - 1], by_16, lane[i]);
	for (; len >= 16; at += 16, len -= 16)
		lane[FOLD_LANES - 1] =
			fold(lane[FOLD_LANES - 1], by_16, load(at));
	/* The rest of all that came before, as sixteen bytes of message. */
	_mm_storeu_si128((__m128i *)(void *)last, lane[FOLD_LANES - 1]);
	state = crc_run_tables(kind, 0, last, sizeof(last));
	return crc_run_tables(kind, state, at, len);
}

/* Asked at the first use: __builtin_cpu_supports has it asked at every start,
 * which costs a trap a question on virtual machines. */
static bool can_fold(void)
{
	static atomic_int answer; /* 0: not asked, 1: no, 2: yes */
	unsigned a, b, c, d;
	int known = atomic_load_explicit(&answer, memory_order_relaxed);

	if (known == 0) {
		known = __get_cpuid(1, &a, &b, &c, &d) != 0 &&
					(c & bit_PCLMUL) != 0 &&
					(c & bit_SSE4_1) != 0
				? 2
				: 1;
		atomic_store_explicit(&answer, known, memory_order_relaxed);
	}
	return known == 2;
}

static uint64_t run(enum crc_kind kind, uint64_t state, const void *bytes,
		    size_t len)
{
	if (len >= FOLD_MIN_BYTES && can_fold())
		return run_folded(kind, state, bytes, len);
	return crc_run_tables(kind, state, bytes, len);
}

#else

static uint64_t run(enum crc_kind kind, uint64_t state, const void *bytes,
		    size_t len)
{
	return crc_run_tables(kind, state, bytes, len);
}

#endif

uint64_t crc_feed(enum crc_kind kind, uint64_t crc, const void *bytes,
		  size_t len)
{
	return run(kind, crc ^ ones(kind), bytes, len) ^ ones(kind);
}

/* a * b mod the polynomial; reflected: the highest bit is x^0. */
static uint64_t multiply(enum crc_kind kind, uint64_t a, uint64_t b)
{
	uint64_t top = UINT64_C(1) << (kinds[kind].width - 1);
	uint64_t product = 0;

	for (; top != 0; top >>= 1) {
		if (a & top)
			product ^= b;
		b = b >> 1 ^ (b & 1 ? kinds[kind].polynomial : 0);
	}
	return product;
}

uint64_t crc_join(enum crc_kind kind, uint64_t first, uint64_t second,
		  int64_t second_bytes)
{
	/* x^8, squared for each bit of the length */
	uint64_t power = UINT64_C(1) << (kinds[kind].width - 9);

	for (; second_bytes > 0; second_bytes >>= 1) {
		if (second_bytes & 1)
			first = multiply(kind, power, first);
		power = multiply(kind, power, power);
	}
	return first ^ second;
}

size_t crc_size(enum crc_kind kind)
{
	return (size_t)kinds[kind].width / 8;
}
