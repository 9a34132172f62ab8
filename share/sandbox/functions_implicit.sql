-- Numbers, dates and times where text is wanted: Redshift converts them by
-- itself (type compatibility and conversion), PostgreSQL stopped with 8.3.
-- Casts that are implicit everywhere would make || and comparisons ambiguous,
-- so the functions of text take the other types. Repeatable.

DO $$
DECLARE
	-- name, what follows the value, how it is passed on
	forms text[][] := ARRAY[
		['btrim', '', ''], ['btrim', ', text', ', $2'],
		['ltrim', '', ''], ['ltrim', ', text', ', $2'],
		['rtrim', '', ''], ['rtrim', ', text', ', $2'],
		['lpad', ', int', ', $2'], ['lpad', ', int, text', ', $2, $3'],
		['rpad', ', int', ', $2'], ['rpad', ', int, text', ', $2, $3'],
		['left', ', int', ', $2'], ['right', ', int', ', $2'],
		['substring', ', int', ', $2'],
		['substring', ', int, int', ', $2, $3'],
		['substr', ', int', ', $2'],
		['substr', ', int, int', ', $2, $3'],
		['replace', ', text, text', ', $2, $3'],
		['strpos', ', text', ', $2'],
		['split_part', ', text, int', ', $2, $3'],
		['upper', '', ''], ['lower', '', ''],
		['length', '', ''], ['char_length', '', ''],
		['character_length', '', ''], ['octet_length', '', ''],
		['md5', '', '']];
	form text[];
	value text;
	result text;
BEGIN
	FOREACH form SLICE 1 IN ARRAY forms LOOP
		result := CASE WHEN form[1] LIKE '%length' OR
			form[1] = 'strpos' THEN 'int' ELSE 'text' END;
		FOREACH value IN ARRAY ARRAY['smallint', 'int', 'bigint', 'oid',
			'numeric', 'real', 'float8', 'date', 'timestamp',
			'timestamptz', 'time'] LOOP
			EXECUTE format('CREATE OR REPLACE FUNCTION '
				'pg_catalog.%I(%s%s) RETURNS %s LANGUAGE sql '
				'STABLE STRICT PARALLEL SAFE AS '
				'%L', form[1], value, form[2], result,
				format('SELECT pg_catalog.%I($1::text%s)',
					form[1], form[3]));
		END LOOP;
	END LOOP;
END $$;

-- 'a' + name: as ||; a parameter of no type of its own is taken as text.
DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_catalog.pg_operator WHERE oprname = '+'
		AND oprleft = 'text'::regtype AND oprright = 'text'::regtype)
	THEN
		CREATE OPERATOR pg_catalog.+ (LEFTARG = text, RIGHTARG = text,
			FUNCTION = pg_catalog.textcat);
	END IF;
END $$;
