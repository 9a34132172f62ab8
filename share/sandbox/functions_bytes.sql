-- VARBYTE: casts, functions. Its values are PostgreSQL's bytea, whose
-- operators serve it as well; the gateway shows them as hexadecimal digits.
-- Repeatable; make_cast is of catalog_types.sql.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

-- A string that is cut off is cut at a byte, as VARBYTE counts bytes.
CREATE OR REPLACE FUNCTION varbyte_length(b varbyte, typmod int, asked bool)
RETURNS varbyte LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
	IF typmod < 4 OR length(b::bytea) <= typmod - 4 THEN
		RETURN b;
	END IF;
	IF asked THEN
		RETURN substring(b::bytea FROM 1 FOR typmod - 4)::varbyte;
	END IF;
	RAISE EXCEPTION USING ERRCODE = '22001', MESSAGE =
		'value too long for type ' || format('character varying(%s)',
		typmod - 4);
END $$;
CREATE OR REPLACE FUNCTION varbyte_of(t text) RETURNS varbyte
LANGUAGE sql IMMUTABLE AS $$ SELECT convert_to(t, 'UTF8')::varbyte $$;
-- CHAR is padded to its length.
CREATE OR REPLACE FUNCTION varbyte_of(t bpchar) RETURNS varbyte
LANGUAGE sql IMMUTABLE AS $$ SELECT bpcharsend(t)::varbyte $$;
CREATE OR REPLACE FUNCTION varbyte_of(n int2) RETURNS varbyte
LANGUAGE sql IMMUTABLE AS $$ SELECT int2send(n)::varbyte $$;
CREATE OR REPLACE FUNCTION varbyte_of(n int) RETURNS varbyte
LANGUAGE sql IMMUTABLE AS $$ SELECT int4send(n)::varbyte $$;
CREATE OR REPLACE FUNCTION varbyte_of(n bigint) RETURNS varbyte
LANGUAGE sql IMMUTABLE AS $$ SELECT int8send(n)::varbyte $$;
CREATE OR REPLACE FUNCTION varbyte_text(b varbyte) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT convert_from(b::bytea, 'UTF8') $$;
-- The last bytes of it, sign extended by none.
CREATE OR REPLACE FUNCTION varbyte_number(b varbyte, bytes int)
RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	value bigint := 0;
BEGIN
	IF length(b::bytea) > bytes THEN
		RAISE EXCEPTION USING ERRCODE = '22003', MESSAGE =
			format('VARBYTE of %s bytes does not fit a number of '
			'%s bytes', length(b::bytea), bytes);
	END IF;
	FOR i IN 0 .. length(b::bytea) - 1 LOOP
		value := (value << 8) | get_byte(b::bytea, i);
	END LOOP;
	IF bytes < 8 AND length(b::bytea) = bytes
		AND value >= 1::bigint << (bytes * 8 - 1) THEN
		value := value - (1::bigint << (bytes * 8));
	END IF;
	RETURN value;
END $$;
CREATE OR REPLACE FUNCTION varbyte_int2(b varbyte) RETURNS int2
LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.varbyte_number(b, 2)::int2 $$;
CREATE OR REPLACE FUNCTION varbyte_int4(b varbyte) RETURNS int
LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.varbyte_number(b, 4)::int $$;
CREATE OR REPLACE FUNCTION varbyte_int8(b varbyte) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.varbyte_number(b, 8) $$;

SELECT make_cast('varbyte', 'varbyte', 'varbyte_length(varbyte,int,bool)',
		'IMPLICIT'),
	make_cast('text', 'varbyte', 'varbyte_of(text)', 'ASSIGNMENT'),
	make_cast('varchar', 'varbyte', 'varbyte_of(text)', 'ASSIGNMENT'),
	make_cast('bpchar', 'varbyte', 'varbyte_of(bpchar)', 'ASSIGNMENT'),
	make_cast('int2', 'varbyte', 'varbyte_of(int2)', 'EXPLICIT'),
	make_cast('int4', 'varbyte', 'varbyte_of(int)', 'EXPLICIT'),
	make_cast('int8', 'varbyte', 'varbyte_of(bigint)', 'EXPLICIT'),
	make_cast('varbyte', 'text', 'varbyte_text(varbyte)', 'ASSIGNMENT'),
	make_cast('varbyte', 'varchar', 'varbyte_text(varbyte)', 'ASSIGNMENT'),
	make_cast('varbyte', 'bpchar', 'varbyte_text(varbyte)', 'ASSIGNMENT'),
	make_cast('varbyte', 'int2', 'varbyte_int2(varbyte)', 'EXPLICIT'),
	make_cast('varbyte', 'int4', 'varbyte_int4(varbyte)', 'EXPLICIT'),
	make_cast('varbyte', 'int8', 'varbyte_int8(varbyte)', 'EXPLICIT');

CREATE OR REPLACE FUNCTION byte_format(format text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	CASE lower(format)
	WHEN 'hex', 'binary', 'base64' THEN RETURN lower(format);
	WHEN 'utf8', 'utf-8', 'utf_8' THEN RETURN 'utf8';
	ELSE RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE =
		format('invalid format %s', quote_literal(format)),
		HINT = 'Formats are hex, binary, utf8 and base64.';
	END CASE;
END $$;
-- Digits of a base, a leading 0 added where half a byte is missing.
CREATE OR REPLACE FUNCTION byte_digits(t text, width int) RETURNS varbyte
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN width = 2 THEN decode(padded, 'hex')
	ELSE coalesce((SELECT string_agg(decode(lpad(to_hex(
		substr(padded, i, 8)::bit(8)::int), 2, '0'), 'hex'), ''
		ORDER BY i) FROM generate_series(1, length(padded), 8) i),
		''::bytea) END::varbyte
	FROM (SELECT lpad(t, ((length(t) + width - 1) / width) * width, '0')
		AS padded) x
$$;
CREATE OR REPLACE FUNCTION to_varbyte(t text, format text) RETURNS varbyte
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
	CASE redshift_sandbox.byte_format(format)
	WHEN 'hex' THEN RETURN redshift_sandbox.byte_digits(t, 2);
	WHEN 'binary' THEN RETURN redshift_sandbox.byte_digits(t, 8);
	WHEN 'base64' THEN RETURN decode(t, 'base64')::varbyte;
	ELSE RETURN redshift_sandbox.varbyte_of(t);
	END CASE;
END $$;
CREATE OR REPLACE FUNCTION from_varbyte(b varbyte, format text) RETURNS varchar
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
	CASE redshift_sandbox.byte_format(format)
	WHEN 'hex' THEN RETURN encode(b::bytea, 'hex');
	WHEN 'binary' THEN RETURN (SELECT coalesce(string_agg(
		get_byte(b::bytea, i)::bit(8)::text, '' ORDER BY i), '')
		FROM generate_series(0, length(b::bytea) - 1) i);
	WHEN 'base64' THEN RETURN replace(encode(b::bytea, 'base64'), E'\n',
		'');
	ELSE RETURN redshift_sandbox.varbyte_text(b);
	END CASE;
END $$;
CREATE OR REPLACE FUNCTION from_hex(t text) RETURNS varbyte
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.byte_digits(t, 2) $$;
CREATE OR REPLACE FUNCTION to_hex(n bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.to_hex(n) $$;
CREATE OR REPLACE FUNCTION to_hex(n int) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.to_hex(n) $$;
CREATE OR REPLACE FUNCTION to_hex(b varbyte) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT encode(b::bytea, 'hex') $$;
-- Bit 0 is the lowest of the last byte.
CREATE OR REPLACE FUNCTION getbit(b varbyte, index int) RETURNS int
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
	IF index < 0 OR index >= length(b::bytea) * 8 THEN
		RAISE EXCEPTION USING ERRCODE = '22003', MESSAGE =
			format('index %s out of valid range, 0..%s', index,
			length(b::bytea) * 8 - 1);
	END IF;
	RETURN (get_byte(b::bytea, length(b::bytea) - 1 - index / 8)
		>> (index % 8)) & 1;
END $$;
CREATE OR REPLACE FUNCTION len(b varbyte) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT length(b::bytea) $$;
CREATE OR REPLACE FUNCTION concat(a varbyte, b varbyte) RETURNS varbyte
LANGUAGE sql IMMUTABLE AS $$ SELECT (a::bytea || b::bytea)::varbyte $$;
CREATE OR REPLACE FUNCTION set_bit(b bytea, index int, value int)
RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.set_bit(b, index::bigint, value) $$;

RESET search_path;
RESET check_function_bodies;
