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

-- The text of a view with Redshift's forms in place of what the rewriter made
-- of them: steps into SUPER, WITHIN GROUP, functions without our schema.
CREATE OR REPLACE FUNCTION shown_sql(t text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	ours text := 'redshift_sandbox\.';
	path text := '((?:[\w$]+|"[^"]+")(?:\.(?:[\w$]+|"[^"]+")|\[\d+\])*)';
	over text := '( OVER \([^()]*\))?';
	before text;
	alias text;
BEGIN
	LOOP
		before := t;
		t := regexp_replace(t, ours || 'super_at\(' || path
			|| ', ''([a-z_][a-z0-9_$]*)''::text\)', '\1.\2', 'g');
		t := regexp_replace(t, ours || 'super_at\(' || path
			|| ', ''([^'']*[^a-z0-9_$''][^'']*|[0-9$][^'']*)'''
			'::text\)', '\1."\2"', 'g');
		t := regexp_replace(t, ours || 'super_at\(' || path
			|| ', \(?(\d+)\)?\)', '\1[\2]', 'g');
		EXIT WHEN t = before;
	END LOOP;
	FOR alias IN SELECT m[1] FROM regexp_matches(t, ours
		|| 'super_(?:each|each_at|unpivot)\([^()]*\) ([\w$]+)\(',
		'g') m LOOP
		t := regexp_replace(t, '\m' || alias || '\.' || alias || '\M',
			alias, 'g');
	END LOOP;
	t := regexp_replace(t, ours || 'median\(array_agg\(([^()]*)\)' || over
		|| '\)', 'median(\1)\2', 'g');
	t := regexp_replace(t, ours || '(percentile_cont|percentile_disc)\('
		'array_agg\(([^()]*)\)' || over || ', ([0-9.]+), false\)',
		'\1(\4) WITHIN GROUP (ORDER BY \2)\3', 'g');
	t := regexp_replace(t, ours || '(percentile_cont|percentile_disc)\('
		'array_agg\(([^()]*)\)' || over || ', ([0-9.]+), true\)',
		'\1(\4) WITHIN GROUP (ORDER BY \2 DESC)\3', 'g');
	t := regexp_replace(t, ours || 'listagg\(string_agg\(\(?([^()]*?)\)?'
		'(?:::text)?, (''[^'']*'')::text ORDER BY ([^()]*)\)\)',
		'listagg(\1, \2) WITHIN GROUP (ORDER BY \3)', 'g');
	t := regexp_replace(t, 'LATERAL ' || ours || 'super_each(?:_at)?\('
		|| path || '\) ([\w$]+|"[^"]+")\([^()]*\)', '\1 \2', 'g');
	t := regexp_replace(t, ', NULL::(?:integer|bigint)\)', ')', 'g');
	RETURN regexp_replace(t, ours, '', 'g');
END $$;

RESET search_path;
RESET check_function_bodies;
