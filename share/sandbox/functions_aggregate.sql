-- Aggregates and what windows use of them. See functions.sql; repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

-- AVG of integers is an integer, SUM of integers a bigint.
CREATE OR REPLACE FUNCTION avg_final(state numeric[]) RETURNS bigint
LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.trunc(state[1] / nullif(state[2], 0))::bigint $$;
CREATE OR REPLACE FUNCTION avg_step(state numeric[], n bigint)
RETURNS numeric[] LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN n IS NULL
	THEN state ELSE ARRAY[state[1] + n, state[2] + 1] END $$;
CREATE OR REPLACE AGGREGATE avg(bigint) (SFUNC = avg_step, STYPE = numeric[],
	FINALFUNC = avg_final, INITCOND = '{0,0}');
-- PostgreSQL's own state for these: count and sum.
CREATE OR REPLACE FUNCTION avg_int_final(state bigint[]) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT state[2] / nullif(state[1], 0) $$;
CREATE OR REPLACE AGGREGATE avg(int) (SFUNC = int4_avg_accum,
	STYPE = bigint[], FINALFUNC = avg_int_final, INITCOND = '{0,0}');
CREATE OR REPLACE AGGREGATE avg(int2) (SFUNC = int2_avg_accum,
	STYPE = bigint[], FINALFUNC = avg_int_final, INITCOND = '{0,0}');
CREATE OR REPLACE AGGREGATE avg(real) (SFUNC = float4_accum,
	STYPE = float8[], FINALFUNC = float8_avg, INITCOND = '{0,0,0}');
CREATE OR REPLACE AGGREGATE avg(numeric) (SFUNC = numeric_avg_accum,
	STYPE = internal, FINALFUNC = numeric_avg);
CREATE OR REPLACE AGGREGATE avg(float8) (SFUNC = float8_accum,
	STYPE = float8[], FINALFUNC = float8_avg, INITCOND = '{0,0,0}');
CREATE OR REPLACE AGGREGATE avg(interval) (SFUNC = interval_accum,
	STYPE = interval[], FINALFUNC = interval_avg,
	INITCOND = '{00:00:00,00:00:00}');

CREATE OR REPLACE AGGREGATE sum(bigint) (SFUNC = int8pl, STYPE = bigint);
CREATE OR REPLACE AGGREGATE sum(int) (SFUNC = int4_sum, STYPE = bigint);
CREATE OR REPLACE AGGREGATE sum(int2) (SFUNC = int2_sum, STYPE = bigint);
CREATE OR REPLACE AGGREGATE sum(real) (SFUNC = float4pl, STYPE = real);
CREATE OR REPLACE AGGREGATE sum(numeric) (SFUNC = numeric_avg_accum,
	STYPE = internal, FINALFUNC = numeric_sum);
CREATE OR REPLACE AGGREGATE sum(float8) (SFUNC = float8pl, STYPE = float8);
CREATE OR REPLACE AGGREGATE sum(interval) (SFUNC = interval_pl,
	STYPE = interval);

-- Of SUPER: numbers count, the rest is left out; MIN and MAX are of all.
CREATE OR REPLACE FUNCTION super_sum_step(state numeric[], x super)
RETURNS numeric[] LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN redshift_sandbox.super_number(x) IS NULL THEN state
		ELSE ARRAY[state[1] + redshift_sandbox.super_number(x),
			state[2] + 1] END $$;
CREATE OR REPLACE FUNCTION super_sum_final(state numeric[]) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN state[2] > 0
	THEN to_json(state[1])::super END $$;
CREATE OR REPLACE FUNCTION super_avg_final(state numeric[]) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN state[2] > 0
	THEN to_json(trim_scale(state[1] / state[2]))::super END $$;
CREATE OR REPLACE AGGREGATE sum(super) (SFUNC = super_sum_step,
	STYPE = numeric[], FINALFUNC = super_sum_final, INITCOND = '{0,0}');
CREATE OR REPLACE AGGREGATE avg(super) (SFUNC = super_sum_step,
	STYPE = numeric[], FINALFUNC = super_avg_final, INITCOND = '{0,0}');
CREATE OR REPLACE FUNCTION super_smaller(a super, b super) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE
	WHEN a IS NULL OR redshift_sandbox.super_cmp(b, a) < 0 THEN b
	ELSE a END $$;
CREATE OR REPLACE FUNCTION super_larger(a super, b super) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE
	WHEN a IS NULL OR redshift_sandbox.super_cmp(b, a) > 0 THEN b
	ELSE a END $$;
CREATE OR REPLACE AGGREGATE pg_catalog.min(super) (SFUNC = super_smaller,
	STYPE = super);
CREATE OR REPLACE AGGREGATE pg_catalog.max(super) (SFUNC = super_larger,
	STYPE = super);

-- LISTAGG of anything; NULLs are left out.
CREATE OR REPLACE FUNCTION listagg_step(state text, x anyelement,
	delimiter text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN x IS NULL THEN state WHEN state IS NULL THEN x::text
		ELSE state || coalesce(delimiter, '') || x::text END $$;
CREATE OR REPLACE FUNCTION listagg_step(state text, x anyelement)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN x IS NULL THEN state
		ELSE coalesce(state, '') || x::text END $$;
CREATE OR REPLACE FUNCTION listagg(list text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF octet_length(list) > 65535 THEN
		RAISE EXCEPTION USING ERRCODE = '54000', MESSAGE =
			'Result size exceeds LISTAGG limit',
			DETAIL = 'LISTAGG limit: 65535';
	END IF;
	RETURN list;
END $$;
CREATE OR REPLACE AGGREGATE listagg_of(anyelement, text)
	(SFUNC = listagg_step, STYPE = text);
CREATE OR REPLACE AGGREGATE listagg_of(anyelement)
	(SFUNC = listagg_step, STYPE = text);

-- STDDEV and VARIANCE are DOUBLE PRECISION whatever they are of.
CREATE OR REPLACE AGGREGATE stddev(float8) (SFUNC = float8_accum,
	STYPE = float8[], FINALFUNC = float8_stddev_samp, INITCOND = '{0,0,0}');
CREATE OR REPLACE AGGREGATE stddev_samp(float8) (SFUNC = float8_accum,
	STYPE = float8[], FINALFUNC = float8_stddev_samp, INITCOND = '{0,0,0}');
CREATE OR REPLACE AGGREGATE stddev_pop(float8) (SFUNC = float8_accum,
	STYPE = float8[], FINALFUNC = float8_stddev_pop, INITCOND = '{0,0,0}');
CREATE OR REPLACE AGGREGATE variance(float8) (SFUNC = float8_accum,
	STYPE = float8[], FINALFUNC = float8_var_samp, INITCOND = '{0,0,0}');
CREATE OR REPLACE AGGREGATE var_samp(float8) (SFUNC = float8_accum,
	STYPE = float8[], FINALFUNC = float8_var_samp, INITCOND = '{0,0,0}');
CREATE OR REPLACE AGGREGATE var_pop(float8) (SFUNC = float8_accum,
	STYPE = float8[], FINALFUNC = float8_var_pop, INITCOND = '{0,0,0}');

-- ---- over collected values; sandbox/rewrite_call_window writes these calls

-- Row number p * (n - 1) + 1, with a fraction between two values.
CREATE OR REPLACE FUNCTION percentile_numeric(list numeric[], p numeric,
	falling bool) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	x numeric[] := ARRAY(SELECT u FROM unnest(list) u WHERE u IS NOT NULL
		ORDER BY u);
	n int := cardinality(x);
	share numeric := CASE WHEN falling THEN 1 - p ELSE p END;
	at numeric := share * (n - 1);
	low int := floor(at);
BEGIN
	IF p < 0 OR p > 1 THEN
		RAISE EXCEPTION USING ERRCODE = '22003', MESSAGE =
			'percentile value ' || p || ' is not between 0 and 1';
	END IF;
	IF n = 0 OR p IS NULL THEN
		RETURN NULL;
	END IF;
	IF low >= n - 1 THEN
		RETURN round(x[n], scale(x[n]) + scale(p));
	END IF;
	RETURN round(x[low + 1] + (at - low) * (x[low + 2] - x[low + 1]),
		greatest(scale(x[low + 1]), scale(x[low + 2])) + scale(p));
END $$;
CREATE OR REPLACE FUNCTION percentile_cont(list numeric[], p numeric,
	falling bool) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.percentile_numeric(list, p, falling) $$;
CREATE OR REPLACE FUNCTION percentile_cont(list int[], p numeric, falling bool)
RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT
	redshift_sandbox.percentile_numeric(list::numeric[], p, falling) $$;
CREATE OR REPLACE FUNCTION percentile_cont(list int2[], p numeric, falling bool)
RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT
	redshift_sandbox.percentile_numeric(list::numeric[], p, falling) $$;
CREATE OR REPLACE FUNCTION percentile_cont(list bigint[], p numeric,
	falling bool) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT
	redshift_sandbox.percentile_numeric(list::numeric[], p, falling) $$;
CREATE OR REPLACE FUNCTION percentile_cont(list float8[], p numeric,
	falling bool) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
	SELECT pg_catalog.percentile_cont((CASE WHEN falling THEN 1 - p
		ELSE p END)::float8) WITHIN GROUP (ORDER BY x)
	FROM unnest(list) x $$;
CREATE OR REPLACE FUNCTION percentile_cont(list real[], p numeric, falling bool)
RETURNS float8 LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.percentile_cont(list::float8[], p, falling) $$;
CREATE OR REPLACE FUNCTION percentile_cont(list timestamp[], p numeric,
	falling bool) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
	SELECT timestamp 'epoch' + pg_catalog.percentile_cont((CASE WHEN falling
		THEN 1 - p ELSE p END)::float8)
		WITHIN GROUP (ORDER BY x - timestamp 'epoch')
	FROM unnest(list) x $$;
CREATE OR REPLACE FUNCTION percentile_cont(list timestamptz[], p numeric,
	falling bool) RETURNS timestamptz LANGUAGE sql STABLE AS $$
	SELECT timestamptz 'epoch' + pg_catalog.percentile_cont((CASE WHEN
		falling THEN 1 - p ELSE p END)::float8)
		WITHIN GROUP (ORDER BY x - timestamptz 'epoch')
	FROM unnest(list) x $$;
CREATE OR REPLACE FUNCTION percentile_cont(list date[], p numeric, falling bool)
RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT
	redshift_sandbox.percentile_cont(list::timestamp[], p, falling)::date $$;
-- The first value whose share of the rows is at least p.
CREATE OR REPLACE FUNCTION percentile_disc(list anyarray, p numeric,
	falling bool) RETURNS anyelement LANGUAGE sql IMMUTABLE AS $$
	SELECT x[CASE WHEN falling THEN n + 1 - row ELSE row END]
	FROM (SELECT array_agg(u ORDER BY u) AS x, count(*)::int AS n,
		greatest(ceil(p * count(*))::int, 1) AS row
		FROM unnest(list) u WHERE u IS NOT NULL) y $$;
-- Calls that collect have the name of the function, so columns get it too.
DO $$
DECLARE
	kind text[];
	name text;
BEGIN
	FOREACH kind SLICE 1 IN ARRAY ARRAY[['numeric', 'numeric'],
		['int', 'numeric'], ['int2', 'numeric'], ['bigint', 'numeric'],
		['float8', 'float8'], ['real', 'float8'],
		['timestamp', 'timestamp'], ['timestamptz', 'timestamptz'],
		['date', 'date']] LOOP
		EXECUTE format('CREATE OR REPLACE FUNCTION median(list %s[]) '
			'RETURNS %s LANGUAGE sql STABLE AS ''SELECT '
			'redshift_sandbox.percentile_cont(list, 0.5, false)''',
			kind[1], kind[2]);
	END LOOP;
	FOREACH name IN ARRAY ARRAY['lead', 'first_value', 'nth_value'] LOOP
		EXECUTE format('CREATE OR REPLACE FUNCTION %s(list anyarray, '
			'n bigint) RETURNS anyelement LANGUAGE sql IMMUTABLE '
			'AS ''SELECT list[n]''', name);
	END LOOP;
	FOREACH name IN ARRAY ARRAY['lag', 'last_value'] LOOP
		EXECUTE format('CREATE OR REPLACE FUNCTION %s(list anyarray, '
			'n bigint) RETURNS anyelement LANGUAGE sql IMMUTABLE '
			'AS ''SELECT list[cardinality(list) + 1 - n]''', name);
	END LOOP;
END $$;
CREATE OR REPLACE FUNCTION listagg(list anyarray, delimiter text,
	falling bool) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT redshift_sandbox.listagg(CASE WHEN falling
		THEN string_agg(x::text, delimiter ORDER BY x DESC)
		ELSE string_agg(x::text, delimiter ORDER BY x) END)
	FROM (SELECT DISTINCT u AS x FROM unnest(list) u
		WHERE u IS NOT NULL) y $$;

CREATE OR REPLACE FUNCTION any_value_step(state anyelement, x anyelement)
RETURNS anyelement LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(state, x) $$;
CREATE OR REPLACE AGGREGATE any_value(anyelement)
	(SFUNC = any_value_step, STYPE = anyelement);

RESET search_path;
RESET check_function_bodies;
