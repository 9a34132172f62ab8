-- What VACUUM and ANALYZE have to do for each table, by Redshift's rules, and
-- the records of it. The rewriter asks for the tables, PostgreSQL does the
-- work on those. Repeatable; after records.sql.

ALTER TABLE redshift_sandbox.maintenance_log
	ADD COLUMN IF NOT EXISTS style text NOT NULL DEFAULT 'FULL',
	ADD COLUMN IF NOT EXISTS phase text NOT NULL DEFAULT 'Started',
	ADD COLUMN IF NOT EXISTS sorted_before bigint NOT NULL DEFAULT 0,
	ADD COLUMN IF NOT EXISTS sorted_after bigint NOT NULL DEFAULT 0,
	ADD COLUMN IF NOT EXISTS written bigint NOT NULL DEFAULT 0,
	ADD COLUMN IF NOT EXISTS dead_after bigint NOT NULL DEFAULT 0,
	ADD COLUMN IF NOT EXISTS predicates int NOT NULL DEFAULT 0,
	ADD COLUMN IF NOT EXISTS threshold int NOT NULL DEFAULT 10;
-- style: FULL, SORT ONLY, DELETE ONLY, REINDEX, RECLUSTER
-- written: rows ever written into the table until then
-- phase: how it began, as STL_VACUUM.status; of ANALYZE STL_ANALYZE.status

-- The tables that rel or (NULL) the whole database stands for and that the
-- session's user may work on; others are passed over without a word
-- [r_VACUUM_command, usage]. No row: rel is no table.
CREATE OR REPLACE FUNCTION redshift_sandbox.upkeep_tables(rel text)
RETURNS TABLE (relid oid, nspname name, relname name, is_ours bool)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
	SELECT c.oid, n.nspname, c.relname, a.rolsuper
		OR pg_has_role(session_user, c.relowner, 'USAGE')
	FROM pg_catalog.pg_class c
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	JOIN pg_catalog.pg_authid a ON a.rolname = session_user
	WHERE c.relkind = 'r' AND CASE WHEN rel IS NULL
		THEN redshift_sandbox.is_shown(n.nspname)
			AND n.nspname NOT IN ('pg_catalog', 'information_schema')
		ELSE c.oid = to_regclass(rel) END
$$;

-- ---- VACUUM

-- A table without a sort key is in order. A sort is skipped where threshold
-- percent of the rows are; then, and with DELETE ONLY, deleted rows are taken
-- away only where fewer than threshold percent are not deleted
-- [r_VACUUM_command].
CREATE OR REPLACE FUNCTION redshift_sandbox.vacuum_plan(kind text, rel text,
	threshold int)
RETURNS TABLE (relid oid, nspname name, relname name, sorts bool, deletes bool,
	phase text, total bigint, dead bigint, sorted bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
	keyed bool;
	orderly bool;	-- as much as threshold asks for
	clean bool;
BEGIN
	FOR relid, nspname, relname IN SELECT t.relid, t.nspname, t.relname
		FROM redshift_sandbox.upkeep_tables(rel) t WHERE t.is_ours LOOP
		total := redshift_sandbox.row_count(relid);
		dead := pg_stat_get_dead_tuples(relid);
		keyed := EXISTS (SELECT 1
			FROM redshift_sandbox.column_attribute k
			WHERE k.relid = vacuum_plan.relid AND k.sortkey <> 0);
		sorted := CASE WHEN keyed
			THEN redshift_sandbox.sorted_rows(relid, total)
			ELSE total END;
		orderly := sorted = total
			OR (threshold < 100 AND 100 * sorted >= threshold * total);
		clean := dead = 0 OR (threshold < 100
			AND 100 * total >= threshold * (total + dead));
		sorts := kind IN ('RECLUSTER', 'REINDEX') AND keyed
			AND sorted < total
			OR kind IN ('FULL', 'SORT ONLY') AND NOT orderly;
		deletes := kind = 'REINDEX' AND dead > 0
			OR kind = 'FULL' AND sorts AND dead > 0
			OR kind IN ('FULL', 'DELETE ONLY') AND NOT sorts
				AND NOT clean;
		phase := CASE WHEN total + dead = 0 THEN 'Skipped (0 rows)'
			WHEN kind = 'REINDEX' THEN 'Started Reindex'
			WHEN sorts AND kind = 'SORT ONLY' THEN 'Started Sort Only'
			WHEN sorts THEN 'Started'
			WHEN deletes AND kind = 'FULL' AND keyed
				THEN format('Started Delete Only (Sorted >= %s%%)',
					threshold)
			WHEN deletes THEN 'Started Delete Only'
			WHEN kind = 'DELETE ONLY' THEN 'Skipped (delete only)'
			WHEN kind = 'SORT ONLY' AND sorted < total
				THEN format('Skipped (sort only, sorted>=%s%%)',
					threshold)
			WHEN kind = 'SORT ONLY' THEN 'Skipped (sort only)'
			ELSE 'Skipped' END;
		RETURN NEXT;
	END LOOP;
END $$;

-- The tables whose deleted rows go, for PostgreSQL's VACUUM; '?': PostgreSQL
-- has something to say about rel.
CREATE OR REPLACE FUNCTION redshift_sandbox.vacuum_targets(kind text, rel text,
	threshold int)
RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT CASE WHEN rel IS NOT NULL AND NOT EXISTS
			(SELECT 1 FROM redshift_sandbox.upkeep_tables(rel))
		THEN '?' ELSE (SELECT string_agg(format('%I.%I', p.nspname,
				p.relname), ', ' ORDER BY p.relid)
			FROM redshift_sandbox.vacuum_plan(kind, rel, threshold) p
			WHERE p.deletes) END
$$;

-- RECLUSTER is for compound keys of tables that are not on every node.
CREATE OR REPLACE FUNCTION redshift_sandbox.recluster_lacks(rel text)
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN t.sortstyle = 'INTERLEAVED'
			THEN 'interleaved sort keys'
		WHEN t.diststyle = 'ALL' THEN 'DISTSTYLE ALL' END
	FROM redshift_sandbox.table_attribute t WHERE t.relid = to_regclass(rel)
$$;

-- Rows inserted and updated since the table is there.
CREATE OR REPLACE FUNCTION redshift_sandbox.written_rows(rel oid)
RETURNS bigint LANGUAGE sql STABLE AS $$
	SELECT pg_stat_get_tuples_inserted(rel) + pg_stat_get_tuples_updated(rel)
$$;

-- The statement that this session runs.
CREATE OR REPLACE FUNCTION redshift_sandbox.running_statement()
RETURNS redshift_sandbox.query_log LANGUAGE sql STABLE SECURITY DEFINER AS $$
	SELECT q FROM redshift_sandbox.query_log q
	WHERE q.pid = pg_backend_pid() AND q.status = 'running'
	ORDER BY q.query DESC LIMIT 1
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.vacuum_begin(kind text, rel text,
	threshold int)
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER AS $$
	INSERT INTO redshift_sandbox.maintenance_log (query, xid, userid, kind,
		relid, schema_name, table_name, starttime, endtime, rows_before,
		dead_before, modified_before, blocks_before, rows_after,
		blocks_after, sorts, style, phase, sorted_before, written)
	SELECT q.query, q.xid, q.userid, 'VACUUM', p.relid, p.nspname,
		p.relname, q.starttime, q.starttime, p.total + p.dead, p.dead,
		0, redshift_sandbox.blocks_of(p.relid), 0, 0, p.sorts,
		vacuum_begin.kind, p.phase, p.sorted,
		redshift_sandbox.written_rows(p.relid)
	FROM redshift_sandbox.running_statement() q,
		redshift_sandbox.vacuum_plan(kind, rel, threshold) p
	WHERE q.query IS NOT NULL
$$;

-- ---- ANALYZE

CREATE OR REPLACE FUNCTION redshift_sandbox.regex_quote(text_ text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT regexp_replace(text_, '([^[:alnum:]_ ])', '\\\1', 'g')
$$;

-- Columns of rel that queries filtered, joined or grouped by, by the plans of
-- the last days, and those of its keys [r_ANALYZE]. A plan names columns
-- with the alias of their table.
CREATE OR REPLACE FUNCTION redshift_sandbox.predicate_columns(rel oid)
RETURNS SETOF name LANGUAGE sql STABLE SECURITY DEFINER AS $$
	WITH condition AS MATERIALIZED (
		SELECT DISTINCT quote_ident(scan->>'Alias') AS alias,
			regexp_replace(used #>> '{}', '''[^'']*''', '', 'g')
			AS words
		FROM pg_catalog.pg_class c
		JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		JOIN redshift_sandbox.query_log q ON position(
			'"Relation Name": ' || to_json(c.relname::text)
			IN q.plan::text) > 0,
		LATERAL jsonb_path_query(q.plan,
			'lax $.** ? (exists (@."Relation Name"))') scan,
		LATERAL jsonb_path_query(q.plan, 'lax $.** ?
			(@.type() == "object").keyvalue() ? (@.key == "Filter"
			|| @.key == "Index Cond" || @.key == "Recheck Cond"
			|| @.key == "Hash Cond" || @.key == "Merge Cond"
			|| @.key == "Join Filter" || @.key == "Group Key")
			.value[*]') used
		WHERE c.oid = rel AND scan->>'Relation Name' = c.relname
		AND scan->>'Schema' = n.nspname
	)
	SELECT a.attname FROM pg_catalog.pg_attribute a
	WHERE a.attrelid = rel AND a.attnum > 0 AND NOT a.attisdropped
	AND (EXISTS (SELECT 1 FROM redshift_sandbox.column_attribute k
		WHERE k.relid = rel AND k.attnum = a.attnum
		AND (k.distkey OR k.sortkey <> 0))
	OR EXISTS (SELECT 1 FROM condition
		WHERE words ~ ('(^|[^\w".])' || redshift_sandbox.regex_quote(
			alias || '.' || quote_ident(a.attname))
			|| '($|[^\w"])')))
$$;

-- A table is skipped where less than analyze_threshold_percent of its rows
-- have changed since the last ANALYZE; 0: none is. columns: NULL, or what
-- is analyzed of it.
CREATE OR REPLACE FUNCTION redshift_sandbox.analyze_plan(rel text,
	only_predicates bool)
RETURNS TABLE (relid oid, nspname name, relname name, phase text,
	columns text, predicates int, total bigint, changed bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
	threshold numeric := current_setting('redsh.analyze_threshold_percent');
BEGIN
	FOR relid, nspname, relname IN SELECT t.relid, t.nspname, t.relname
		FROM redshift_sandbox.upkeep_tables(rel) t WHERE t.is_ours LOOP
		total := redshift_sandbox.row_count(relid);
		changed := pg_stat_get_mod_since_analyze(relid);
		SELECT string_agg(quote_ident(p), ', '), count(*)
		INTO columns, predicates
		FROM redshift_sandbox.predicate_columns(relid) p;
		phase := CASE WHEN threshold > 0 AND 100.0 * changed
				< threshold * greatest(total, 1) AND greatest(
				pg_stat_get_last_analyze_time(relid),
				pg_stat_get_last_autoanalyze_time(relid))
				IS NOT NULL THEN 'Skipped'
			WHEN only_predicates AND predicates > 0
				THEN 'PredicateColumn'
			ELSE 'Full' END;
		IF phase <> 'PredicateColumn' THEN
			columns := NULL;
		END IF;
		RETURN NEXT;
	END LOOP;
END $$;

-- Two lines: the tables for PostgreSQL's ANALYZE, with their columns, or '?'
-- as above; and those of which no predicate columns are known.
CREATE OR REPLACE FUNCTION redshift_sandbox.analyze_targets(rel text,
	only_predicates bool)
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN rel IS NOT NULL AND NOT EXISTS
			(SELECT 1 FROM redshift_sandbox.upkeep_tables(rel)
			WHERE is_ours)
		THEN '?' ELSE (SELECT concat(string_agg(format('%I.%I',
				p.nspname, p.relname)
				|| coalesce(' (' || p.columns || ')', ''), ', '
				ORDER BY p.relid), E'\n', string_agg(
				format('"%s"', p.relname), ', ' ORDER BY p.relid)
				FILTER (WHERE only_predicates
				AND p.phase = 'Full'))
			FROM redshift_sandbox.analyze_plan(rel, only_predicates) p
			WHERE p.phase <> 'Skipped') END
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.analyze_begin(rel text,
	only_predicates bool)
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER AS $$
	INSERT INTO redshift_sandbox.maintenance_log (query, xid, userid, kind,
		relid, schema_name, table_name, starttime, endtime, rows_before,
		dead_before, modified_before, blocks_before, rows_after,
		blocks_after, sorts, previous, phase, predicates, threshold)
	SELECT q.query, q.xid, q.userid, 'ANALYZE', p.relid, p.nspname,
		p.relname, q.starttime, q.starttime, p.total, 0, p.changed,
		redshift_sandbox.blocks_of(p.relid), 0, 0, false,
		greatest(pg_stat_get_last_analyze_time(p.relid),
			pg_stat_get_last_autoanalyze_time(p.relid))
			AT TIME ZONE 'UTC', p.phase, p.predicates,
		current_setting('redsh.analyze_threshold_percent')::numeric
	FROM redshift_sandbox.running_statement() q,
		redshift_sandbox.analyze_plan(rel, only_predicates) p
	WHERE q.query IS NOT NULL
$$;

-- ---- both: the statement is over

CREATE OR REPLACE FUNCTION redshift_sandbox.maintenance_end(
	done redshift_sandbox.query_log)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM redshift_sandbox.maintenance_log m
	WHERE m.query = done.query AND done.status <> 'success';
	UPDATE redshift_sandbox.maintenance_log m
	SET endtime = done.endtime,
		rows_after = redshift_sandbox.row_count(m.relid)
			+ CASE WHEN m.kind = 'VACUUM'
			THEN pg_stat_get_dead_tuples(m.relid) ELSE 0 END,
		dead_after = pg_stat_get_dead_tuples(m.relid),
		blocks_after = redshift_sandbox.blocks_of(m.relid),
		sorted_after = CASE WHEN m.sorts
			THEN redshift_sandbox.row_count(m.relid)
			ELSE m.sorted_before END
	WHERE m.query = done.query
	AND EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.oid = m.relid);
END $$;
