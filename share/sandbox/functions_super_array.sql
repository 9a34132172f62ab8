-- Functions of SUPER: JSON, arrays, objects, kinds. See functions_super.sql;
-- repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

-- ---- JSON

CREATE OR REPLACE FUNCTION json_parse(t text) RETURNS super
LANGUAGE sql STABLE AS $$ SELECT redshift_sandbox.super_raw(
	redshift_sandbox.json_compact(redshift_sandbox.json_of(t,
	redshift_sandbox.super_is_lax('parse_super_null_on_error', false))))
$$;
CREATE OR REPLACE FUNCTION json_parse(b varbyte) RETURNS super
LANGUAGE sql STABLE AS $$ SELECT redshift_sandbox.json_parse(
	convert_from(b::bytea, 'UTF8')) $$;
CREATE OR REPLACE FUNCTION json_serialize(s super) RETURNS varchar
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.super_text(s)::varchar $$;
CREATE OR REPLACE FUNCTION json_serialize_to_varbyte(s super) RETURNS varbyte
LANGUAGE sql IMMUTABLE AS $$ SELECT convert_to(
	redshift_sandbox.super_text(s), 'UTF8')::varbyte $$;
CREATE OR REPLACE FUNCTION json_size(s super) RETURNS bigint
LANGUAGE sql IMMUTABLE AS
$$ SELECT octet_length(redshift_sandbox.super_text(s))::bigint $$;
CREATE OR REPLACE FUNCTION json_typeof(s super) RETURNS varchar
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.json_typeof(s::json)::varchar $$;

-- ---- kinds

CREATE OR REPLACE FUNCTION is_array(s super) RETURNS bool
LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(redshift_sandbox.super_kind(s) = 'array', false) $$;
CREATE OR REPLACE FUNCTION is_object(s super) RETURNS bool
LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(redshift_sandbox.super_kind(s) = 'object', false) $$;
CREATE OR REPLACE FUNCTION is_boolean(s super) RETURNS bool
LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(redshift_sandbox.super_kind(s) = 'boolean', false) $$;
CREATE OR REPLACE FUNCTION is_varchar(s super) RETURNS bool
LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(redshift_sandbox.super_kind(s) = 'string', false) $$;
-- Characters of one byte only.
CREATE OR REPLACE FUNCTION is_char(s super) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(
	redshift_sandbox.super_kind(s) = 'string'
	AND octet_length(s::text) = length(s::text), false) $$;
CREATE OR REPLACE FUNCTION is_scalar(s super) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(redshift_sandbox.super_kind(s)
	NOT IN ('array', 'object', 'null'), false) $$;
-- Numbers without an exponent, whole ones when most is given.
CREATE OR REPLACE FUNCTION is_exact(s super, most numeric) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(redshift_sandbox.super_kind(s) = 'number'
		AND t !~* 'e' AND (most IS NULL OR (strpos(t, '.') = 0
		AND t::numeric BETWEEN -most - 1 AND most)), false)
	FROM (SELECT redshift_sandbox.super_text(s) AS t) x
$$;
CREATE OR REPLACE FUNCTION is_smallint(s super) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.is_exact(s, 32767) $$;
CREATE OR REPLACE FUNCTION is_integer(s super) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.is_exact(s, 2147483647) $$;
CREATE OR REPLACE FUNCTION is_bigint(s super) RETURNS bool
LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.is_exact(s, 9223372036854775807) $$;
CREATE OR REPLACE FUNCTION is_decimal(s super) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.is_exact(s, NULL) $$;
CREATE OR REPLACE FUNCTION decimal_scale(s super) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN redshift_sandbox.is_decimal(s)
		THEN scale(redshift_sandbox.super_number(s)) END
$$;
CREATE OR REPLACE FUNCTION decimal_precision(s super) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN redshift_sandbox.is_decimal(s) THEN greatest(
		length(ltrim(regexp_replace(redshift_sandbox.super_text(s),
		'[-.]', '', 'g'), '0')), 1) END
$$;

-- ---- arrays

CREATE OR REPLACE FUNCTION super_list(s super)
RETURNS TABLE (value super, n bigint) LANGUAGE sql IMMUTABLE AS $$
	SELECT e.value::super, e.n FROM json_array_elements(
		CASE json_typeof(s::json) WHEN 'array' THEN s::json END)
		WITH ORDINALITY e(value, n)
$$;
CREATE OR REPLACE FUNCTION "array"() RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT '[]'::super $$;
CREATE OR REPLACE FUNCTION "array"(VARIADIC list super[]) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.super_raw('['
	|| string_agg(coalesce(redshift_sandbox.super_text(x), 'null'), ','
		ORDER BY n) || ']') FROM unnest(list) WITH ORDINALITY u(x, n) $$;
CREATE OR REPLACE FUNCTION super_array(list super[]) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN list IS NULL OR list = '{}'
	THEN '[]'::super ELSE redshift_sandbox."array"(VARIADIC list) END $$;
CREATE OR REPLACE FUNCTION get_array_length(s super) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE redshift_sandbox.super_kind(s)
	WHEN 'array' THEN pg_catalog.json_array_length(s::json) END::bigint $$;
CREATE OR REPLACE FUNCTION split_to_array(t text, delimiter text DEFAULT ',')
RETURNS super LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.super_raw(
	redshift_sandbox.json_compact(to_json(string_to_array(t, delimiter))))
$$;
CREATE OR REPLACE FUNCTION array_concat(a super, b super) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN a IS NOT NULL AND b IS NOT NULL
	THEN redshift_sandbox.super_array(array_agg(x ORDER BY p, n)) END
	FROM (SELECT value, n, 1 FROM redshift_sandbox.super_list(a)
	UNION ALL SELECT value, n, 2 FROM redshift_sandbox.super_list(b))
	u(x, n, p) $$;
CREATE OR REPLACE FUNCTION array_flatten(s super) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN redshift_sandbox.is_array(s)
	THEN redshift_sandbox.super_array(array_agg(i.value ORDER BY o.n, i.n))
	END FROM redshift_sandbox.super_list(s) o,
	redshift_sandbox.super_list(CASE WHEN redshift_sandbox.is_array(o.value)
		THEN o.value ELSE redshift_sandbox."array"(o.value) END) i $$;
CREATE OR REPLACE FUNCTION subarray(s super, start int, size int)
RETURNS super LANGUAGE sql IMMUTABLE AS $$ SELECT CASE
	WHEN redshift_sandbox.is_array(s) AND start IS NOT NULL
		AND size IS NOT NULL
	THEN redshift_sandbox.super_array(array_agg(value ORDER BY n)) END
	FROM redshift_sandbox.super_list(s)
	WHERE n > start AND n <= start + size $$;
CREATE OR REPLACE FUNCTION array_distinct(s super) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN redshift_sandbox.is_array(s)
	THEN redshift_sandbox.super_array((SELECT array_agg(value ORDER BY n)
	FROM (SELECT DISTINCT ON (value) value, n
		FROM redshift_sandbox.super_list(s) ORDER BY value, n) d)) END $$;

-- Positions from 0; NULL: undecided by null_match.
CREATE OR REPLACE FUNCTION array_found(s super, wanted super, null_match bool)
RETURNS bigint[] LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE
	WHEN NOT redshift_sandbox.is_array(s) THEN NULL
	WHEN NOT null_match AND redshift_sandbox.super_kind(coalesce(wanted,
		'null')) = 'null' THEN NULL
	WHEN NOT null_match AND hits IS NULL AND nulls THEN NULL
	ELSE coalesce(hits, '{}') END
	FROM (SELECT array_agg(n - 1 ORDER BY n) FILTER (WHERE l.value::jsonb =
			coalesce(wanted, 'null')::jsonb) AS hits,
		coalesce(bool_or(redshift_sandbox.super_kind(l.value)
			= 'null'), false) AS nulls
		FROM redshift_sandbox.super_list(s) l) x
$$;
CREATE OR REPLACE FUNCTION array_null_match() RETURNS bool
LANGUAGE sql STABLE AS $$ SELECT redshift_sandbox.super_is_lax(
	'default_array_search_null_handling', true) $$;
CREATE OR REPLACE FUNCTION array_contains(s super, value super,
	null_match bool DEFAULT redshift_sandbox.array_null_match())
RETURNS bool LANGUAGE sql STABLE AS $$
	SELECT cardinality(redshift_sandbox.array_found(s, value, null_match))
		> 0 $$;
CREATE OR REPLACE FUNCTION array_position(s super, value super,
	null_match bool DEFAULT redshift_sandbox.array_null_match())
RETURNS int LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN f IS NOT NULL THEN coalesce(f[1], -1) END::int
	FROM (SELECT redshift_sandbox.array_found(s, value, null_match)) x(f) $$;
CREATE OR REPLACE FUNCTION array_positions(s super, value super,
	null_match bool DEFAULT redshift_sandbox.array_null_match())
RETURNS super LANGUAGE sql STABLE AS $$
	SELECT to_json(redshift_sandbox.array_found(s, value, null_match))
		::super $$;

-- Booleans, numbers, strings, arrays, objects; null at the end unless asked.
CREATE OR REPLACE FUNCTION array_sort(s super, rising bool DEFAULT true,
	nulls_first bool DEFAULT false) RETURNS super
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN redshift_sandbox.is_array(s) THEN
	redshift_sandbox.super_array((SELECT array_agg(value ORDER BY
		(kind = 'null') <> nulls_first,
		CASE WHEN rising THEN r END, CASE WHEN rising THEN value END,
		CASE WHEN NOT rising THEN r END DESC,
		CASE WHEN NOT rising THEN value END DESC)
	FROM (SELECT value, k AS kind, array_position(ARRAY['boolean',
		'number', 'string', 'array', 'object'], k) AS r
		FROM (SELECT value, redshift_sandbox.super_kind(value) AS k
			FROM redshift_sandbox.super_list(s)) l) x)) END
$$;
-- The elements with their number among equal ones.
CREATE OR REPLACE FUNCTION super_counted(s super)
RETURNS TABLE (value super, n bigint, nth bigint) LANGUAGE sql IMMUTABLE AS $$
	SELECT value, n, row_number() OVER (PARTITION BY value ORDER BY n)
	FROM redshift_sandbox.super_list(s) $$;
CREATE OR REPLACE FUNCTION array_except(a super, b super,
	only_distinct bool DEFAULT false) RETURNS super
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN
	redshift_sandbox.super_array((SELECT array_agg(x.value ORDER BY x.n)
		FROM redshift_sandbox.super_counted(a) x
		WHERE CASE WHEN only_distinct THEN x.nth = 1 AND NOT EXISTS (
			SELECT FROM redshift_sandbox.super_list(b) y
			WHERE y.value = x.value)
		ELSE x.nth > (SELECT count(*)
			FROM redshift_sandbox.super_list(b) y
			WHERE y.value = x.value) END)) END $$;
CREATE OR REPLACE FUNCTION array_intersection(a super, b super,
	only_distinct bool DEFAULT false) RETURNS super
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN
	redshift_sandbox.super_array((SELECT array_agg(x.value ORDER BY x.n)
		FROM redshift_sandbox.super_counted(a) x
		WHERE x.nth <= (SELECT CASE WHEN only_distinct
			THEN least(count(*), 1) ELSE count(*) END
			FROM redshift_sandbox.super_list(b) y
			WHERE y.value = x.value))) END $$;
CREATE OR REPLACE FUNCTION array_union(a super, b super) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.array_distinct(
	redshift_sandbox.array_concat(a, b)) $$;
CREATE OR REPLACE FUNCTION arrays_overlap(a super, b super) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN a IS NOT NULL AND b IS NOT NULL
	THEN EXISTS (SELECT FROM redshift_sandbox.super_list(a) x,
		redshift_sandbox.super_list(b) y WHERE x.value = y.value) END $$;

-- ---- objects

CREATE OR REPLACE FUNCTION object() RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT '{}'::super $$;
CREATE OR REPLACE FUNCTION object(VARIADIC list super[]) RETURNS super
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	made text := '';
BEGIN
	IF array_length(list, 1) % 2 <> 0 THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE =
			'OBJECT takes pairs of key and value';
	END IF;
	FOR i IN 1 .. array_length(list, 1) BY 2 LOOP
		IF redshift_sandbox.super_kind(list[i]) IS DISTINCT FROM
			'string' THEN
			RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE =
				'the key of an object must be a string';
		END IF;
		made := made || CASE WHEN i > 1 THEN ',' ELSE '' END
			|| redshift_sandbox.super_text(list[i]) || ':'
			|| coalesce(redshift_sandbox.super_text(list[i + 1]),
			'null');
	END LOOP;
	RETURN redshift_sandbox.super_raw('{' || made || '}');
END $$;
CREATE OR REPLACE FUNCTION get_number_attributes(s super) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE redshift_sandbox.super_kind(s)
	WHEN 'object' THEN (SELECT count(*)
		FROM json_object_keys(s::json))::int END $$;
CREATE OR REPLACE FUNCTION super_rename(s super, upward bool) RETURNS super
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE redshift_sandbox.super_kind(s)
	WHEN 'object' THEN (SELECT redshift_sandbox.super_raw('{' || coalesce(
		string_agg(to_json(CASE WHEN upward THEN pg_catalog.upper(key)
			ELSE pg_catalog.lower(key) END)::text || ':'
		|| redshift_sandbox.super_text(redshift_sandbox.super_rename(
			value::super, upward)), ',' ORDER BY n), '') || '}')
		FROM json_each(s::json) WITH ORDINALITY e(key, value, n))
	WHEN 'array' THEN redshift_sandbox.super_array((SELECT array_agg(
		redshift_sandbox.super_rename(value, upward) ORDER BY n)
		FROM redshift_sandbox.super_list(s)))
	ELSE s END $$;
CREATE OR REPLACE FUNCTION lower_attribute_names(s super) RETURNS super
LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.super_rename(s, false) $$;
CREATE OR REPLACE FUNCTION upper_attribute_names(s super) RETURNS super
LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.super_rename(s, true) $$;

-- The path "a"."b" as steps.
CREATE OR REPLACE FUNCTION super_path(path text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF path !~ '^"([^"]|"")+"(\."([^"]|"")+")*$' THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE =
			format('invalid path %s: steps are double-quoted and '
			'joined by periods', quote_literal(path));
	END IF;
	RETURN ARRAY(SELECT replace(m[1], '""', '"') FROM regexp_matches(path,
		'"((?:[^"]|"")+)"', 'g') m);
END $$;
-- The object with the value at a path, other attributes where they were.
CREATE OR REPLACE FUNCTION super_set(s super, path text[], value super)
RETURNS super LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	old super := redshift_sandbox.super_at(s, path[1]);
	new super := CASE WHEN array_length(path, 1) = 1 THEN value
		ELSE redshift_sandbox.super_set(CASE WHEN
		redshift_sandbox.is_object(old) THEN old ELSE '{}'::super END,
		path[2:], value) END;
BEGIN
	RETURN redshift_sandbox.super_raw('{' || coalesce((SELECT string_agg(
		to_json(key)::text || ':' || CASE WHEN key = path[1]
		THEN coalesce(redshift_sandbox.super_text(new), 'null')
		ELSE e.value::text END, ',' ORDER BY n)
		FROM json_each(CASE WHEN old IS NULL THEN
			redshift_sandbox.super_grow(s, path[1]) ELSE s END
			::json) WITH ORDINALITY e(key, value, n)), '') || '}');
END $$;
CREATE OR REPLACE FUNCTION super_grow(s super, key text) RETURNS super
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.super_raw(
	regexp_replace(redshift_sandbox.super_text(s), '}$', '')
	|| CASE WHEN redshift_sandbox.super_text(s) = '{}' THEN '' ELSE ',' END
	|| to_json(key)::text || ':null}') $$;
CREATE OR REPLACE FUNCTION object_transform(s super, keep text[],
	paths text[], given super[]) RETURNS super
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	made super := CASE WHEN keep IS NULL THEN s ELSE '{}'::super END;
	steps text[];
	step text;
	found super;
BEGIN
	IF NOT redshift_sandbox.is_object(s) THEN
		RETURN s;
	END IF;
	FOR i IN 1 .. coalesce(array_length(keep, 1), 0) LOOP
		steps := redshift_sandbox.super_path(keep[i]);
		found := s;
		FOREACH step IN ARRAY steps LOOP
			found := redshift_sandbox.super_at(found, step);
		END LOOP;
		IF found IS NOT NULL THEN
			made := redshift_sandbox.super_set(made, steps, found);
		END IF;
	END LOOP;
	FOR i IN 1 .. coalesce(array_length(paths, 1), 0) LOOP
		made := redshift_sandbox.super_set(made,
			redshift_sandbox.super_path(paths[i]), given[i]);
	END LOOP;
	RETURN made;
END $$;

RESET search_path;
RESET check_function_bodies;
