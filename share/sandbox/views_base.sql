-- What the families of system views share. Repeatable.

-- Superusers see all rows of views that show others their own.
CREATE OR REPLACE FUNCTION redshift_sandbox.sees_all()
RETURNS bool LANGUAGE sql STABLE AS $$
	SELECT redshift_sandbox.is_unrestricted(sysid::oid)
	FROM redshift_sandbox.user_of(session_user)
$$;
CREATE OR REPLACE FUNCTION redshift_sandbox.own_id()
RETURNS bigint LANGUAGE sql STABLE AS $$
	SELECT sysid FROM redshift_sandbox.user_of(session_user)
$$;

-- provisioned or serverless; STL, STV, SVL and their like have rows on the
-- first only.
CREATE OR REPLACE FUNCTION redshift_sandbox.is_provisioned()
RETURNS bool LANGUAGE sql STABLE AS $$
	SELECT coalesce(pg_catalog.current_setting('redsh.kind', true), '')
		<> 'serverless'
$$;

-- A system view: its columns with their types in the guide's order, and a
-- query that gives them in that order. A column userid or user_id shows users
-- their own rows. Who may read is granted in visibility.sql.
CREATE OR REPLACE FUNCTION redshift_sandbox.make_view(view_name text,
	columns text, query text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	names text;
	list text;
	filter text := 'true';
	owner text := (regexp_match(columns, '^\s*(user_?id) int'))[1];
BEGIN
	SELECT string_agg(quote_ident(w[1]), ', ' ORDER BY place),
		string_agg(format('x.%I::%s AS %I', w[1], w[2], w[1]), ', '
			ORDER BY place)
	INTO names, list
	FROM (SELECT place, regexp_match(item, '^\s*(\S+)\s+(.*?)\s*$') AS w
		FROM regexp_split_to_table(columns, ',(?![^(]*\))')
			WITH ORDINALITY i (item, place)) parts;
	IF owner IS NOT NULL THEN
		filter := format('((SELECT redshift_sandbox.sees_all()) OR '
			'x.%I::bigint = (SELECT redshift_sandbox.own_id()))', owner);
	END IF;
	IF view_name ~ '^(stl|stv|svl)_' OR view_name IN ('svv_diskusage',
		'svv_query_inflight', 'svv_query_state',
		'svv_vacuum_progress')
	THEN
		filter := filter
			|| ' AND (SELECT redshift_sandbox.is_provisioned())';
	END IF;
	EXECUTE format('CREATE OR REPLACE VIEW pg_catalog.%I AS SELECT %s '
		'FROM (%s) x (%s) WHERE %s', view_name, list, query, names,
		filter);
END $$;

-- A view that is empty, because of a reason that holds on one machine.
CREATE OR REPLACE FUNCTION redshift_sandbox.make_empty_view(view_name text,
	columns text)
RETURNS void LANGUAGE sql AS $$
	SELECT redshift_sandbox.make_view(view_name, columns,
		(SELECT 'SELECT ' || string_agg('NULL', ', ') || ' WHERE false'
		FROM regexp_split_to_table(columns, ',(?![^(]*\))')))
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.us(took interval)
RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
	SELECT (extract(epoch FROM took) * 1000000)::bigint
$$;

-- Statements with what is asked of them most; the time of one that runs
-- counts up to now.
CREATE OR REPLACE VIEW redshift_sandbox.statement AS
SELECT q.*, q.status = 'running' AS is_running,
	redshift_sandbox.us(coalesce(q.endtime, redshift_sandbox.utc_now())
		- q.starttime) AS elapsed,
	(q.status NOT IN ('success', 'running'))::int AS aborted
FROM redshift_sandbox.query_log q;

-- Pieces of a text, numbered from 0; a newline is the two characters \n.
CREATE OR REPLACE FUNCTION redshift_sandbox.pieces(sql text, size int)
RETURNS TABLE (sequence int, piece text) LANGUAGE sql IMMUTABLE AS $$
	SELECT s, substr(t.folded, s * size + 1, size)
	FROM (SELECT replace(sql, E'\n', '\n') AS folded) t,
		generate_series(0, greatest(0, (length(t.folded) - 1) / size)) s
$$;

-- The sessions that are open, by PostgreSQL, with their records.
CREATE OR REPLACE VIEW redshift_sandbox.session AS
SELECT a.pid, a.usesysid::bigint AS userid, d.datname, r.rolname,
	a.backend_start AT TIME ZONE 'UTC' AS starttime, a.state, a.query,
	a.query_start AT TIME ZONE 'UTC' AS query_start,
	a.xact_start AT TIME ZONE 'UTC' AS xact_start
FROM pg_stat_get_activity(NULL) a
JOIN pg_catalog.pg_database d ON d.oid = a.datid
JOIN pg_catalog.pg_authid r ON r.oid = a.usesysid
WHERE r.rolname <> 'rdsdb';

-- The number of the transaction that a session has open.
CREATE OR REPLACE FUNCTION redshift_sandbox.open_xid(session_pid int)
RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER AS $$
	SELECT CASE WHEN q.block <> 'I' THEN q.xid END
	FROM redshift_sandbox.query_log q WHERE q.pid = session_pid
	ORDER BY q.query DESC LIMIT 1
$$;

-- Disk that the one node is said to have, in 1 MB blocks: a dc2.large's.
CREATE OR REPLACE FUNCTION redshift_sandbox.node_capacity()
RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 160 * 1024 $$;
