-- GEOMETRY: parts, counts, bounds, lengths. What would have to compare or cut
-- shapes is not here. See functions_geometry.sql; repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

-- ---- what it is

CREATE OR REPLACE FUNCTION geo_kind(g geometry) RETURNS text
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT redshift_sandbox.geo_read(g) ->> 't' $$;
CREATE OR REPLACE FUNCTION geometrytype(g geometry) RETURNS varchar
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT (node ->> 't') || CASE
	WHEN (node ->> 'z')::bool AND (node ->> 'm')::bool THEN 'ZM'
	WHEN (node ->> 'z')::bool THEN 'Z' WHEN (node ->> 'm')::bool THEN 'M'
	ELSE '' END FROM redshift_sandbox.geo_read(g) node $$;
CREATE OR REPLACE FUNCTION st_geometrytype(g geometry) RETURNS varchar
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT 'ST_'
	|| (redshift_sandbox.geo_json_names())[array_position(
	redshift_sandbox.geo_types(), redshift_sandbox.geo_kind(g))] $$;
CREATE OR REPLACE FUNCTION geo_dimension(node jsonb) RETURNS int
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT CASE WHEN node ? 'g' THEN coalesce(
	(SELECT max(redshift_sandbox.geo_dimension(x))
		FROM redshift_sandbox.geo_children(node) x), 0)
	WHEN node ->> 't' LIKE '%POINT' THEN 0
	WHEN node ->> 't' LIKE '%STRING' THEN 1 ELSE 2 END $$;
CREATE OR REPLACE FUNCTION st_dimension(g geometry) RETURNS int
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT redshift_sandbox.geo_dimension(redshift_sandbox.geo_read(g)) $$;
CREATE OR REPLACE FUNCTION st_ndims(g geometry) RETURNS int
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT redshift_sandbox.geo_dims(redshift_sandbox.geo_read(g)) $$;
CREATE OR REPLACE FUNCTION st_iscollection(g geometry) RETURNS bool
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT redshift_sandbox.geo_kind(g)
	~ '^(MULTI|GEOMETRYCOLLECTION)' $$;
CREATE OR REPLACE FUNCTION st_setsrid(g geometry, srid int) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT redshift_sandbox.geo_make(
	redshift_sandbox.geo_read(g), srid) $$;

-- ---- all its points

CREATE OR REPLACE FUNCTION geo_points(node jsonb)
RETURNS TABLE (tuple jsonb, n bigint) LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF node ? 'g' THEN
		RETURN QUERY SELECT p.tuple, row_number() OVER () FROM
			redshift_sandbox.geo_children(node) x,
			redshift_sandbox.geo_points(x) p;
	ELSIF node -> 'c' <> '[]' THEN
		RETURN QUERY SELECT q, row_number() OVER () FROM
			jsonb_path_query(node -> 'c', (ARRAY['strict $',
			'strict $[*]', 'strict $[*][*]', 'strict $[*][*][*]'])[
			redshift_sandbox.geo_depth(node ->> 't') + 1]
			::jsonpath) q;
	END IF;
END $$;
CREATE OR REPLACE FUNCTION st_npoints(g geometry) RETURNS int
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT count(*)::int
	FROM redshift_sandbox.geo_points(redshift_sandbox.geo_read(g)) $$;
CREATE OR REPLACE FUNCTION st_isempty(g geometry) RETURNS bool
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT NOT EXISTS (SELECT
	FROM redshift_sandbox.geo_points(redshift_sandbox.geo_read(g))) $$;
CREATE OR REPLACE FUNCTION st_points(g geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT redshift_sandbox.geo_make(
	redshift_sandbox.geo_node('MULTIPOINT', (node ->> 'z')::bool,
	(node ->> 'm')::bool, (SELECT coalesce(jsonb_agg(p.tuple ORDER BY p.n),
		'[]') FROM redshift_sandbox.geo_points(node) p)),
	redshift_sandbox.st_srid(g)) FROM redshift_sandbox.geo_read(g) node $$;
-- Where a dimension stands in a tuple; NULL: nowhere.
CREATE OR REPLACE FUNCTION geo_place(node jsonb, dimension text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE dimension WHEN 'x' THEN 0
	WHEN 'y' THEN 1 WHEN 'z' THEN CASE WHEN (node ->> 'z')::bool THEN 2 END
	ELSE CASE WHEN (node ->> 'm')::bool
		THEN redshift_sandbox.geo_dims(node) - 1 END END $$;
DO $$
DECLARE
	d text;
	side text;
BEGIN
	FOREACH d IN ARRAY ARRAY['x', 'y', 'z', 'm'] LOOP
		EXECUTE format('CREATE OR REPLACE FUNCTION st_%1$s(g geometry) '
			'RETURNS float8 LANGUAGE sql IMMUTABLE STRICT AS '
			'''SELECT CASE WHEN node ->> ''''t'''' <> '
			'''''POINT'''' THEN redshift_sandbox.geo_refuse('
			'''''ST_%2$s takes a POINT'''')::text::float8 ELSE '
			'(node -> ''''c'''' ->> redshift_sandbox.geo_place('
			'node, ''''%1$s''''))::float8 END FROM '
			'redshift_sandbox.geo_read(g) node''', d, upper(d));
		FOREACH side IN ARRAY ARRAY['min', 'max'] LOOP
			EXECUTE format('CREATE OR REPLACE FUNCTION st_%1$s%2$s('
				'g geometry) RETURNS float8 LANGUAGE sql '
				'IMMUTABLE STRICT AS ''SELECT %2$s((p.tuple ->>'
				' redshift_sandbox.geo_place(node, '
				'''''%1$s''''))::float8) FROM '
				'redshift_sandbox.geo_read(g) node, '
				'redshift_sandbox.geo_points(node) p''',
				d, side);
		END LOOP;
	END LOOP;
END $$;

-- ---- building

CREATE OR REPLACE FUNCTION st_makepoint(VARIADIC x float8[]) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT SET extra_float_digits = 1 AS $$ SELECT CASE
	WHEN cardinality(x) NOT BETWEEN 2 AND 4 THEN
	redshift_sandbox.geo_refuse('ST_MakePoint takes 2 to 4 numbers')
		::text::geometry
	ELSE redshift_sandbox.geo_make(redshift_sandbox.geo_node('POINT',
	cardinality(x) > 2, cardinality(x) > 3, to_jsonb(x)), 0) END $$;
CREATE OR REPLACE FUNCTION st_point(x float8, y float8) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT redshift_sandbox.st_makepoint(x, y) $$;
CREATE OR REPLACE FUNCTION geo_box(a float8, b float8, c float8, d float8,
	srid int) RETURNS geometry LANGUAGE sql IMMUTABLE
SET extra_float_digits = 1 AS $$ SELECT redshift_sandbox.geo_make(
	redshift_sandbox.geo_node('POLYGON', false, false, jsonb_build_array(
	jsonb_build_array(jsonb_build_array(a, b), jsonb_build_array(a, d),
	jsonb_build_array(c, d), jsonb_build_array(c, b),
	jsonb_build_array(a, b)))), srid) $$;
CREATE OR REPLACE FUNCTION st_makeenvelope(xmin float8, ymin float8,
	xmax float8, ymax float8, srid int DEFAULT 0) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT redshift_sandbox.geo_box(xmin, ymin, xmax, ymax, srid) $$;
-- A box without area is the point or the line that it is.
CREATE OR REPLACE FUNCTION st_envelope(g geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT CASE
	WHEN a IS NULL THEN g
	WHEN a = c AND b = d THEN redshift_sandbox.st_setsrid(
		redshift_sandbox.st_point(a, b), s)
	WHEN a = c OR b = d THEN redshift_sandbox.st_setsrid(
		redshift_sandbox.st_makeline(redshift_sandbox.st_point(a, b),
		redshift_sandbox.st_point(c, d)), s)
	ELSE redshift_sandbox.geo_box(a, b, c, d, s) END
	FROM (SELECT redshift_sandbox.st_xmin(g), redshift_sandbox.st_ymin(g),
		redshift_sandbox.st_xmax(g), redshift_sandbox.st_ymax(g),
		redshift_sandbox.st_srid(g)) x(a, b, c, d, s) $$;
CREATE OR REPLACE FUNCTION st_makeline(a geometry, b geometry)
RETURNS geometry LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	x jsonb := redshift_sandbox.geo_read(a);
	y jsonb := redshift_sandbox.geo_read(b);
BEGIN
	IF x ->> 't' <> ALL ('{POINT,LINESTRING}')
		OR y ->> 't' <> ALL ('{POINT,LINESTRING}') THEN
		PERFORM redshift_sandbox.geo_refuse('ST_MakeLine takes points '
			'and linestrings');
	ELSIF redshift_sandbox.geo_dims(x) <> redshift_sandbox.geo_dims(y)
		OR redshift_sandbox.st_srid(a) <> redshift_sandbox.st_srid(b)
	THEN
		PERFORM redshift_sandbox.geo_refuse('geometries of different '
			'SRID or dimensions');
	END IF;
	RETURN redshift_sandbox.geo_make(redshift_sandbox.geo_node('LINESTRING',
		(x ->> 'z')::bool, (x ->> 'm')::bool, (SELECT jsonb_agg(tuple
		ORDER BY o, n) FROM (SELECT p.tuple, 1 AS o, p.n
			FROM redshift_sandbox.geo_points(x) p
		UNION ALL SELECT p.tuple, 2, p.n
			FROM redshift_sandbox.geo_points(y) p) u)),
		redshift_sandbox.st_srid(a));
END $$;
CREATE OR REPLACE FUNCTION st_makepolygon(line geometry) RETURNS geometry
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	x jsonb := redshift_sandbox.geo_read(line);
BEGIN
	IF x ->> 't' <> 'LINESTRING' OR jsonb_array_length(x -> 'c') < 4
		OR x #> '{c,0}' <> x #> '{c,-1}' THEN
		PERFORM redshift_sandbox.geo_refuse('a ring is a closed '
			'linestring of at least 4 points');
	END IF;
	RETURN redshift_sandbox.geo_make(redshift_sandbox.geo_node('POLYGON',
		(x ->> 'z')::bool, (x ->> 'm')::bool,
		jsonb_build_array(x -> 'c')), redshift_sandbox.st_srid(line));
END $$;
CREATE OR REPLACE FUNCTION st_polygon(line geometry, srid int)
RETURNS geometry LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT
	redshift_sandbox.st_setsrid(redshift_sandbox.st_makepolygon(line),
	srid) $$;
CREATE OR REPLACE FUNCTION st_multi(g geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT CASE
	WHEN redshift_sandbox.st_iscollection(g) THEN g
	ELSE redshift_sandbox.geo_make(redshift_sandbox.geo_node('MULTI'
	|| (x ->> 't'), (x ->> 'z')::bool, (x ->> 'm')::bool, CASE x -> 'c'
	WHEN '[]' THEN '[]'::jsonb ELSE jsonb_build_array(x -> 'c') END),
	redshift_sandbox.st_srid(g)) END FROM redshift_sandbox.geo_read(g) x $$;

-- ---- parts

CREATE OR REPLACE FUNCTION geo_line(g geometry) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT CASE x ->> 't'
	WHEN 'LINESTRING' THEN x END FROM redshift_sandbox.geo_read(g) x $$;
CREATE OR REPLACE FUNCTION geo_tuple(g geometry, tuple jsonb) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT redshift_sandbox.geo_make(
	redshift_sandbox.geo_node('POINT', (x ->> 'z')::bool,
	(x ->> 'm')::bool, tuple), redshift_sandbox.st_srid(g))
	FROM redshift_sandbox.geo_read(g) x $$;
CREATE OR REPLACE FUNCTION st_numpoints(g geometry) RETURNS int
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT jsonb_array_length(redshift_sandbox.geo_line(g) -> 'c') $$;
-- Numbered from 1, from the end when negative.
CREATE OR REPLACE FUNCTION st_pointn(g geometry, n int) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT redshift_sandbox.geo_tuple(g,
	redshift_sandbox.geo_line(g) -> 'c' -> CASE WHEN n > 0 THEN n - 1
	WHEN n < 0 THEN n END) $$;
CREATE OR REPLACE FUNCTION st_startpoint(g geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT redshift_sandbox.st_pointn(g, 1) $$;
CREATE OR REPLACE FUNCTION st_endpoint(g geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT redshift_sandbox.st_pointn(g, -1) $$;
CREATE OR REPLACE FUNCTION st_numgeometries(g geometry) RETURNS int
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT CASE
	WHEN redshift_sandbox.st_iscollection(g) THEN (SELECT count(*)
		FROM redshift_sandbox.geo_children(x))::int
	WHEN redshift_sandbox.st_isempty(g) THEN 0 ELSE 1 END
	FROM redshift_sandbox.geo_read(g) x $$;
CREATE OR REPLACE FUNCTION st_geometryn(g geometry, n int) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT CASE
	WHEN redshift_sandbox.st_iscollection(g) THEN (SELECT
		redshift_sandbox.geo_make(c.x, redshift_sandbox.st_srid(g))
		FROM redshift_sandbox.geo_children(redshift_sandbox.geo_read(g))
		WITH ORDINALITY c(x, at) WHERE c.at = n)
	WHEN n = 1 THEN g END $$;
CREATE OR REPLACE FUNCTION geo_ring(g geometry, n int) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT redshift_sandbox.geo_make(
	redshift_sandbox.geo_node('LINESTRING', (x ->> 'z')::bool,
	(x ->> 'm')::bool, x -> 'c' -> n), redshift_sandbox.st_srid(g))
	FROM redshift_sandbox.geo_read(g) x
	WHERE x ->> 't' = 'POLYGON' AND x -> 'c' -> n IS NOT NULL $$;
CREATE OR REPLACE FUNCTION st_exteriorring(g geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT redshift_sandbox.geo_ring(g, 0) $$;
CREATE OR REPLACE FUNCTION st_interiorringn(g geometry, n int)
RETURNS geometry LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT CASE WHEN n > 0 THEN redshift_sandbox.geo_ring(g, n) END $$;
CREATE OR REPLACE FUNCTION st_numinteriorrings(g geometry) RETURNS int
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT greatest(jsonb_array_length(
	x -> 'c') - 1, 0) FROM redshift_sandbox.geo_read(g) x
	WHERE x ->> 't' = 'POLYGON' $$;
-- The simple geometries that it is made of.
CREATE OR REPLACE FUNCTION geo_simple(node jsonb) RETURNS SETOF jsonb
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF node ? 'g' OR node ->> 't' LIKE 'MULTI%' THEN
		RETURN QUERY SELECT s FROM redshift_sandbox.geo_children(node)
			x, redshift_sandbox.geo_simple(x) s;
	ELSE
		RETURN NEXT node;
	END IF;
END $$;
CREATE OR REPLACE FUNCTION st_nrings(g geometry) RETURNS int
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT coalesce(sum(jsonb_array_length(
	s -> 'c')) FILTER (WHERE s ->> 't' = 'POLYGON'), 0)::int
	FROM redshift_sandbox.geo_simple(redshift_sandbox.geo_read(g)) s $$;
CREATE OR REPLACE FUNCTION st_isclosed(g geometry) RETURNS bool
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT coalesce(bool_and(CASE s ->> 't'
	WHEN 'LINESTRING' THEN s -> 'c' <> '[]' AND s #> '{c,0}' = s #> '{c,-1}'
	ELSE s -> 'c' <> '[]' END), false)
	FROM redshift_sandbox.geo_simple(redshift_sandbox.geo_read(g)) s $$;

-- ---- lines with other points; numbered from 0

CREATE OR REPLACE FUNCTION geo_edit(g geometry, at int, remove int,
	p geometry) RETURNS geometry LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	x jsonb := redshift_sandbox.geo_line(g);
	n int := jsonb_array_length(x -> 'c');
	point jsonb := redshift_sandbox.geo_read(p);
BEGIN
	IF x IS NULL OR (p IS NOT NULL AND point ->> 't' <> 'POINT')
		OR at < 0 OR at + remove > n THEN
		PERFORM redshift_sandbox.geo_refuse('a linestring, a point and '
			'an index within it are wanted');
	ELSIF remove = 1 AND p IS NULL AND n <= 2 THEN
		PERFORM redshift_sandbox.geo_refuse('a linestring has at least '
			'2 points');
	END IF;
	RETURN redshift_sandbox.geo_make(redshift_sandbox.geo_node('LINESTRING',
		(x ->> 'z')::bool, (x ->> 'm')::bool,
		coalesce((SELECT jsonb_agg(e ORDER BY i)
		FROM jsonb_array_elements(x -> 'c') WITH ORDINALITY u(e, i)
		WHERE i <= at), '[]') || CASE WHEN p IS NULL THEN '[]'
		ELSE jsonb_build_array(point -> 'c') END
		|| coalesce((SELECT jsonb_agg(e ORDER BY i)
		FROM jsonb_array_elements(x -> 'c') WITH ORDINALITY u(e, i)
		WHERE i > at + remove), '[]')), redshift_sandbox.st_srid(g));
END $$;
CREATE OR REPLACE FUNCTION st_addpoint(g geometry, p geometry)
RETURNS geometry LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT
	redshift_sandbox.geo_edit(g, redshift_sandbox.st_numpoints(g), 0, p) $$;
CREATE OR REPLACE FUNCTION st_addpoint(g geometry, p geometry, at int)
RETURNS geometry LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT redshift_sandbox.geo_edit(g, at, 0, p) $$;
CREATE OR REPLACE FUNCTION st_removepoint(g geometry, at int)
RETURNS geometry LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT redshift_sandbox.geo_edit(g, at, 1, NULL) $$;
CREATE OR REPLACE FUNCTION st_setpoint(g geometry, at int, p geometry)
RETURNS geometry LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT
	redshift_sandbox.geo_edit(g, CASE WHEN at < 0 THEN at
	+ redshift_sandbox.st_numpoints(g) ELSE at END, 1, p) $$;
CREATE OR REPLACE FUNCTION st_linefrommultipoint(g geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT redshift_sandbox.geo_make(
	redshift_sandbox.geo_node('LINESTRING', (x ->> 'z')::bool,
	(x ->> 'm')::bool, x -> 'c'), redshift_sandbox.st_srid(g))
	FROM redshift_sandbox.geo_read(g) x WHERE x ->> 't' = 'MULTIPOINT' $$;

-- ---- every tuple made anew

CREATE OR REPLACE FUNCTION geo_map(c jsonb, depth int, places int[])
RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF depth = 0 THEN
		RETURN (SELECT coalesce(jsonb_agg(coalesce(c -> p, '0')
			ORDER BY n), '[]') FROM unnest(places)
			WITH ORDINALITY u(p, n) WHERE c <> '[]');
	END IF;
	RETURN (SELECT coalesce(jsonb_agg(redshift_sandbox.geo_map(x, depth - 1,
		places) ORDER BY n), '[]')
		FROM jsonb_array_elements(c) WITH ORDINALITY u(x, n));
END $$;
CREATE OR REPLACE FUNCTION geo_force(node jsonb, z bool, m bool) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN node ? 'g' THEN node
	|| jsonb_build_object('z', z, 'm', m, 'g', (SELECT coalesce(jsonb_agg(
		redshift_sandbox.geo_force(x, z, m)), '[]')
		FROM redshift_sandbox.geo_children(node) x))
	ELSE redshift_sandbox.geo_node(node ->> 't', z, m,
	redshift_sandbox.geo_map(node -> 'c', redshift_sandbox.geo_depth(
	node ->> 't'), ARRAY[0, 1] || CASE WHEN z THEN ARRAY[coalesce(
	redshift_sandbox.geo_place(node, 'z'), 9)] ELSE '{}'::int[] END
	|| CASE WHEN m THEN ARRAY[coalesce(redshift_sandbox.geo_place(node,
	'm'), 9)] ELSE '{}'::int[] END)) END $$;
DO $$
DECLARE
	form text[];
BEGIN
	FOREACH form SLICE 1 IN ARRAY ARRAY[['2d', 'false', 'false'],
		['3d', 'true', 'false'], ['3dz', 'true', 'false'],
		['3dm', 'false', 'true'], ['4d', 'true', 'true']] LOOP
		EXECUTE format('CREATE OR REPLACE FUNCTION st_force%s('
			'g geometry) RETURNS geometry LANGUAGE sql IMMUTABLE '
			'STRICT AS ''SELECT redshift_sandbox.geo_make('
			'redshift_sandbox.geo_force('
			'redshift_sandbox.geo_read(g), %s, %s), '
			'redshift_sandbox.st_srid(g))''', form[1], form[2],
			form[3]);
	END LOOP;
END $$;
CREATE OR REPLACE FUNCTION geo_turn(c jsonb, depth int) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN CASE WHEN depth = 0 THEN c WHEN depth = 1 THEN (SELECT coalesce(
		jsonb_agg(x ORDER BY n DESC), '[]')
		FROM jsonb_array_elements(c) WITH ORDINALITY u(x, n))
	ELSE (SELECT coalesce(jsonb_agg(redshift_sandbox.geo_turn(x, depth - 1)
		ORDER BY n), '[]')
		FROM jsonb_array_elements(c) WITH ORDINALITY u(x, n)) END;
END $$;
CREATE OR REPLACE FUNCTION geo_reverse(node jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN node ? 'g' THEN node
	|| jsonb_build_object('g', (SELECT coalesce(jsonb_agg(
		redshift_sandbox.geo_reverse(x)), '[]')
		FROM redshift_sandbox.geo_children(node) x))
	WHEN node ->> 't' LIKE '%POINT' THEN node
	ELSE node || jsonb_build_object('c', redshift_sandbox.geo_turn(
		node -> 'c', redshift_sandbox.geo_depth(node ->> 't'))) END $$;
CREATE OR REPLACE FUNCTION st_reverse(g geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT redshift_sandbox.geo_make(
	redshift_sandbox.geo_reverse(redshift_sandbox.geo_read(g)),
	redshift_sandbox.st_srid(g)) $$;

-- ---- lengths and areas in the plane

CREATE OR REPLACE FUNCTION geo_length(line jsonb) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(sum(sqrt(power((b ->> 0)::float8
	- (a ->> 0)::float8, 2) + power((b ->> 1)::float8
	- (a ->> 1)::float8, 2))), 0)
	FROM (SELECT x AS b, lag(x) OVER (ORDER BY n) AS a
		FROM jsonb_array_elements(line) WITH ORDINALITY u(x, n)) s
	WHERE a IS NOT NULL $$;
-- Twice the area is the sum of cross products; above 0: counterclockwise.
CREATE OR REPLACE FUNCTION geo_ring_area(ring jsonb) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(sum((a ->> 0)::float8
	* (b ->> 1)::float8 - (b ->> 0)::float8 * (a ->> 1)::float8), 0) / 2
	FROM (SELECT x AS b, lag(x) OVER (ORDER BY n) AS a
		FROM jsonb_array_elements(ring) WITH ORDINALITY u(x, n)) s
	WHERE a IS NOT NULL $$;
CREATE OR REPLACE FUNCTION st_length(g geometry) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT coalesce(sum(
	redshift_sandbox.geo_length(s -> 'c'))
	FILTER (WHERE s ->> 't' = 'LINESTRING'), 0)
	FROM redshift_sandbox.geo_simple(redshift_sandbox.geo_read(g)) s $$;
CREATE OR REPLACE FUNCTION st_length2d(g geometry) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT redshift_sandbox.st_length(g) $$;
CREATE OR REPLACE FUNCTION st_perimeter(g geometry) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT coalesce(sum((SELECT sum(
	redshift_sandbox.geo_length(r)) FROM jsonb_array_elements(s -> 'c') r))
	FILTER (WHERE s ->> 't' = 'POLYGON'), 0)
	FROM redshift_sandbox.geo_simple(redshift_sandbox.geo_read(g)) s $$;
CREATE OR REPLACE FUNCTION st_perimeter2d(g geometry) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT redshift_sandbox.st_perimeter(g) $$;
CREATE OR REPLACE FUNCTION st_area(g geometry) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT coalesce(sum((SELECT sum(abs(
	redshift_sandbox.geo_ring_area(r)) * CASE n WHEN 1 THEN 1 ELSE -1 END)
	FROM jsonb_array_elements(s -> 'c') WITH ORDINALITY u(r, n)))
	FILTER (WHERE s ->> 't' = 'POLYGON'), 0)
	FROM redshift_sandbox.geo_simple(redshift_sandbox.geo_read(g)) s $$;
-- Outer rings this way, inner ones the other; what is no polygon is both.
CREATE OR REPLACE FUNCTION geo_turns(g geometry, way int) RETURNS bool
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT coalesce(bool_and((SELECT bool_and(
	sign(redshift_sandbox.geo_ring_area(r)) = way * CASE n WHEN 1 THEN 1
	ELSE -1 END) FROM jsonb_array_elements(s -> 'c')
	WITH ORDINALITY u(r, n))) FILTER (WHERE s ->> 't' = 'POLYGON'), true)
	FROM redshift_sandbox.geo_simple(redshift_sandbox.geo_read(g)) s $$;
CREATE OR REPLACE FUNCTION st_ispolygonccw(g geometry) RETURNS bool
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT redshift_sandbox.geo_turns(g, 1) $$;
CREATE OR REPLACE FUNCTION st_ispolygoncw(g geometry) RETURNS bool
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT redshift_sandbox.geo_turns(g, -1) $$;

RESET search_path;
RESET check_function_bodies;
