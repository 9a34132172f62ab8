-- SUPER: values, operators, casts, navigation. The value of a SUPER is its JSON
-- text without blanks, in the order in which it was written. What a step of a
-- path or a cast cannot find is NULL, as in Redshift's lax mode. The functions
-- of arrays and objects are in functions_super_array.sql. Repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

-- ---- what sends text and values to JSON and back

CREATE OR REPLACE FUNCTION super_text(s super) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT s::json::text $$;
CREATE OR REPLACE FUNCTION super_raw(t text) RETURNS super
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT t::json::super $$;
CREATE OR REPLACE FUNCTION super_jsonb(s super) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT s::json::text::jsonb $$;
CREATE OR REPLACE FUNCTION super_kind(s super) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT json_typeof(s::json) $$;

-- Without blanks between tokens. Escapes that JSON does not need are read.
CREATE OR REPLACE FUNCTION json_compact(j json) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE
	WHEN j IS NULL THEN NULL
	WHEN strpos(j::text, '\') = 0 THEN regexp_replace(j::text,
		'("[^"]*")|[ \t\n\r]+', '\1', 'g')
	WHEN json_typeof(j) = 'object' THEN (
		SELECT '{' || coalesce(string_agg(to_json(key)::text || ':'
		|| redshift_sandbox.json_compact(value), ',' ORDER BY n), '')
		|| '}' FROM json_each(j) WITH ORDINALITY e(key, value, n))
	WHEN json_typeof(j) = 'array' THEN (
		SELECT '[' || coalesce(string_agg(
		redshift_sandbox.json_compact(value), ',' ORDER BY n), '')
		|| ']' FROM json_array_elements(j) WITH ORDINALITY e(value, n))
	ELSE to_json(j #>> '{}')::text END
$$;

CREATE OR REPLACE FUNCTION super_of(s super) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT s $$;
CREATE OR REPLACE FUNCTION super_of(t text) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT to_json(t)::super $$;
CREATE OR REPLACE FUNCTION super_of(t bpchar) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT to_json(t::text)::super $$;
CREATE OR REPLACE FUNCTION super_of(b bool) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT to_json(b)::super $$;
CREATE OR REPLACE FUNCTION super_of(n int2) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT to_json(n)::super $$;
CREATE OR REPLACE FUNCTION super_of(n int) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT to_json(n)::super $$;
CREATE OR REPLACE FUNCTION super_of(n bigint) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT to_json(n)::super $$;
CREATE OR REPLACE FUNCTION super_of(n numeric) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT to_json(n)::super $$;
CREATE OR REPLACE FUNCTION super_of(n real) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT to_json(n)::super $$;
CREATE OR REPLACE FUNCTION super_of(n float8) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT to_json(n)::super $$;
CREATE OR REPLACE FUNCTION super_of(d date) RETURNS super
LANGUAGE sql STABLE AS $$ SELECT to_json(d::text)::super $$;
CREATE OR REPLACE FUNCTION super_of(t time) RETURNS super
LANGUAGE sql STABLE AS $$ SELECT to_json(t::text)::super $$;
CREATE OR REPLACE FUNCTION super_of(t timestamp) RETURNS super
LANGUAGE sql STABLE AS $$ SELECT to_json(t::text)::super $$;
CREATE OR REPLACE FUNCTION super_of(t timestamptz) RETURNS super
LANGUAGE sql STABLE AS $$ SELECT to_json(t::text)::super $$;

-- What a cast or a step cannot find: NULL in lax mode, else an error.
CREATE OR REPLACE FUNCTION super_is_lax(setting text, initial bool)
RETURNS bool LANGUAGE sql STABLE AS $$ SELECT coalesce(nullif(lower(
	current_setting('redsh.' || setting, true)), '')
	IN ('on', 'true', 't', 'yes', '1'), initial) $$;
CREATE OR REPLACE FUNCTION super_failed(s super, target text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF s IS NOT NULL AND json_typeof(s::json) <> 'null' AND NOT
		redshift_sandbox.super_is_lax('cast_super_null_on_error', true)
	THEN
		RAISE EXCEPTION USING ERRCODE = '22018', MESSAGE =
			format('cannot cast SUPER %s to %s',
			left(s::json::text, 100), target);
	END IF;
	RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION super_missed(s super, step text) RETURNS super
LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF s IS NOT NULL AND NOT redshift_sandbox.super_is_lax(
		'navigate_super_null_on_error', true) THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE =
			format('SUPER %s has no %s', left(s::json::text, 100),
			step);
	END IF;
	RETURN NULL;
END $$;

-- The text of a scalar; NULL: null, an array or an object.
CREATE OR REPLACE FUNCTION super_scalar(s super) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN json_typeof(s::json) NOT IN ('array', 'object')
		THEN s::json #>> '{}'
		ELSE redshift_sandbox.super_failed(s, 'varchar') END
$$;
CREATE OR REPLACE FUNCTION super_number(s super) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE json_typeof(s::json) WHEN 'number'
		THEN (s::json #>> '{}')::numeric END
$$;
-- Of a string too: what a cast reads.
CREATE OR REPLACE FUNCTION super_to_numeric(s super) RETURNS numeric
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN t ~ '^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$'
		THEN t::numeric
		WHEN json_typeof(s::json) = 'boolean' THEN (t::bool)::int
		ELSE redshift_sandbox.super_failed(s, 'numeric')::numeric END
	FROM (SELECT lower(redshift_sandbox.super_scalar(s)) AS t) x
$$;
CREATE OR REPLACE FUNCTION super_fit(n numeric, most numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN round(n) BETWEEN -most - 1 AND most THEN round(n) END $$;
CREATE OR REPLACE FUNCTION super_to_int(s super, most numeric) RETURNS numeric
LANGUAGE sql STABLE AS $$ SELECT CASE
	WHEN round(n) NOT BETWEEN -most - 1 AND most
	THEN redshift_sandbox.super_failed(s, 'integer')::numeric
	ELSE round(n) END FROM redshift_sandbox.super_to_numeric(s) n $$;
CREATE OR REPLACE FUNCTION super_to_int8(s super) RETURNS bigint
LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.super_to_int(s, 9223372036854775807)::bigint $$;
CREATE OR REPLACE FUNCTION super_to_int4(s super) RETURNS int
LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.super_to_int(s, 2147483647)::int $$;
CREATE OR REPLACE FUNCTION super_to_int2(s super) RETURNS int2
LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.super_to_int(s, 32767)::int2 $$;
CREATE OR REPLACE FUNCTION super_to_float8(s super) RETURNS float8
LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.super_to_numeric(s)::float8 $$;
CREATE OR REPLACE FUNCTION super_to_float4(s super) RETURNS real
LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.super_to_numeric(s)::real $$;
CREATE OR REPLACE FUNCTION super_to_bool(s super) RETURNS bool
LANGUAGE sql STABLE AS $$
	SELECT CASE
	WHEN json_typeof(s::json) = 'number' THEN t::numeric <> 0
	WHEN lower(t) IN ('t', 'true', 'y', 'yes', '1') THEN true
	WHEN lower(t) IN ('f', 'false', 'n', 'no', '0') THEN false
	ELSE redshift_sandbox.super_failed(s, 'boolean')::bool END
	FROM (SELECT redshift_sandbox.super_scalar(s) AS t) x
$$;
CREATE OR REPLACE FUNCTION super_to_timestamp(s super) RETURNS timestamp
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN CASE json_typeof(s::json) WHEN 'string'
		THEN (s::json #>> '{}')::timestamp
		ELSE redshift_sandbox.super_failed(s, 'timestamp')::timestamp END;
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
	RETURN redshift_sandbox.super_failed(s, 'timestamp')::timestamp;
END $$;
CREATE OR REPLACE FUNCTION super_to_timestamptz(s super) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN CASE json_typeof(s::json) WHEN 'string'
		THEN (s::json #>> '{}')::timestamptz
		ELSE redshift_sandbox.super_failed(s, 'timestamptz')::timestamptz END;
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
	RETURN redshift_sandbox.super_failed(s, 'timestamptz')::timestamptz;
END $$;
CREATE OR REPLACE FUNCTION super_to_date(s super) RETURNS date
LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.super_to_timestamp(s)::date $$;
CREATE OR REPLACE FUNCTION super_to_time(s super) RETURNS time
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN CASE json_typeof(s::json) WHEN 'string'
		THEN (s::json #>> '{}')::time
		ELSE redshift_sandbox.super_failed(s, 'time')::time END;
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
	RETURN redshift_sandbox.super_failed(s, 'time')::time;
END $$;
CREATE OR REPLACE FUNCTION super_to_bpchar(s super) RETURNS bpchar
LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.super_scalar(s)::bpchar $$;
CREATE OR REPLACE FUNCTION super_to_varchar(s super) RETURNS varchar
LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.super_scalar(s)::varchar $$;

-- ---- casts, once

DO $$
DECLARE
	t text;
BEGIN
	FOREACH t IN ARRAY ARRAY['text', 'bool', 'int2', 'int4',
		'int8', 'numeric', 'float4', 'float8', 'date', 'time',
		'timestamp', 'timestamptz', 'bpchar'] LOOP
		PERFORM make_cast(t::regtype, 'super',
			format('super_of(%s)', t)::regprocedure, 'ASSIGNMENT');
	END LOOP;
	FOREACH t IN ARRAY ARRAY['bool', 'int2', 'int4', 'int8', 'numeric',
		'float4', 'float8', 'date', 'time', 'timestamp', 'timestamptz',
		'bpchar', 'varchar'] LOOP
		PERFORM make_cast('super', t::regtype,
			format('super_to_%s(super)', t)::regprocedure,
			'ASSIGNMENT');
	END LOOP;
	PERFORM make_cast('varchar', 'super', 'super_of(text)', 'ASSIGNMENT');
	PERFORM make_cast('super', 'text', 'super_scalar(super)',
		'ASSIGNMENT');
	PERFORM make_cast('super', 'jsonb', 'super_jsonb(super)', 'IMPLICIT');
END $$;

-- ---- comparison and arithmetic

-- One with a scalar of SQL; kinds that do not fit are unequal, not an error.
CREATE OR REPLACE FUNCTION super_compare(a super, b jsonb) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN jsonb_typeof(a::jsonb) = 'null' THEN NULL
	WHEN jsonb_typeof(a::jsonb) <> jsonb_typeof(b) THEN NULL
	ELSE jsonb_cmp(a::jsonb, b) END
$$;

DO $$
DECLARE
	sign text;
	other text;
	value text;
	word text;
	signs text[] := '{=,<>,<,>,<=,>=}';
	words text[] := '{eq,ne,lt,gt,le,ge}';
	turned text[] := '{=,<>,>,<,>=,<=}';
BEGIN
	FOREACH other IN ARRAY ARRAY['text', 'numeric', 'bool', 'float8'] LOOP
		FOR i IN 1 .. 6 LOOP
			sign := signs[i];
			word := 'super_' || words[i];
			EXECUTE format('CREATE OR REPLACE FUNCTION %I(a super, '
				'b %s) RETURNS bool LANGUAGE sql IMMUTABLE '
				'PARALLEL SAFE AS ''SELECT CASE WHEN b IS NOT '
				'NULL THEN coalesce('
				'redshift_sandbox.super_compare(a, to_jsonb(b))'
				' %s 0, CASE WHEN a IS NOT NULL THEN false END)'
				' END''', word, other, sign);
			EXECUTE format('CREATE OR REPLACE FUNCTION %I(a %s, '
				'b super) RETURNS bool LANGUAGE sql IMMUTABLE '
				'PARALLEL SAFE AS ''SELECT '
				'redshift_sandbox.%I(b, a)''', word, other,
				'super_' || words[array_position(signs,
				turned[i])]);
			IF to_regoperator(format('pg_catalog.%s(super,%s)',
				sign, other)) IS NULL THEN
				EXECUTE format('CREATE OPERATOR pg_catalog.%s '
				'(LEFTARG = super, RIGHTARG = %s, '
				'FUNCTION = redshift_sandbox.%I)', sign, other,
				word);
				EXECUTE format('CREATE OPERATOR pg_catalog.%s '
				'(LEFTARG = %s, RIGHTARG = super, '
				'FUNCTION = redshift_sandbox.%I)', sign, other,
				word);
			END IF;
		END LOOP;
	END LOOP;
	words := '{add,sub,mul,div,mod}';
	signs := '{+,-,*,/,%}';
	FOREACH other IN ARRAY ARRAY['numeric', 'super'] LOOP
		value := CASE other WHEN 'super'
			THEN 'redshift_sandbox.super_number(%s)' ELSE '%s' END;
		FOR i IN 1 .. 5 LOOP
			word := 'super_' || words[i];
			EXECUTE format('CREATE OR REPLACE FUNCTION %I(a super, '
				'b %s) RETURNS super LANGUAGE sql IMMUTABLE '
				'PARALLEL SAFE AS ''SELECT to_json('
				'redshift_sandbox.super_number(a) %s ' ||
				replace(value, '%s', 'b') || ')::super''',
				word, other, signs[i]);
			EXECUTE format('CREATE OR REPLACE FUNCTION %I(a %s, '
				'b super) RETURNS super LANGUAGE sql IMMUTABLE '
				'PARALLEL SAFE AS ''SELECT to_json(' ||
				replace(value, '%s', 'a') || ' %s '
				'redshift_sandbox.super_number(b))::super''',
				word, other, signs[i]);
			CONTINUE WHEN to_regoperator(format(
				'pg_catalog.%s(super,%s)', signs[i], other))
				IS NOT NULL;
			EXECUTE format('CREATE OPERATOR pg_catalog.%s (LEFTARG '
				'= super, RIGHTARG = %s, FUNCTION = '
				'redshift_sandbox.%I)', signs[i], other, word);
			CONTINUE WHEN other = 'super';
			EXECUTE format('CREATE OPERATOR pg_catalog.%s (LEFTARG '
				'= %s, RIGHTARG = super, FUNCTION = '
				'redshift_sandbox.%I)', signs[i], other, word);
		END LOOP;
	END LOOP;
END $$;

-- For GROUP BY, ORDER BY and DISTINCT; = between two SUPER is jsonb's.
CREATE OR REPLACE FUNCTION super_rank(s super) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE json_typeof(s::json)
	WHEN 'boolean' THEN 1 WHEN 'number' THEN 2 WHEN 'string' THEN 3
	WHEN 'array' THEN 4 WHEN 'object' THEN 5 ELSE 6 END $$;
CREATE OR REPLACE FUNCTION super_cmp(a super, b super) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN x < y THEN -1 WHEN x > y THEN 1
		ELSE jsonb_cmp(a::jsonb, b::jsonb) END
	FROM (SELECT redshift_sandbox.super_rank(a),
		redshift_sandbox.super_rank(b)) r(x, y) $$;
DO $$
DECLARE
	signs text[] := '{<,<=,=,>=,>}';
	words text[] := '{lt,le,eq,ge,gt}';
BEGIN
	IF EXISTS (SELECT FROM pg_catalog.pg_opclass
		WHERE opcname = 'super_ops') THEN
		RETURN;
	END IF;
	FOR i IN 1 .. 5 LOOP
		EXECUTE format('CREATE FUNCTION super_sort_%s(a super, '
			'b super) RETURNS bool LANGUAGE sql IMMUTABLE AS '
			'''SELECT redshift_sandbox.super_cmp(a, b) %s 0''',
			words[i], signs[i]);
		EXECUTE format('CREATE OPERATOR redshift_sandbox.#%s# (LEFTARG '
			'= super, RIGHTARG = super, FUNCTION = '
			'redshift_sandbox.super_sort_%s)', signs[i], words[i]);
	END LOOP;
	CREATE OPERATOR CLASS redshift_sandbox.super_ops DEFAULT FOR TYPE super
		USING btree AS OPERATOR 1 #<#, OPERATOR 2 #<=#, OPERATOR 3 #=#,
		OPERATOR 4 #>=#, OPERATOR 5 #>#, FUNCTION 1 super_cmp(super,
		super);
END $$;

-- ---- navigation, written by sandbox/rewrite_super

-- A JSON null that a path ends at is NULL.
CREATE OR REPLACE FUNCTION super_found(j json) RETURNS super
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN json_typeof(j) <> 'null' THEN j::super END $$;
CREATE OR REPLACE FUNCTION super_at(s super, attribute text) RETURNS super
LANGUAGE sql STABLE AS $$ SELECT CASE WHEN s::json -> attribute IS NULL
	THEN redshift_sandbox.super_missed(s, attribute)
	ELSE redshift_sandbox.super_found(s::json -> attribute) END $$;
CREATE OR REPLACE FUNCTION super_at(s super, index int) RETURNS super
LANGUAGE sql STABLE AS $$ SELECT CASE
	WHEN index < 0 OR s::json -> index IS NULL
	THEN redshift_sandbox.super_missed(s, 'element ' || index)
	ELSE redshift_sandbox.super_found(s::json -> index) END $$;
CREATE OR REPLACE FUNCTION super_at(s super, index bigint) RETURNS super
LANGUAGE sql STABLE AS $$ SELECT
	redshift_sandbox.super_at(s, redshift_sandbox.super_fit(index,
	2147483647)::int) $$;
CREATE OR REPLACE FUNCTION super_at(s super, step super) RETURNS super
LANGUAGE sql STABLE AS $$ SELECT CASE json_typeof(step::json)
	WHEN 'string' THEN redshift_sandbox.super_at(s, step::text)
	WHEN 'number' THEN redshift_sandbox.super_at(s, step::int) END $$;

-- FROM t, t.list AS x AT i: a scalar is a list of itself, null is none.
CREATE OR REPLACE FUNCTION super_each(s super) RETURNS SETOF super
LANGUAGE sql IMMUTABLE AS $$
	SELECT e.value::super FROM json_array_elements(
		CASE json_typeof(s::json) WHEN 'array' THEN s::json
		WHEN 'null' THEN '[]'::json
		ELSE json_build_array(s::json) END) e
	WHERE s IS NOT NULL
$$;
CREATE OR REPLACE FUNCTION super_each_at(s super)
RETURNS TABLE (value super, at bigint) LANGUAGE sql IMMUTABLE AS $$
	SELECT e.value::super, e.n - 1
	FROM json_array_elements(CASE json_typeof(s::json)
		WHEN 'array' THEN s::json WHEN 'null' THEN '[]'::json
		ELSE json_build_array(s::json) END)
		WITH ORDINALITY e(value, n)
	WHERE s IS NOT NULL
$$;
-- UNPIVOT t.object AS value AT attribute
CREATE OR REPLACE FUNCTION super_unpivot(s super)
RETURNS TABLE (value super, at varchar) LANGUAGE sql IMMUTABLE AS $$
	SELECT e.value::super, e.key::varchar
	FROM json_each(CASE json_typeof(s::json) WHEN 'object' THEN s::json
		ELSE '{}'::json END) WITH ORDINALITY e(key, value, n)
	WHERE s IS NOT NULL ORDER BY e.n
$$;

RESET search_path;
RESET check_function_bodies;
