-- GEOMETRY: its forms (EWKB, WKT, GeoJSON) and what reads or builds it without
-- computing shapes. A value is EWKB in hexadecimal digits; inside it is a
-- node: {"t": "POLYGON", "z": false, "m": false, "c": coordinates}, of a
-- collection "g": nodes. functions_geometry_parts.sql has the rest. Repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

-- STABLE: PostgreSQL would call it while it plans.
CREATE OR REPLACE FUNCTION geo_refuse(message text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = message;
END $$;
CREATE OR REPLACE FUNCTION geo_types() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ARRAY['POINT', 'LINESTRING',
	'POLYGON', 'MULTIPOINT', 'MULTILINESTRING', 'MULTIPOLYGON',
	'GEOMETRYCOLLECTION'] $$;
CREATE OR REPLACE FUNCTION geo_dims(node jsonb) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 2
	+ (node ->> 'z')::bool::int + (node ->> 'm')::bool::int $$;
CREATE OR REPLACE FUNCTION geo_node(kind text, z bool, m bool, c jsonb)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT jsonb_build_object('t', kind, 'z', z, 'm', m, 'c', c) $$;

-- ---- EWKB

CREATE OR REPLACE FUNCTION geo_int_hex(n bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT encode(
	redshift_sandbox.little_endian(n, 4), 'hex') $$;
CREATE OR REPLACE FUNCTION geo_float_hex(n float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT string_agg(substr(encode(float8send(n), 'hex'), 17 - 2 * i, 2),
		'' ORDER BY i) FROM generate_series(1, 8) i $$;
CREATE OR REPLACE FUNCTION geo_tuple_hex(tuple jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT string_agg(redshift_sandbox.geo_float_hex(x::float8), ''
		ORDER BY n) FROM jsonb_array_elements_text(tuple)
		WITH ORDINALITY u(x, n) $$;
CREATE OR REPLACE FUNCTION geo_list_hex(list jsonb) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT redshift_sandbox.geo_int_hex(count(*)) || coalesce(string_agg(
		redshift_sandbox.geo_tuple_hex(x), '' ORDER BY n), '')
	FROM jsonb_array_elements(list) WITH ORDINALITY u(x, n) $$;
-- The nodes that a MULTI or a collection is made of.
CREATE OR REPLACE FUNCTION geo_children(node jsonb) RETURNS SETOF jsonb
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN node ? 'g' THEN x ELSE redshift_sandbox.geo_node(
		substr(node ->> 't', 6), (node ->> 'z')::bool,
		(node ->> 'm')::bool, x) END
	FROM jsonb_array_elements(coalesce(node -> 'g', node -> 'c'))
		WITH ORDINALITY u(x, n)
	WHERE node ->> 't' LIKE 'MULTI%' OR node ? 'g' ORDER BY n $$;
CREATE OR REPLACE FUNCTION geo_hex(node jsonb, srid int) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	kind text := node ->> 't';
	code bigint := array_position(redshift_sandbox.geo_types(), kind)
		+ CASE WHEN (node ->> 'z')::bool THEN 2147483648 ELSE 0 END
		+ CASE WHEN (node ->> 'm')::bool THEN 1073741824 ELSE 0 END
		+ CASE WHEN srid <> 0 THEN 536870912 ELSE 0 END;
	head text := '01' || redshift_sandbox.geo_int_hex(code)
		|| CASE WHEN srid <> 0 THEN redshift_sandbox.geo_int_hex(srid)
		ELSE '' END;
BEGIN
	RETURN upper(head || CASE
	WHEN kind = 'POINT' AND node -> 'c' = '[]' THEN repeat(
		'000000000000F87F', redshift_sandbox.geo_dims(node))
	WHEN kind = 'POINT' THEN redshift_sandbox.geo_tuple_hex(node -> 'c')
	WHEN kind = 'LINESTRING' THEN redshift_sandbox.geo_list_hex(
		node -> 'c')
	WHEN kind = 'POLYGON' THEN (SELECT redshift_sandbox.geo_int_hex(
		count(*)) || coalesce(string_agg(redshift_sandbox.geo_list_hex(
		x), '' ORDER BY n), '') FROM jsonb_array_elements(node -> 'c')
		WITH ORDINALITY u(x, n))
	ELSE (SELECT redshift_sandbox.geo_int_hex(count(*)) || coalesce(
		string_agg(redshift_sandbox.geo_hex(x, 0), '' ORDER BY n), '')
		FROM redshift_sandbox.geo_children(node)
		WITH ORDINALITY u(x, n)) END);
END $$;
CREATE OR REPLACE FUNCTION geo_make(node jsonb, srid int) RETURNS geometry
LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.geo_hex(node, srid)::geometry $$;

CREATE OR REPLACE FUNCTION geo_int(b bytea, at int, big bool) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT sum(get_byte(b, at + i)::bigint << (8 * CASE WHEN big THEN 3 - i
		ELSE i END))::bigint FROM generate_series(0, 3) i $$;
-- A double of 8 bytes: mantissa times a power of two is exact.
CREATE OR REPLACE FUNCTION geo_float(b bytea, at int, big bool) RETURNS float8
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	bits bigint := 0;
	power int;
	mantissa bigint;
BEGIN
	FOR i IN 0 .. 7 LOOP
		bits := (bits << 8) | get_byte(b, at + CASE WHEN big THEN i
			ELSE 7 - i END);
	END LOOP;
	power := (bits >> 52) & 2047;
	mantissa := bits & 4503599627370495;
	IF power = 2047 THEN
		RETURN CASE WHEN mantissa <> 0 THEN 'NaN' WHEN bits < 0
			THEN '-Infinity' ELSE 'Infinity' END::float8;
	ELSIF power > 0 THEN
		mantissa := mantissa | 4503599627370496;
	ELSE
		power := 1;
	END IF;
	IF mantissa = 0 THEN
		RETURN 0;
	END IF;
	RETURN CASE WHEN bits < 0 THEN -1 ELSE 1 END * mantissa::float8
		* power(2::float8, power - 1075);
END $$;
CREATE OR REPLACE FUNCTION geo_tuples(b bytea, INOUT at int, n bigint,
	dims int, big bool, OUT list jsonb) LANGUAGE plpgsql IMMUTABLE
SET extra_float_digits = 1 AS $$
DECLARE
	x float8;
	tuple jsonb;
BEGIN
	list := '[]';
	IF n * dims * 8 > length(b) - at THEN
		PERFORM redshift_sandbox.geo_refuse('EWKB ends too early');
	END IF;
	FOR i IN 1 .. n LOOP
		tuple := '[]';
		FOR d IN 1 .. dims LOOP
			x := redshift_sandbox.geo_float(b, at, big);
			at := at + 8;
			IF x <> 'NaN' THEN
				tuple := tuple || to_jsonb(x);
			END IF;
		END LOOP;
		list := list || jsonb_build_array(tuple);
	END LOOP;
END $$;
CREATE OR REPLACE FUNCTION geo_parse(b bytea, INOUT at int, OUT node jsonb,
	OUT srid int) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	big bool := get_byte(b, at) = 0;
	code bigint := redshift_sandbox.geo_int(b, at + 1, big);
	kind text := (redshift_sandbox.geo_types())[(code & 255)::int];
	z bool := code & 2147483648 <> 0;
	m bool := code & 1073741824 <> 0;
	n bigint;
	part record;
	parts jsonb := '[]';
BEGIN
	srid := 0;
	at := at + 5;
	IF kind IS NULL THEN
		PERFORM redshift_sandbox.geo_refuse('unknown type in EWKB');
	END IF;
	IF code & 536870912 <> 0 THEN
		srid := redshift_sandbox.geo_int(b, at, big);
		at := at + 4;
	END IF;
	n := CASE WHEN kind = 'POINT' THEN 1
		ELSE redshift_sandbox.geo_int(b, at, big) END;
	at := CASE WHEN kind = 'POINT' THEN at ELSE at + 4 END;
	IF kind IN ('POINT', 'LINESTRING') THEN
		SELECT * INTO part FROM redshift_sandbox.geo_tuples(b, at, n,
			2 + z::int + m::int, big);
		at := part.at;
		node := redshift_sandbox.geo_node(kind, z, m, CASE kind
			WHEN 'POINT' THEN part.list -> 0 ELSE part.list END);
		RETURN;
	END IF;
	FOR i IN 1 .. n LOOP
		IF kind = 'POLYGON' THEN
			SELECT * INTO part FROM redshift_sandbox.geo_tuples(b,
				at + 4, redshift_sandbox.geo_int(b, at, big),
				2 + z::int + m::int, big);
			parts := parts || jsonb_build_array(part.list);
		ELSE
			SELECT * INTO part FROM redshift_sandbox.geo_parse(b,
				at);
			parts := parts || CASE kind
				WHEN 'GEOMETRYCOLLECTION'
				THEN jsonb_build_array(part.node)
				ELSE jsonb_build_array(part.node -> 'c') END;
		END IF;
		at := part.at;
	END LOOP;
	node := redshift_sandbox.geo_node(kind, z, m, parts);
	IF kind = 'GEOMETRYCOLLECTION' THEN
		node := node - 'c' || jsonb_build_object('g', parts);
	END IF;
END $$;
CREATE OR REPLACE FUNCTION geo_bytes(g geometry) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
	RETURN decode(g::text, 'hex');
EXCEPTION WHEN data_exception THEN
	PERFORM redshift_sandbox.geo_refuse('a geometry is EWKB in hexadecimal '
		'digits');
END $$;
CREATE OR REPLACE FUNCTION geo_read(g geometry) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
	RETURN (SELECT node FROM redshift_sandbox.geo_parse(
		redshift_sandbox.geo_bytes(g), 0));
EXCEPTION WHEN array_subscript_error THEN
	PERFORM redshift_sandbox.geo_refuse('EWKB ends too early');
END $$;
CREATE OR REPLACE FUNCTION st_srid(g geometry) RETURNS int
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT srid FROM
	redshift_sandbox.geo_parse(redshift_sandbox.geo_bytes(g), 0) $$;

-- ---- WKT

-- Digits that count; %s keeps 15 of them.
CREATE OR REPLACE FUNCTION geo_number(x float8, digits int) RETURNS text
LANGUAGE sql IMMUTABLE SET extra_float_digits = 0 AS $$
	SELECT CASE WHEN x = 0 THEN '0' WHEN digits = 15 THEN x::text
	ELSE trim_scale(round(x::text::numeric, digits - 1 - floor(
		pg_catalog.log(abs(x)::numeric))::int))::text END $$;
CREATE OR REPLACE FUNCTION geo_tuple_text(tuple jsonb, digits int)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT string_agg(redshift_sandbox.geo_number(x::float8, digits), ' '
		ORDER BY n) FROM jsonb_array_elements_text(tuple)
		WITH ORDINALITY u(x, n) $$;
-- depth 0: a tuple, 1: a list of them in brackets ...
CREATE OR REPLACE FUNCTION geo_list_text(list jsonb, depth int, digits int)
RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF depth = 0 THEN
		RETURN redshift_sandbox.geo_tuple_text(list, digits);
	END IF;
	RETURN '(' || (SELECT string_agg(redshift_sandbox.geo_list_text(x,
		depth - 1, digits), ',' ORDER BY n)
		FROM jsonb_array_elements(list) WITH ORDINALITY u(x, n)) || ')';
END $$;
CREATE OR REPLACE FUNCTION geo_depth(kind text) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE kind WHEN 'POINT' THEN 0
	WHEN 'LINESTRING' THEN 1 WHEN 'MULTIPOINT' THEN 1
	WHEN 'POLYGON' THEN 2 WHEN 'MULTILINESTRING' THEN 2
	WHEN 'MULTIPOLYGON' THEN 3 END $$;
CREATE OR REPLACE FUNCTION geo_wkt(node jsonb, digits int) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	kind text := node ->> 't';
	marks text := CASE WHEN (node ->> 'z')::bool THEN 'Z' ELSE '' END
		|| CASE WHEN (node ->> 'm')::bool THEN 'M' ELSE '' END;
	head text := kind || CASE WHEN marks <> '' THEN ' ' || marks || ' '
		ELSE '' END;
BEGIN
	IF coalesce(node -> 'g', node -> 'c') = '[]' THEN
		RETURN rtrim(head) || ' EMPTY';
	ELSIF node ? 'g' THEN
		RETURN head || '(' || (SELECT string_agg(
			redshift_sandbox.geo_wkt(x, digits), ',')
			FROM redshift_sandbox.geo_children(node) x) || ')';
	ELSIF kind = 'POINT' THEN
		RETURN head || '(' || redshift_sandbox.geo_tuple_text(
			node -> 'c', digits) || ')';
	END IF;
	RETURN head || redshift_sandbox.geo_list_text(node -> 'c',
		redshift_sandbox.geo_depth(kind), digits);
END $$;

-- The members of GEOMETRYCOLLECTION(...), cut at commas outside of brackets.
CREATE OR REPLACE FUNCTION geo_members(body text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	depth int := 0;
	begun int := 1;
	made text[] := '{}';
BEGIN
	FOR i IN 1 .. length(body) LOOP
		depth := depth + CASE substr(body, i, 1) WHEN '(' THEN 1
			WHEN ')' THEN -1 ELSE 0 END;
		IF depth = 0 AND substr(body, i, 1) = ',' THEN
			made := made || substr(body, begun, i - begun);
			begun := i + 1;
		END IF;
	END LOOP;
	RETURN made || substr(body, begun);
END $$;
CREATE OR REPLACE FUNCTION geo_from_wkt(t text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	w text[] := regexp_match(upper(trim(t)),
		'^([A-Z]+)\s*(ZM|Z|M)?\s*(EMPTY|\(.*\))$');
	kind text := w[1];
	number text := '[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:E[-+]?[0-9]+)?';
	c jsonb;
	z bool;
	m bool;
	dims int;
BEGIN
	IF w IS NULL OR kind <> ALL (redshift_sandbox.geo_types()) THEN
		PERFORM redshift_sandbox.geo_refuse('invalid WKT: '
			|| left(t, 100));
	END IF;
	z := coalesce(w[2] LIKE 'Z%', false);
	m := coalesce(w[2] LIKE '%M', false);
	IF w[3] = 'EMPTY' THEN
		RETURN CASE kind WHEN 'GEOMETRYCOLLECTION'
			THEN jsonb_build_object('t', kind, 'z', z, 'm', m,
				'g', '[]'::jsonb)
			ELSE redshift_sandbox.geo_node(kind, z, m, '[]') END;
	ELSIF kind = 'GEOMETRYCOLLECTION' THEN
		RETURN (SELECT jsonb_build_object('t', kind, 'z',
			bool_or((x ->> 'z')::bool), 'm',
			bool_or((x ->> 'm')::bool), 'g', jsonb_agg(x))
			FROM (SELECT redshift_sandbox.geo_from_wkt(p) AS x
			FROM unnest(redshift_sandbox.geo_members(
				substr(w[3], 2, length(w[3]) - 2))) p) y);
	END IF;
	c := regexp_replace(translate(regexp_replace(regexp_replace(w[3],
		'\s+', ' ', 'g'), number || '(?: ' || number || ')+',
		'<\&>', 'g'), '()<>', '[][]'), '([0-9.]) (?=[-+.0-9])',
		'\1,', 'g')::jsonb;
	IF kind = 'POINT' THEN
		c := c -> 0;
	ELSIF kind = 'MULTIPOINT' AND jsonb_typeof(c #> '{0,0}') = 'array' THEN
		c := (SELECT jsonb_agg(x -> 0) FROM jsonb_array_elements(c) x);
	END IF;
	dims := jsonb_array_length(c #> array_fill('0'::text,
		ARRAY[redshift_sandbox.geo_depth(kind)]));
	IF dims NOT BETWEEN 2 AND 4 OR (w[2] IS NOT NULL
		AND dims <> 2 + z::int + m::int) THEN
		PERFORM redshift_sandbox.geo_refuse('invalid WKT: '
			|| left(t, 100));
	END IF;
	RETURN redshift_sandbox.geo_node(kind, z OR (w[2] IS NULL AND dims > 2),
		m OR dims = 4, c);
EXCEPTION WHEN invalid_text_representation OR invalid_parameter_value
	OR null_value_not_allowed THEN
	PERFORM redshift_sandbox.geo_refuse('invalid WKT: ' || left(t, 100));
END $$;

CREATE OR REPLACE FUNCTION st_geomfromtext(t text, srid int DEFAULT 0)
RETURNS geometry LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT
	redshift_sandbox.geo_make(redshift_sandbox.geo_from_wkt(t), srid) $$;
CREATE OR REPLACE FUNCTION st_geomfromewkt(t text) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT redshift_sandbox.geo_make(
	redshift_sandbox.geo_from_wkt(regexp_replace(t, '^\s*SRID=\d+;', '',
	'i')), coalesce((regexp_match(t, '^\s*SRID=(\d+);', 'i'))[1]::int,
	0)) $$;
CREATE OR REPLACE FUNCTION st_geogfromtext(t text) RETURNS geography
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT redshift_sandbox.geo_hex(
	redshift_sandbox.geo_from_wkt(regexp_replace(t, '^\s*SRID=\d+;', '',
	'i')), coalesce((regexp_match(t, '^\s*SRID=(\d+);', 'i'))[1]::int,
	4326))::geography $$;
CREATE OR REPLACE FUNCTION st_geomfromewkb(hex text) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT redshift_sandbox.geo_make(node,
	srid) FROM redshift_sandbox.geo_parse(redshift_sandbox.geo_bytes(
	hex::geometry), 0) $$;
CREATE OR REPLACE FUNCTION st_geomfromewkb(b varbyte) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT
	redshift_sandbox.st_geomfromewkb(encode(b::bytea, 'hex')) $$;
CREATE OR REPLACE FUNCTION st_geomfromwkb(hex text, srid int DEFAULT 0)
RETURNS geometry LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT
	redshift_sandbox.geo_make(redshift_sandbox.geo_read(hex::geometry),
	srid) $$;
CREATE OR REPLACE FUNCTION st_geomfromwkb(b varbyte, srid int DEFAULT 0)
RETURNS geometry LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT
	redshift_sandbox.st_geomfromwkb(encode(b::bytea, 'hex'), srid) $$;
CREATE OR REPLACE FUNCTION st_geogfromwkb(hex text) RETURNS geography
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT redshift_sandbox.geo_hex(
	redshift_sandbox.geo_read(hex::geometry), 4326)::geography $$;

-- ---- GeoJSON

CREATE OR REPLACE FUNCTION geo_json_names() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ARRAY['Point', 'LineString',
	'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon',
	'GeometryCollection'] $$;
CREATE OR REPLACE FUNCTION geo_json_list(list jsonb, depth int, digits int)
RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF depth = 0 THEN
		RETURN '[' || coalesce(replace(redshift_sandbox.geo_tuple_text(
			list, digits), ' ', ','), '') || ']';
	END IF;
	RETURN '[' || coalesce((SELECT string_agg(
		redshift_sandbox.geo_json_list(x, depth - 1, digits), ','
		ORDER BY n) FROM jsonb_array_elements(list)
		WITH ORDINALITY u(x, n)), '') || ']';
END $$;
CREATE OR REPLACE FUNCTION geo_json(node jsonb, digits int) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT '{"type":"' || (redshift_sandbox.geo_json_names())[array_position(
		redshift_sandbox.geo_types(), node ->> 't')] || '",' || CASE
	WHEN node ? 'g' THEN '"geometries":[' || coalesce((SELECT string_agg(
		redshift_sandbox.geo_json(x, digits), ',')
		FROM redshift_sandbox.geo_children(node) x), '') || ']'
	ELSE '"coordinates":' || redshift_sandbox.geo_json_list(node -> 'c',
		redshift_sandbox.geo_depth(node ->> 't'), digits) END || '}' $$;
CREATE OR REPLACE FUNCTION geo_from_json(j jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	kind text := (redshift_sandbox.geo_types())[array_position(
		redshift_sandbox.geo_json_names(), j ->> 'type')];
	dims int;
BEGIN
	IF kind = 'GEOMETRYCOLLECTION' THEN
		RETURN (SELECT jsonb_build_object('t', kind, 'z', bool_or(
			(x ->> 'z')::bool), 'm', false, 'g', jsonb_agg(x))
			FROM (SELECT redshift_sandbox.geo_from_json(g) AS x
			FROM jsonb_array_elements(j -> 'geometries') g) y);
	ELSIF kind IS NULL OR jsonb_typeof(j -> 'coordinates')
		IS DISTINCT FROM 'array' THEN
		PERFORM redshift_sandbox.geo_refuse('invalid GeoJSON');
	END IF;
	dims := jsonb_array_length(j -> 'coordinates' #> array_fill('0'::text,
		ARRAY[redshift_sandbox.geo_depth(kind)]));
	RETURN redshift_sandbox.geo_node(kind, coalesce(dims > 2, false),
		false, j -> 'coordinates');
END $$;
CREATE OR REPLACE FUNCTION st_geomfromgeojson(t text) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT redshift_sandbox.geo_make(
	redshift_sandbox.geo_from_json(t::jsonb), 4326) $$;

-- ---- the forms, of GEOMETRY and GEOGRAPHY

DO $$
DECLARE
	kind text;
	form text[];
BEGIN
	FOREACH kind IN ARRAY ARRAY['geometry', 'geography'] LOOP
		FOREACH form SLICE 1 IN ARRAY ARRAY[
			['st_astext', 'redshift_sandbox.geo_wkt(%s, digits)'],
			['st_asewkt', 'CASE WHEN redshift_sandbox.st_srid(%2$s)'
			' <> 0 THEN ''SRID='' || redshift_sandbox.st_srid(%2$s)'
			' || '';'' ELSE '''' END || '
			'redshift_sandbox.geo_wkt(%1$s, digits)'],
			['st_asgeojson', 'redshift_sandbox.geo_json(%s, '
			'digits)']] LOOP
			EXECUTE format('CREATE OR REPLACE FUNCTION %s(g %s, '
				'digits int DEFAULT 15) RETURNS varchar '
				'LANGUAGE sql IMMUTABLE STRICT AS ''SELECT %s''',
				form[1], kind, replace(format(form[2],
				'redshift_sandbox.geo_read(g::text::geometry)',
				'g::text::geometry'), '''', ''''''));
		END LOOP;
		EXECUTE format('CREATE OR REPLACE FUNCTION st_ashexewkb(g %s) '
			'RETURNS varchar LANGUAGE sql IMMUTABLE STRICT AS '
			'''SELECT upper(g::text)''', kind);
		EXECUTE format('CREATE OR REPLACE FUNCTION st_ashexwkb(g %s) '
			'RETURNS varchar LANGUAGE sql IMMUTABLE STRICT AS '
			'''SELECT redshift_sandbox.geo_hex('
			'redshift_sandbox.geo_read(g::text::geometry), 0)''',
			kind);
	END LOOP;
END $$;
CREATE OR REPLACE FUNCTION st_asewkb(g geometry) RETURNS varbyte
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT redshift_sandbox.geo_bytes(g)::varbyte $$;
CREATE OR REPLACE FUNCTION st_asbinary(g geometry) RETURNS varbyte
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT decode(redshift_sandbox.st_ashexwkb(g), 'hex')::varbyte $$;

RESET search_path;
RESET check_function_bodies;
