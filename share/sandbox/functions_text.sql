-- Text. See functions.sql; repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

-- Trailing blanks of CHAR do not count, those of VARCHAR do.
CREATE OR REPLACE FUNCTION len(t text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT length(t) $$;
CREATE OR REPLACE FUNCTION len(t bpchar) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT length(t) $$;
CREATE OR REPLACE FUNCTION textlen(t text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT length(t) $$;
CREATE OR REPLACE FUNCTION charindex(part text, t text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT strpos(t, part) $$;
CREATE OR REPLACE FUNCTION octetindex(part text, t text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT position(convert_to(part, 'UTF8')
	IN convert_to(t, 'UTF8')) $$;
CREATE OR REPLACE FUNCTION replicate(t text, n int) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT repeat(t, n) $$;
CREATE OR REPLACE FUNCTION translate(t text, a text, b text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.translate(t, a, b) $$;
-- NULL with anything is NULL here, unlike PostgreSQL's concat.
CREATE OR REPLACE FUNCTION concat(a text, b text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT a || b $$;
-- Numbers and the like become text, as in ||.
CREATE OR REPLACE FUNCTION concat(a text, b anynonarray) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT a || b::text $$;
CREATE OR REPLACE FUNCTION concat(a anynonarray, b text) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT a::text || b $$;
-- The parts are numbered from 1; PostgreSQL counts negative ones from the end.
CREATE OR REPLACE FUNCTION split_part(t text, delimiter text, part int)
RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF part <= 0 THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE =
			'field position must be greater than zero';
	END IF;
	RETURN pg_catalog.split_part(t, delimiter, part);
END $$;
CREATE OR REPLACE FUNCTION bpcharcmp(a text, b text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN rtrim(a) < rtrim(b) THEN -1
	WHEN rtrim(a) > rtrim(b) THEN 1 WHEN a IS NULL OR b IS NULL THEN NULL
	ELSE 0 END $$;
CREATE OR REPLACE FUNCTION bttext_pattern_cmp(a text, b text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.bpcharcmp(a, b) $$;

CREATE OR REPLACE FUNCTION reverse(t text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.reverse(t) $$;
CREATE OR REPLACE FUNCTION reverse(n int) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.reverse(n::text) $$;
CREATE OR REPLACE FUNCTION reverse(n bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.reverse(n::text) $$;
CREATE OR REPLACE FUNCTION reverse(n numeric) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.reverse(n::text) $$;

-- COLLATE('a', 'case_insensitive')
CREATE COLLATION IF NOT EXISTS case_insensitive (PROVIDER = icu,
	LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
CREATE COLLATION IF NOT EXISTS case_sensitive FROM pg_catalog."C";

-- 'p': Perl's forms, 'i': without case, 'e': the group, 'c': with case.
CREATE OR REPLACE FUNCTION regexp_flags(parameters text) RETURNS text
LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN strpos(parameters, 'i') > 0 THEN 'i' ELSE '' END $$;
CREATE OR REPLACE FUNCTION regexp_substr(t text, pattern text,
	start int DEFAULT 1, occurrence int DEFAULT 1,
	parameters text DEFAULT '') RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(pg_catalog.regexp_substr(t, pattern, start, occurrence,
		redshift_sandbox.regexp_flags(parameters),
		CASE WHEN strpos(parameters, 'e') > 0 THEN 1 ELSE 0 END),
		CASE WHEN t IS NOT NULL AND pattern IS NOT NULL THEN '' END) $$;
CREATE OR REPLACE FUNCTION regexp_count(t text, pattern text,
	start int DEFAULT 1, parameters text DEFAULT '') RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.regexp_count(t, pattern, start,
	redshift_sandbox.regexp_flags(parameters)) $$;
CREATE OR REPLACE FUNCTION regexp_instr(t text, pattern text,
	start int DEFAULT 1, occurrence int DEFAULT 1, opt int DEFAULT 0,
	parameters text DEFAULT '') RETURNS int LANGUAGE sql IMMUTABLE AS $$
	SELECT pg_catalog.regexp_instr(t, pattern, start, occurrence, opt,
		redshift_sandbox.regexp_flags(parameters)) $$;
-- All occurrences, not only the first.
CREATE OR REPLACE FUNCTION regexp_replace(t text, pattern text,
	replacement text DEFAULT '', start int DEFAULT 1,
	parameters text DEFAULT '') RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT left(t, start - 1) || pg_catalog.regexp_replace(
		substr(t, start), pattern,
		pg_catalog.regexp_replace(replacement, '\$([0-9])', '\\\1', 'g'),
		'g' || redshift_sandbox.regexp_flags(parameters)) $$;

RESET search_path;
RESET check_function_bodies;
