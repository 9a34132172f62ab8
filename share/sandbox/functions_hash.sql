-- Hashes. Where the documentation leaves the bytes of a type open, the sandbox
-- has no such hash rather than a wrong one. Repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

CREATE OR REPLACE FUNCTION no_hash(name text, type text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'SB001', MESSAGE =
		format('the sandbox has no %s of %s', name, type);
END $$;

CREATE OR REPLACE FUNCTION sha1(t text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT encode(redshift_sandbox.digest(
	convert_to(t, 'UTF8'), 'sha1'), 'hex') $$;
CREATE OR REPLACE FUNCTION sha(t text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.sha1(t) $$;
CREATE OR REPLACE FUNCTION func_sha1(t text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.sha1(t) $$;
CREATE OR REPLACE FUNCTION sha2(b bytea, bits int) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN bits IN (0, 224, 256, 384, 512)
	THEN encode(CASE bits WHEN 224 THEN sha224(b) WHEN 384 THEN sha384(b)
	WHEN 512 THEN sha512(b) ELSE sha256(b) END, 'hex') END $$;
CREATE OR REPLACE FUNCTION sha2(t text, bits int) RETURNS text
LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.sha2(convert_to(t, 'UTF8'), bits) $$;
CREATE OR REPLACE FUNCTION sha2(b varbyte, bits int) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.sha2(b::bytea, bits) $$;

-- CRC-32C, as 8 digits.
CREATE OR REPLACE FUNCTION crc32(t text) RETURNS varchar
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	bytes bytea := convert_to(t, 'UTF8');
	crc bigint := 4294967295;
BEGIN
	FOR i IN 0 .. length(bytes) - 1 LOOP
		crc := crc # get_byte(bytes, i);
		FOR bit IN 1 .. 8 LOOP
			crc := CASE WHEN crc & 1 = 1
				THEN (crc >> 1) # 2197175160 ELSE crc >> 1 END;
		END LOOP;
	END LOOP;
	RETURN lpad(pg_catalog.to_hex(crc # 4294967295), 8, '0');
END $$;

-- CHECKSUM of a decimal number is its digits without the point.
CREATE OR REPLACE FUNCTION checksum(n numeric) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT (n * power(10::numeric, scale(n)))::int $$;
CREATE OR REPLACE FUNCTION checksum(n bigint) RETURNS int
LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.no_hash('CHECKSUM', 'INTEGER')::int $$;
CREATE OR REPLACE FUNCTION checksum(t text) RETURNS int
LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.no_hash('CHECKSUM', 'VARCHAR')::int $$;

-- ---- FNV-1a, 64 bits, in two halves: the prime is 2^40 + 0x1B3

CREATE OR REPLACE FUNCTION little_endian(n bigint, bytes int) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$ SELECT string_agg(substring(int8send(n)
	FROM 9 - i FOR 1), '' ORDER BY i) FROM generate_series(1, bytes) i $$;
CREATE OR REPLACE FUNCTION fnv_bytes(b bytea, seed bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	high bigint := (seed >> 32) & 4294967295;
	low bigint := seed & 4294967295;
	product bigint;
BEGIN
	IF b IS NULL OR seed IS NULL THEN
		RETURN NULL;
	END IF;
	FOR i IN 0 .. length(b) - 1 LOOP
		low := low # get_byte(b, i);
		product := low * 435;
		high := (high * 435 + (product >> 32) + (low << 8))
			& 4294967295;
		low := product & 4294967295;
	END LOOP;
	RETURN (CASE WHEN high >= 2147483648 THEN high - 4294967296
		ELSE high END << 32) | low;
END $$;
DO $$
DECLARE
	kind text[];
BEGIN
	FOREACH kind SLICE 1 IN ARRAY ARRAY[
		['text', 'convert_to(x, ''UTF8'')'],
		['bpchar', 'bpcharsend(x)'],
		['varbyte', 'x::bytea'],
		['bool', 'redshift_sandbox.little_endian(x::int, 1)'],
		['int2', 'redshift_sandbox.little_endian(x, 2)'],
		['int4', 'redshift_sandbox.little_endian(x, 4)'],
		['int8', 'redshift_sandbox.little_endian(x, 8)']] LOOP
		EXECUTE format('CREATE OR REPLACE FUNCTION fnv_hash(x %s, seed '
			'bigint DEFAULT -3750763034362895579) RETURNS bigint '
			'LANGUAGE sql IMMUTABLE AS ''SELECT '
			'redshift_sandbox.fnv_bytes(%s, seed)''', kind[1],
			replace(kind[2], '''', ''''''));
	END LOOP;
	FOREACH kind SLICE 1 IN ARRAY ARRAY[['numeric', 'DECIMAL'],
		['float4', 'REAL'], ['float8', 'DOUBLE PRECISION'],
		['date', 'DATE'], ['time', 'TIME'], ['timestamp', 'TIMESTAMP'],
		['timestamptz', 'TIMESTAMPTZ']] LOOP
		EXECUTE format('CREATE OR REPLACE FUNCTION fnv_hash(x %s, seed '
			'bigint DEFAULT 0) RETURNS bigint LANGUAGE sql '
			'IMMUTABLE AS ''SELECT redshift_sandbox.no_hash('
			'''''FNV_HASH'''', ''''%s'''')''', kind[1], kind[2]);
	END LOOP;
END $$;

-- ---- Murmur3, 32 bits; bytes of the types as Apache Iceberg has them

CREATE OR REPLACE FUNCTION mul32(a bigint, b bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ((a & 65535) * b
	+ ((((a >> 16) * b) & 65535) << 16)) & 4294967295 $$;
CREATE OR REPLACE FUNCTION rotate32(a bigint, n int) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ((a << n) | (a >> (32 - n))) & 4294967295 $$;
CREATE OR REPLACE FUNCTION murmur3_mix(k bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT redshift_sandbox.mul32(
	redshift_sandbox.rotate32(redshift_sandbox.mul32(k, 3432918353), 15),
	461845907) $$;
CREATE OR REPLACE FUNCTION murmur3_bytes(b bytea, seed int) RETURNS int
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	h bigint := seed::bigint & 4294967295;
	size int := length(b);
	k bigint;
BEGIN
	IF b IS NULL OR seed IS NULL THEN
		RETURN NULL;
	END IF;
	FOR i IN 0 .. size / 4 - 1 LOOP
		k := get_byte(b, i * 4) | (get_byte(b, i * 4 + 1) << 8)
			| (get_byte(b, i * 4 + 2) << 16)
			| (get_byte(b, i * 4 + 3)::bigint << 24);
		h := (redshift_sandbox.rotate32(h
			# redshift_sandbox.murmur3_mix(k), 13) * 5
			+ 3864292196) & 4294967295;
	END LOOP;
	k := 0;
	FOR i IN 0 .. size % 4 - 1 LOOP
		k := k | (get_byte(b, size / 4 * 4 + i) << (i * 8));
	END LOOP;
	h := h # redshift_sandbox.murmur3_mix(k) # size;
	h := redshift_sandbox.mul32(h # (h >> 16), 2246822507);
	h := redshift_sandbox.mul32(h # (h >> 13), 3266489909);
	h := h # (h >> 16);
	RETURN CASE WHEN h >= 2147483648 THEN h - 4294967296 ELSE h END;
END $$;
-- The fewest bytes that hold the unscaled number, high byte first.
CREATE OR REPLACE FUNCTION decimal_bytes(n numeric) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	rest numeric := n * power(10::numeric, scale(n));
	bytes bytea := '';
	digit int;
BEGIN
	LOOP
		digit := mod(mod(rest, 256) + 256, 256);
		bytes := decode(lpad(pg_catalog.to_hex(digit), 2, '0'), 'hex')
			|| bytes;
		rest := div(rest - digit, 256);
		EXIT WHEN (rest = 0 AND digit < 128)
			OR (rest = -1 AND digit >= 128);
	END LOOP;
	RETURN bytes;
END $$;
DO $$
DECLARE
	kind text[];
	long text := 'redshift_sandbox.little_endian(%s, 8)';
BEGIN
	FOREACH kind SLICE 1 IN ARRAY ARRAY[
		['text', 'convert_to(x, ''UTF8'')'],
		['varbyte', 'x::bytea'],
		['numeric', 'redshift_sandbox.decimal_bytes(x)'],
		['bool', format(long, 'x::int')],
		['int2', format(long, 'x')],
		['int4', format(long, 'x')],
		['int8', format(long, 'x')],
		['date', format(long, '(x - date ''1970-01-01'')')],
		['time', format(long,
			'(extract(epoch FROM x) * 1000000)::bigint')],
		['timestamp', format(long,
			'(extract(epoch FROM x) * 1000000)::bigint')],
		['timestamptz', format(long,
			'(extract(epoch FROM x) * 1000000)::bigint')],
		['float8', '(SELECT string_agg(substring(float8send(x) FROM '
			'9 - i FOR 1), '''' ORDER BY i) '
			'FROM generate_series(1, 8) i)']] LOOP
		EXECUTE format('CREATE OR REPLACE FUNCTION murmur3_32_hash('
			'x %s, seed int DEFAULT 0) RETURNS int LANGUAGE sql '
			'IMMUTABLE AS ''SELECT redshift_sandbox.murmur3_bytes('
			'%s, seed)''', kind[1],
			replace(kind[2], '''', ''''''));
	END LOOP;
END $$;

RESET search_path;
RESET check_function_bodies;
