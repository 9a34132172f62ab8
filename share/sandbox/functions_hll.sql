-- HyperLogLog: 2^15 registers; few values are kept exactly, by 26 bits of
-- their hash (sparse), many in the registers (dense). The hash is the
-- sandbox's own: sketches of a cluster and of the sandbox do not mix. The
-- rewriter sends the hashes of an aggregate as one array. Repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

CREATE OR REPLACE FUNCTION hll_empty() RETURNS hllsketch
LANGUAGE sql IMMUTABLE AS $$ SELECT
'{"version":1,"logm":15,"sparse":{"indices":[],"values":[]}}'::hllsketch $$;
-- 1 + the zeros before the first bit that is set in the low bits of n
CREATE OR REPLACE FUNCTION hll_rank(n bigint, bits int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN n = 0
	THEN bits + 1 ELSE bits - floor(pg_catalog.log(2, n::numeric)
		+ 0.0000000000001)::int END $$;
CREATE OR REPLACE FUNCTION hll_letters() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT
'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'::text $$;
CREATE OR REPLACE FUNCTION hll_is_dense(s hllsketch) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$ SELECT left(s::text, 1) = '"' $$;

-- One register a row: of 26 bits when sparse, of 15 when dense.
CREATE OR REPLACE FUNCTION hll_entries(s hllsketch)
RETURNS TABLE (index int, value int) LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF redshift_sandbox.hll_is_dense(s) THEN
		RETURN QUERY SELECT n::int - 1, strpos(
			redshift_sandbox.hll_letters(), c) - 1
			FROM unnest(string_to_array(trim('"' FROM s::text),
			NULL)) WITH ORDINALITY u(c, n) WHERE c <> 'A';
	ELSE
		RETURN QUERY SELECT i::text::int, v::text::int FROM ROWS FROM (
			json_array_elements(s::text::json
				-> 'sparse' -> 'indices'),
			json_array_elements(s::text::json
				-> 'sparse' -> 'values')) u(i, v);
	END IF;
END $$;
-- A register of 26 bits as one of 15.
CREATE OR REPLACE FUNCTION hll_narrow(index int, value int,
	OUT narrow_index int, OUT narrow_value int)
LANGUAGE sql IMMUTABLE AS $$ SELECT index >> 11, CASE WHEN index & 2047 = 0
	THEN 11 + value ELSE redshift_sandbox.hll_rank(index & 2047, 11) END $$;
CREATE OR REPLACE FUNCTION hll_make(indices int[], values_ int[], dense bool)
RETURNS hllsketch LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	made text;
BEGIN
	IF NOT dense AND coalesce(cardinality(indices), 0) <= 6144 THEN
		RETURN format('{"version":1,"logm":15,"sparse":{"indices":[%s]'
			',"values":[%s]}}', array_to_string(indices, ','),
			array_to_string(values_, ','))::hllsketch;
	END IF;
	SELECT string_agg(substr(redshift_sandbox.hll_letters(),
		coalesce(r.value, 0) + 1, 1), '' ORDER BY i) INTO made
	FROM generate_series(0, 32767) i LEFT JOIN (
		SELECT narrow.index, least(max(narrow.value), 63) AS value FROM
		unnest(indices, values_) u(index, value), LATERAL (
		SELECT u.index, u.value WHERE dense
		UNION ALL SELECT n.* FROM redshift_sandbox.hll_narrow(u.index,
			u.value) n WHERE NOT dense) narrow(index, value)
		GROUP BY narrow.index) r ON r.index = i;
	RETURN ('"' || made || '"')::hllsketch;
END $$;

CREATE OR REPLACE FUNCTION hll_create_sketch(hashes bigint[])
RETURNS hllsketch LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(redshift_sandbox.hll_make(array_agg(index ORDER BY index),
		array_agg(value ORDER BY index), false),
		redshift_sandbox.hll_empty())
	FROM (SELECT index, max(value) AS value FROM (
		SELECT ((h >> 38) & 67108863)::int AS index,
			redshift_sandbox.hll_rank(h & 274877906943, 38) AS value
		FROM (SELECT DISTINCT h FROM unnest(hashes) h
			WHERE h IS NOT NULL) d) x GROUP BY index) y
$$;
CREATE OR REPLACE FUNCTION hll_combine(list hllsketch[]) RETURNS hllsketch
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	dense bool := (SELECT bool_or(redshift_sandbox.hll_is_dense(s))
		FROM unnest(list) s);
	made hllsketch;
BEGIN
	SELECT redshift_sandbox.hll_make(array_agg(index ORDER BY index),
		array_agg(value ORDER BY index), coalesce(dense, false))
	INTO made FROM (
		SELECT e.index, max(e.value) AS value
		FROM unnest(list) s, LATERAL (
			SELECT n.narrow_index, n.narrow_value
			FROM redshift_sandbox.hll_entries(s) x,
			redshift_sandbox.hll_narrow(x.index, x.value) n
			WHERE dense AND NOT redshift_sandbox.hll_is_dense(s)
			UNION ALL
			SELECT x.index, x.value
			FROM redshift_sandbox.hll_entries(s) x
			WHERE NOT dense OR redshift_sandbox.hll_is_dense(s)
		) e(index, value)
		WHERE s IS NOT NULL GROUP BY e.index) y;
	RETURN coalesce(made, redshift_sandbox.hll_empty());
END $$;
CREATE OR REPLACE FUNCTION hll_combine_sketches(a hllsketch, b hllsketch)
RETURNS hllsketch LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.hll_combine(ARRAY[a, b]) $$;

-- Linear counting while registers are empty enough, else the harmonic mean.
CREATE OR REPLACE FUNCTION hll_cardinality(s hllsketch) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN s IS NULL THEN NULL
	WHEN NOT redshift_sandbox.hll_is_dense(s)
		THEN round(67108864 * pg_catalog.ln(67108864.0
			/ (67108864 - count(*))))
	WHEN raw <= 81920 AND count(*) < 32768
		THEN round(32768 * pg_catalog.ln(32768.0 / (32768 - count(*))))
	ELSE round(raw) END::bigint
	FROM (SELECT value, 0.7213 / (1 + 1.079 / 32768) * 32768.0 ^ 2
		/ (sum(power(2, -value)) OVER () + 32768 - count(*) OVER ())
		AS raw FROM redshift_sandbox.hll_entries(s)) x
	GROUP BY raw
	UNION ALL
	SELECT 0 WHERE s IS NOT NULL AND NOT EXISTS (SELECT FROM
		redshift_sandbox.hll_entries(s))
	LIMIT 1
$$;
CREATE OR REPLACE FUNCTION hll(hashes bigint[]) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.hll_cardinality(
	redshift_sandbox.hll_create_sketch(hashes)) $$;

RESET search_path;
RESET check_function_bodies;
