-- EXPLAIN in Redshift's form: PostgreSQL's plan (FORMAT JSON, VERBOSE), node by
-- node, with how rows move between slices by the tables' distribution
-- [c-the-query-plan, c_data_redistribution]. STL_EXPLAIN tells the same of
-- what has run. Repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

-- What the plan of a query knows of a table.
CREATE OR REPLACE FUNCTION explain_table(schema text, name text)
RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER AS $$
	SELECT pg_catalog.jsonb_build_object(
		'style', CASE pg_catalog.upper(coalesce(t.diststyle, 'AUTO'))
			WHEN 'EVEN' THEN 'EVEN' WHEN 'KEY' THEN 'KEY'
			ELSE 'ALL' END,
		'distkey', (SELECT a.attname FROM pg_catalog.pg_attribute a
			JOIN redshift_sandbox.column_attribute k
			ON k.relid = a.attrelid AND k.attnum = a.attnum
			WHERE a.attrelid = c.oid AND k.distkey LIMIT 1),
		'sortkey', (SELECT a.attname FROM pg_catalog.pg_attribute a
			JOIN redshift_sandbox.column_attribute k
			ON k.relid = a.attrelid AND k.attnum = a.attnum
			WHERE a.attrelid = c.oid AND k.sortkey = 1 LIMIT 1),
		'missing', c.relkind = 'r' AND c.reltuples < 0)
	FROM pg_catalog.pg_class c
	LEFT JOIN redshift_sandbox.table_attribute t ON t.relid = c.oid
	WHERE c.oid = pg_catalog.to_regclass(pg_catalog.quote_ident(schema)
		|| '.' || pg_catalog.quote_ident(name))
$$;

-- Tables that lie on compute nodes.
CREATE OR REPLACE FUNCTION explain_is_compute(schema text) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$
	SELECT schema IS NOT NULL AND schema NOT IN ('pg_catalog',
		'information_schema', 'redshift_sandbox', 'pg_internal')
$$;

-- name. of a text becomes with, wherever it is a name of its own.
CREATE OR REPLACE FUNCTION explain_rename(words text, name text, with_ text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT pg_catalog.regexp_replace(words, '(^|[^\w$."])'
		|| pg_catalog.regexp_replace(pg_catalog.quote_ident(name),
			'([^\w])', '\\\1', 'g') || '\.', '\1' || with_, 'g')
$$;

-- What stands on both sides of the equations of a join: {{a.x,b.y},...}
CREATE OR REPLACE FUNCTION explain_equal(cond text)
RETURNS TABLE (a text, b text) LANGUAGE sql IMMUTABLE AS $$
	SELECT m[1], m[2] FROM pg_catalog.regexp_matches(
		pg_catalog.regexp_replace(coalesce(cond, ''),
			'\(([^()\s]+)\)::[a-z]+( [a-z]+)*', '\1', 'g'),
		'\(([^()\s]+) = ([^()\s]+)\)', 'g') m
$$;

CREATE OR REPLACE FUNCTION explain_cost(plan jsonb) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT pg_catalog.format('  (cost=%s..%s rows=%s width=%s)',
		pg_catalog.to_char((plan->>'Startup Cost')::numeric,
			'FM99999999999999999990.00'),
		pg_catalog.to_char((plan->>'Total Cost')::numeric,
			'FM99999999999999999990.00'),
		plan->>'Plan Rows', plan->>'Plan Width')
$$;

-- A list of the plan as words: Sort Key: a, sum(b); without directions.
CREATE OR REPLACE FUNCTION explain_list(plan jsonb, field text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT pg_catalog.string_agg(pg_catalog.regexp_replace(
		pg_catalog.regexp_replace(pg_catalog.replace(e,
			'redshift_sandbox.', ''), '( DESC)?( NULLS (FIRST|LAST))?$', ''),
		'^\((\w+\(.*\)( OVER \(\?\))?)\)$', '\1'), ', ')
	FROM pg_catalog.jsonb_array_elements_text(plan->field) e
$$;

-- Which rows of a join move, and how the result lies. o and i: the nodes of
-- the outer and inner side; a row on a key of the join lies where its partner
-- is. Two slices: a broadcast sends every row twice.
CREATE OR REPLACE FUNCTION explain_move(kind text, cond text, o jsonb, i jsonb)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	keeps_inner bool := kind IN ('Right', 'Full');
	outer_key text;
	inner_key text;
	one text;
	other text;
	together text;
	first_outer text;
	first_inner text;
	outer_bytes numeric := (o->>'rows')::numeric * (o->>'width')::numeric;
	inner_bytes numeric := (i->>'rows')::numeric * (i->>'width')::numeric;
	label text;
	dist jsonb := o->'dist';
	info jsonb := '[]';
BEGIN
	FOR one, other IN SELECT a, b FROM redshift_sandbox.explain_equal(cond) LOOP
		IF i->'aliases' ? split_part(one, '.', 1) THEN
			SELECT other, one INTO one, other;
		END IF;
		first_outer := coalesce(first_outer, one);
		first_inner := coalesce(first_inner, other);
		IF o->'dist'->'cols' ? one THEN
			outer_key := coalesce(outer_key, other);
			IF i->'dist'->'cols' ? other THEN
				together := one;
			END IF;
		END IF;
		IF i->'dist'->'cols' ? other THEN
			inner_key := coalesce(inner_key, one);
		END IF;
	END LOOP;
	IF i->'dist'->>'k' = 'ALL' AND (NOT keeps_inner
		OR o->'dist'->>'k' = 'ALL') THEN
		label := 'DS_DIST_ALL_NONE';
	ELSIF o->'dist'->>'k' = 'ALL' THEN
		label := 'DS_DIST_ALL_INNER';
		dist := '{"k": "EVEN"}';
	ELSIF together IS NOT NULL THEN
		label := 'DS_DIST_NONE';
		IF kind = 'Inner' THEN
			dist := jsonb_set(dist, '{cols}', dist->'cols'
				|| (i->'dist'->'cols'));
		END IF;
	ELSIF first_outer IS NULL THEN
		label := 'DS_BCAST_INNER';
	ELSIF outer_key IS NOT NULL THEN
		label := 'DS_DIST_INNER';
		info := jsonb_build_array('Inner Dist Key: ' || outer_key);
	ELSIF NOT keeps_inner AND 2 * inner_bytes <= outer_bytes
		+ (CASE WHEN inner_key IS NULL THEN inner_bytes ELSE 0 END) THEN
		label := 'DS_BCAST_INNER';
	ELSIF inner_key IS NOT NULL THEN
		label := 'DS_DIST_OUTER';
		info := jsonb_build_array('Outer Dist Key: ' || inner_key);
		dist := i->'dist';
	ELSE
		label := 'DS_DIST_BOTH';
		info := jsonb_build_array('Outer Dist Key: ' || first_outer,
			'Inner Dist Key: ' || first_inner);
		dist := jsonb_build_object('k', 'KEY', 'cols',
			jsonb_build_array(first_outer, first_inner));
	END IF;
	RETURN jsonb_build_object('label', label, 'dist', dist, 'info', info,
		'sorted', together IS NOT NULL
			AND o->>'sortkey' = together
			AND i->>'sortkey' IN (SELECT b FROM redshift_sandbox.explain_equal(cond)
				WHERE a = together UNION ALL SELECT a
				FROM redshift_sandbox.explain_equal(cond) WHERE b = together));
END $$;

-- One node around others.
CREATE OR REPLACE FUNCTION explain_over(name text, info jsonb, child jsonb)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT child || pg_catalog.jsonb_build_object('text', name, 'info',
		info, 'c', pg_catalog.jsonb_build_array(child), 'pre', NULL)
$$;

-- Names of a join's sides as the guide has them.
CREATE OR REPLACE FUNCTION explain_sides(words text, o jsonb, i jsonb)
RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	name text;
BEGIN
	FOR name IN SELECT jsonb_array_elements_text(o->'names') LOOP
		words := redshift_sandbox.explain_rename(words, name, '"outer".');
	END LOOP;
	FOR name IN SELECT jsonb_array_elements_text(i->'names') LOOP
		words := redshift_sandbox.explain_rename(words, name, '"inner".');
	END LOOP;
	RETURN words;
END $$;

CREATE OR REPLACE FUNCTION explain_join(plan jsonb, xn text, o jsonb, i jsonb)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	is_loop bool := plan->>'Node Type' = 'Nested Loop';
	cond text := coalesce(plan->>'Hash Cond', plan->>'Merge Cond');
	kind text := plan->>'Join Type';
	inner_node jsonb := CASE WHEN i->>'type' = 'Hash' THEN i->'c'->0
		ELSE i END;
	move jsonb := redshift_sandbox.explain_move(kind, cond, o, inner_node);
	word text := CASE kind WHEN 'Inner' THEN '' WHEN 'Semi' THEN 'IN '
		WHEN 'Anti' THEN 'NOT IN ' ELSE kind || ' ' END;
	info jsonb := '[]';
	name text;
BEGIN
	-- a table that is everywhere had better be the one that is hashed,
	-- unless all its rows are kept
	IF plan->>'Node Type' = 'Hash Join' AND xn <> ''
		AND kind IN ('Inner', 'Right')
		AND (o->'dist'->>'k' = 'ALL')
			<> (inner_node->'dist'->>'k' = 'ALL')
		AND (kind = 'Right' OR o->'dist'->>'k' = 'ALL') THEN
		i := redshift_sandbox.explain_over(xn || 'Hash', '[]', o)
			|| '{"type": "Hash"}';
		o := inner_node;
		inner_node := i->'c'->0;
		cond := regexp_replace(cond, '\(([^()\s]+) = ([^()\s]+)\)',
			'(\2 = \1)', 'g');
		kind := replace(kind, 'Right', 'Left');
		word := replace(word, 'Right', 'Left');
		move := redshift_sandbox.explain_move(kind, cond, o,
			inner_node);
	END IF;
	IF is_loop THEN
		name := 'Nested Loop ' || CASE word WHEN '' THEN ''
			ELSE word || 'Join ' END;
	ELSIF (move->>'sorted')::bool AND kind IN ('Inner', 'Left', 'Right')
		AND xn <> '' THEN
		name := 'Merge ' || word || 'Join ';
		i := inner_node;
	ELSE
		name := 'Hash ' || word || 'Join ';
	END IF;
	IF xn <> '' THEN
		info := move->'info';
	END IF;
	IF cond IS NOT NULL THEN
		info := info || to_jsonb(CASE WHEN name LIKE 'Merge%'
			THEN 'Merge Cond: ' ELSE 'Hash Cond: ' END || cond);
	END IF;
	IF plan ? 'Join Filter' THEN
		info := info || to_jsonb('Join Filter: '
			|| (plan->>'Join Filter'));
	END IF;
	info := coalesce((SELECT jsonb_agg(redshift_sandbox.explain_sides(e, o, inner_node))
		FROM jsonb_array_elements_text(info) e), '[]');
	IF plan ? 'Filter' THEN
		info := info || to_jsonb('Filter: ' || (plan->>'Filter'));
	END IF;
	RETURN jsonb_build_object('text', rtrim(xn || name || CASE xn WHEN ''
			THEN '' ELSE move->>'label' END),
		'info', info, 'c', jsonb_build_array(o, i),
		'dist', move->'dist', 'loop', is_loop AND xn <> '',
		'aliases', (o->'aliases') || (inner_node->'aliases'),
		'names', (o->'names') || (inner_node->'names'));
END $$;

CREATE OR REPLACE FUNCTION explain_scan(plan jsonb, xn text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
	is_table bool := plan ? 'Relation Name';
	rel text := coalesce(plan->>'Relation Name', plan->>'Function Name',
		plan->>'CTE Name', '');
	alias text := coalesce(plan->>'Alias', rel);
	tbl jsonb := CASE WHEN is_table
		THEN redshift_sandbox.explain_table(plan->>'Schema', rel) END;
	compute bool := is_table AND redshift_sandbox.explain_is_compute(plan->>'Schema');
	name text := CASE WHEN is_table THEN 'Seq Scan'
		ELSE plan->>'Node Type' END;
	conds text;
	info jsonb := '[]';
	key text := quote_ident(alias) || '.' || quote_ident(tbl->>'distkey');
BEGIN
	SELECT string_agg(c, ' AND ') INTO conds FROM (VALUES
		(plan->>'Index Cond'), (plan->>'Recheck Cond'),
		(plan->>'Filter')) v (c);
	IF conds IS NOT NULL THEN
		info := jsonb_build_array('Filter: '
			|| redshift_sandbox.explain_rename(CASE
			WHEN conds LIKE '% AND %' AND conds NOT LIKE '((%'
			THEN '(' || conds || ')' ELSE conds END, alias, ''));
	END IF;
	RETURN jsonb_build_object('text', CASE WHEN xn = '' THEN ''
			WHEN compute OR NOT is_table THEN xn ELSE 'LD ' END
			|| name || CASE WHEN rel = '' AND alias = '' THEN ''
			WHEN rel IN ('', alias) THEN ' on ' || alias
			WHEN regexp_replace(alias, '_\d+$', '') = rel
				THEN ' on ' || rel
			ELSE ' on ' || rel || ' ' || alias END,
		'info', info, 'c', '[]'::jsonb,
		'dist', CASE WHEN compute AND tbl->>'style' = 'KEY'
			AND key IS NOT NULL THEN jsonb_build_object('k', 'KEY',
				'cols', jsonb_build_array(key))
			ELSE jsonb_build_object('k', CASE WHEN compute
				THEN coalesce(tbl->>'style', 'ALL')
				ELSE 'EVEN' END, 'cols', '[]'::jsonb) END,
		'sortkey', quote_ident(alias) || '.'
			|| quote_ident(tbl->>'sortkey'),
		'missing', CASE WHEN compute AND (tbl->>'missing')::bool
			THEN jsonb_build_array(rel) END,
		'aliases', jsonb_build_array(quote_ident(alias)),
		'names', jsonb_build_array(alias));
END $$;

-- Name and details of a node with at most one input.
CREATE OR REPLACE FUNCTION explain_single(plan jsonb)
RETURNS TABLE (name text, info jsonb) LANGUAGE sql STABLE AS $$
	SELECT CASE plan->>'Node Type'
		WHEN 'Aggregate' THEN CASE plan->>'Strategy'
			WHEN 'Plain' THEN 'Aggregate'
			WHEN 'Sorted' THEN 'GroupAggregate'
			ELSE 'HashAggregate' END
		WHEN 'WindowAgg' THEN 'Window'
		WHEN 'Incremental Sort' THEN 'Sort'
		WHEN 'SetOp' THEN 'SetOp ' || (plan->>'Command')
		WHEN 'Subquery Scan' THEN 'Subquery Scan '
			|| quote_ident(plan->>'Alias')
		ELSE plan->>'Node Type' END,
	coalesce((SELECT jsonb_agg(word || ': ' || value ORDER BY place)
		FROM (VALUES (1, 'Sort Key', redshift_sandbox.explain_list(plan, 'Sort Key')),
			(2, 'One-Time Filter', plan->>'One-Time Filter'),
			(3, 'Filter', plan->>'Filter')) v (place, word, value)
		WHERE value IS NOT NULL), '[]')
$$;

-- A node of PostgreSQL's plan as one of Redshift's. xn: XN, or nothing when
-- only the leader node works. top: what comes out goes to the client. parent:
-- PostgreSQL's node above.
CREATE OR REPLACE FUNCTION explain_node(plan jsonb, xn text, top bool,
	parent text, ctes jsonb)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	type text := plan->>'Node Type';
	inputs jsonb := '[]';
	extra jsonb := '[]';
	child jsonb;
	below jsonb;
	made jsonb;
	common jsonb := jsonb_build_object('cost', redshift_sandbox.explain_cost(plan),
		'rows', plan->'Plan Rows', 'width', plan->'Plan Width',
		'type', type);
	n int := 0;
BEGIN
	-- what is computed once comes first: common tables, InitPlans
	FOR child IN SELECT e FROM jsonb_array_elements(plan->'Plans') e
		WHERE e->>'Subplan Name' LIKE 'CTE %' LOOP
		ctes := ctes || jsonb_build_object(substr(
			child->>'Subplan Name', 5), child);
	END LOOP;
	FOR child IN SELECT e FROM jsonb_array_elements(plan->'Plans') e
		WHERE coalesce(e->>'Subplan Name', '') NOT LIKE 'CTE %' LOOP
		CONTINUE WHEN child->>'Node Type' = 'Bitmap Index Scan';
		below := redshift_sandbox.explain_node(child, xn, top AND type IN ('Limit',
			'LockRows', 'ModifyTable', 'Result', 'ProjectSet'),
			type, ctes);
		IF child->>'Parent Relationship' IN ('InitPlan', 'SubPlan') THEN
			extra := extra || jsonb_set(below, '{pre}',
				child->'Parent Relationship');
		ELSE
			inputs := inputs || below;
		END IF;
	END LOOP;
	-- PostgreSQL's own helpers, and what PostgreSQL 8 did not show
	IF type IN ('Materialize', 'Memoize', 'LockRows', 'ModifyTable',
		'ProjectSet', 'Gather', 'Gather Merge')
		AND jsonb_array_length(inputs) = 1 THEN
		RETURN inputs->0;
	END IF;
	IF type IN ('Hash Join', 'Merge Join', 'Nested Loop') THEN
		made := redshift_sandbox.explain_join(plan, xn, inputs->0, inputs->1);
	ELSIF type = 'CTE Scan' AND ctes ? (plan->>'CTE Name') THEN
		below := redshift_sandbox.explain_node(ctes->(plan->>'CTE Name'), xn, false,
			type, ctes - (plan->>'CTE Name'));
		made := redshift_sandbox.explain_scan(plan, xn) || jsonb_build_object('text',
			xn || 'Subquery Scan '
			|| quote_ident(plan->>'Alias'),
			'c', jsonb_build_array(below));
	ELSIF type LIKE '%Scan' AND type <> 'Subquery Scan' THEN
		made := redshift_sandbox.explain_scan(plan, xn);
	ELSE
		IF type = 'Append' OR type = 'Merge Append' THEN
			SELECT jsonb_agg(CASE WHEN e->>'type' = 'Subquery Scan'
				THEN e ELSE redshift_sandbox.explain_over(xn || format(
				'Subquery Scan "*SELECT* %s"', place), '[]', e)
				END ORDER BY place) INTO inputs
			FROM jsonb_array_elements(inputs) WITH ORDINALITY
				v (e, place);
		END IF;
		SELECT jsonb_build_object('text', xn || s.name, 'info', s.info)
			INTO made FROM redshift_sandbox.explain_single(plan) s;
		made := made || jsonb_build_object('c', inputs,
			'aliases', CASE WHEN type = 'Subquery Scan'
				THEN jsonb_build_array(quote_ident(
					plan->>'Alias'))
				ELSE coalesce(inputs->0->'aliases', '[]') END,
			'names', CASE WHEN type = 'Subquery Scan'
				THEN jsonb_build_array(plan->>'Alias')
				ELSE coalesce(inputs->0->'names', '[]') END,
			'dist', CASE WHEN type IN ('Hash', 'Sort', 'Limit',
				'Unique', 'WindowAgg') OR (type = 'Aggregate'
				AND plan->'Group Key' @> (inputs->0
					->'dist'->'cols')
				AND inputs->0->'dist'->>'k' = 'KEY')
				THEN inputs->0->'dist'
				ELSE '{"k": "EVEN", "cols": []}'::jsonb END);
	END IF;
	made := made || common;
	made := jsonb_set(made, '{c}', extra || (made->'c'));
	IF xn = '' OR type NOT IN ('Sort', 'Incremental Sort') THEN
		RETURN made;
	ELSIF top THEN
		RETURN redshift_sandbox.explain_over(xn || 'Merge', jsonb_build_array(replace(
			made->'info'->>0, 'Sort Key: ', 'Merge Key: ')),
			redshift_sandbox.explain_over(xn || 'Network', '["Send to leader"]',
			made));
	ELSIF parent = 'WindowAgg' THEN
		RETURN jsonb_set(made, '{c,-1}', redshift_sandbox.explain_over(xn || 'Network',
			'["Distribute"]', made->'c'->-1));
	END IF;
	RETURN made;
END $$;

-- All nodes of a plan, numbered from the top.
CREATE OR REPLACE FUNCTION explain_nodes(plan jsonb)
RETURNS TABLE (node int, parent int, depth int, body jsonb)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	xn text := CASE WHEN EXISTS (SELECT FROM jsonb_path_query(plan,
		'strict $.**."Schema"') s
		WHERE redshift_sandbox.explain_is_compute(s #>> '{}')) THEN 'XN ' ELSE '' END;
	names text[] := ARRAY(SELECT DISTINCT a #>> '{}' FROM
		jsonb_path_query(plan, 'strict $.**."Alias"') a);
	top jsonb;
BEGIN
	IF plan->'Plan' IS NULL THEN
		RETURN;
	END IF;
	top := redshift_sandbox.explain_node(plan->'Plan', xn, true, '', '{}');
	RETURN QUERY WITH RECURSIVE walked AS (
		SELECT ARRAY[1] AS path, top AS body
		UNION ALL
		SELECT w.path || p.place::int, p.child FROM walked w,
			jsonb_array_elements(w.body->'c')
				WITH ORDINALITY p (child, place)
	), numbered AS (
		SELECT (row_number() OVER (ORDER BY path))::int AS node, path,
			w.body - 'c' AS body FROM walked w
	)
	SELECT n.node, coalesce(p.node, 0), cardinality(n.path) - 1,
		CASE cardinality(names) WHEN 1 THEN jsonb_set(n.body, '{info}',
			(SELECT coalesce(jsonb_agg(replace(redshift_sandbox.explain_rename(
				e, names[1], ''), 'redshift_sandbox.', '')),
				'[]')
			FROM jsonb_array_elements_text(n.body->'info') e))
		ELSE jsonb_set(n.body, '{info}', replace((n.body->'info')::text,
			'redshift_sandbox.', '')::jsonb) END
	FROM numbered n LEFT JOIN numbered p
		ON p.path = n.path[1:cardinality(n.path) - 1]
	ORDER BY n.node;
END $$;

-- The lines of EXPLAIN.
CREATE OR REPLACE FUNCTION explain_lines(plan jsonb) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	node record;
	indent text;
	missing text;
	loops bool := false;
BEGIN
	FOR node IN SELECT * FROM redshift_sandbox.explain_nodes(plan) n ORDER BY n.node LOOP
		indent := repeat(' ', greatest(6 * node.depth - 4, 0));
		IF node.body->>'pre' IS NOT NULL THEN
			RETURN NEXT indent || (node.body->>'pre');
		END IF;
		RETURN NEXT indent || CASE node.depth WHEN 0 THEN ''
			ELSE '->  ' END || (node.body->>'text')
			|| (node.body->>'cost');
		RETURN QUERY SELECT repeat(' ', 6 * node.depth + 2) || e
			FROM jsonb_array_elements_text(node.body->'info') e;
		loops := loops OR coalesce((node.body->>'loop')::bool, false);
		missing := concat_ws(', ', missing, (SELECT string_agg(e, ', ')
			FROM jsonb_array_elements_text(nullif(
				node.body->'missing', 'null')) e
			WHERE missing IS NULL OR e <> ALL (string_to_array(
				missing, ', '))));
		missing := nullif(missing, '');
	END LOOP;
	IF missing IS NOT NULL THEN
		RETURN NEXT ' ----- Tables missing statistics: ' || missing
			|| ' -----';
		RETURN NEXT ' ----- Update statistics by running the ANALYZE'
			' command on these tables -----';
	END IF;
	IF loops THEN
		RETURN NEXT ' ----- Nested Loop Join in the query plan - review'
			' the join predicates to avoid Cartesian products'
			' -----';
	END IF;
END $$;

-- Tables have no indexes there, and rows are joined by hashes.
CREATE OR REPLACE FUNCTION explain(query text) RETURNS SETOF text
LANGUAGE plpgsql
SET enable_indexscan = off SET enable_indexonlyscan = off
SET enable_bitmapscan = off SET enable_mergejoin = off
SET enable_material = off SET enable_memoize = off SET enable_sort = off
SET enable_nestloop = off SET enable_incremental_sort = off SET max_parallel_workers_per_gather = 0
AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON, VERBOSE) ' || query INTO plan;
	RETURN QUERY SELECT redshift_sandbox.explain_lines(plan::jsonb->0);
END $$;

RESET search_path;
RESET check_function_bodies;
