-- System views about tables: sizes, rows and their slices, statistics, blocks.
-- One node with two slices; rows lie on slices as their distribution says.
-- Repeatable.

-- Changes since the last ANALYZE, as PostgreSQL counts them.
CREATE OR REPLACE VIEW pg_catalog.pg_statistic_indicator AS
SELECT c.oid AS stairelid, greatest(c.reltuples, 0)::float8 AS stairows,
	pg_stat_get_tuples_inserted(c.oid)::float8 AS staiins,
	pg_stat_get_tuples_deleted(c.oid)::float8 AS staidels
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND redshift_sandbox.is_shown(n.nspname)
AND n.nspname NOT IN ('pg_catalog', 'information_schema');

-- CREATE LIBRARY is refused, so there are none.
CREATE OR REPLACE VIEW pg_catalog.pg_library AS
SELECT NULL::name AS name, NULL::oid AS language_oid,
	NULL::int AS file_store_id, NULL::int AS owner
WHERE false;

-------------------------------------------------------------------- slices

-- Rows on slice 0 and slice 1: KEY by the hash of the column's value, EVEN in
-- turn, ALL once a node, on its first slice; AUTO is ALL while it is small.
CREATE OR REPLACE FUNCTION redshift_sandbox.slice_rows(rel oid)
RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
	style int2 := (SELECT redshift_sandbox.effective_diststyle(
		(SELECT t.diststyle FROM redshift_sandbox.table_attribute t
		WHERE t.relid = rel)));
	col text := (SELECT a.attname FROM redshift_sandbox.column_attribute k
		JOIN pg_catalog.pg_attribute a ON a.attrelid = k.relid
			AND a.attnum = k.attnum
		WHERE k.relid = rel AND k.distkey LIMIT 1);
	total bigint;
	first bigint;
BEGIN
	IF style = 1 AND col IS NOT NULL THEN
		EXECUTE format('SELECT count(*), count(*) FILTER (WHERE '
			'coalesce(hashtext(%I::text), 0) & 1 = 0) FROM ONLY %s',
			col, rel::regclass) INTO total, first;
		RETURN ARRAY[first, total - first];
	END IF;
	total := redshift_sandbox.row_count(rel);
	IF style = 0 THEN
		RETURN ARRAY[(total + 1) / 2, total / 2];
	END IF;
	RETURN ARRAY[total, 0];
END $$;

-- Tables of users', with what the views of this file tell of them.
CREATE OR REPLACE VIEW redshift_sandbox.user_table AS
SELECT c.oid, n.nspname, c.relname, c.relowner, c.relpersistence = 't'
	AS is_temp, t.created, upper(coalesce(t.diststyle, 'AUTO'))
	AS diststyle, coalesce(t.backup, true) AS backup, c.reltuples
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN redshift_sandbox.table_attribute t ON t.relid = c.oid
WHERE c.relkind = 'r' AND redshift_sandbox.is_shown(n.nspname)
AND n.nspname NOT IN ('pg_catalog', 'information_schema');

-- The rows that lie in order: those there were at the last VACUUM that sorts,
-- less what was written since; or of the first COPY, which was into the empty
-- table. What was written is counted by PostgreSQL, with a delay of a second,
-- and cannot be less than the rows that came on top.
CREATE OR REPLACE FUNCTION redshift_sandbox.sorted_rows(rel oid, total bigint)
RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER AS $$
	SELECT greatest(0, least(total, coalesce(
		(SELECT total - greatest(total - m.sorted_after,
			redshift_sandbox.written_rows(rel) - m.written)
		FROM redshift_sandbox.maintenance_log m
		WHERE m.relid = rel AND m.kind = 'VACUUM' AND m.sorts
		ORDER BY m.query DESC LIMIT 1),
		(SELECT l.loaded_rows FROM redshift_sandbox.load_log l
		WHERE l.kind = 'COPY' AND l.status = 'completed'
		AND to_regclass(l.table_name)::oid = rel
		ORDER BY l.query LIMIT 1), 0)))
$$;

-- Percent of the rows that changed since ANALYZE; never analyzed: 100.
CREATE OR REPLACE FUNCTION redshift_sandbox.stats_off(rel oid, total bigint)
RETURNS numeric LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN c.reltuples < 0 THEN 100
		ELSE least(100, round(100.0 * greatest(
			abs(total - c.reltuples::bigint),
			pg_stat_get_mod_since_analyze(c.oid))
			/ greatest(total, 1), 2)) END
	FROM pg_catalog.pg_class c WHERE c.oid = rel
$$;

-- Leaves out empty tables, as Redshift's does. Sizes are PostgreSQL's, in
-- blocks of 1 MB.
SELECT redshift_sandbox.make_view('svv_table_info',
	'database text, schema text, table_id oid, table text,
	encoded text, diststyle text, sortkey1 text, max_varchar int,
	sortkey1_enc char(32), sortkey_num int, size bigint,
	pct_used numeric(10,4), empty bigint, unsorted numeric(5,2),
	stats_off numeric(5,2), tbl_rows numeric(38,0),
	skew_sortkey1 numeric(19,2), skew_rows numeric(19,2),
	estimated_visible_rows numeric(38,0), risk_event text,
	vacuum_sort_benefit numeric(12,2), create_time timestamp',
	$$SELECT current_database(), t.nspname, t.oid, t.relname,
		CASE WHEN k.any_encoding THEN 'Y' ELSE 'Y, AUTO(ENCODE)' END,
		CASE t.diststyle WHEN 'KEY' THEN 'KEY(' || k.distkey || ')'
			WHEN 'AUTO' THEN 'AUTO(ALL)' ELSE t.diststyle END,
		coalesce(k.sortkey1, 'AUTO(SORTKEY)'), k.max_varchar,
		k.sortkey1_enc, k.sortkey_num,
		greatest(1, redshift_sandbox.blocks_of(t.oid)),
		100.0 * greatest(1, redshift_sandbox.blocks_of(t.oid))
			/ redshift_sandbox.node_capacity(),
		0, CASE WHEN k.sortkey_num > 0 THEN 100.0 * (r.total
			- redshift_sandbox.sorted_rows(t.oid, r.total))
			/ r.total END,
		redshift_sandbox.stats_off(t.oid, r.total),
		r.total + pg_stat_get_dead_tuples(t.oid), NULL,
		CASE WHEN redshift_sandbox.effective_diststyle(t.diststyle) < 2
			THEN greatest(r.slices[1], r.slices[2])::numeric
				/ greatest(least(r.slices[1], r.slices[2]), 1)
			END,
		r.total, NULL, NULL, t.created
	FROM redshift_sandbox.user_table t,
	LATERAL (SELECT s.slices, s.slices[1] + s.slices[2] AS total
		FROM (SELECT redshift_sandbox.slice_rows(t.oid) AS slices) s) r,
	LATERAL (SELECT max(a.attname::text) FILTER (WHERE k.distkey)
			AS distkey,
		max(a.attname::text) FILTER (WHERE abs(k.sortkey) = 1)
			AS sortkey1,
		max(redshift_sandbox.encoding_of(t.oid, a.attnum, a.atttypid))
			FILTER (WHERE abs(k.sortkey) = 1) AS sortkey1_enc,
		(count(*) FILTER (WHERE k.sortkey <> 0))::int AS sortkey_num,
		bool_or(k.encoding IS NOT NULL) AS any_encoding,
		coalesce(max(a.atttypmod - 4)
			FILTER (WHERE a.atttypid = 1043), 0) AS max_varchar
		FROM pg_catalog.pg_attribute a
		LEFT JOIN redshift_sandbox.column_attribute k
			ON k.relid = a.attrelid AND k.attnum = a.attnum
		WHERE a.attrelid = t.oid AND a.attnum > 0
		AND NOT a.attisdropped) k
	WHERE r.total > 0$$);

SELECT redshift_sandbox.make_view('stv_slices',
	'node int, slice int, localslice int, type char(1)',
	$$SELECT 0, s, s, 'D' FROM generate_series(0, 1) s$$);

-------------------------------------------------------------------- blocks

-- Smallest or largest value as STV_BLOCKLIST tells it: of whole numbers, dates
-- and times (days and microseconds since 2000); of other types 0.
CREATE OR REPLACE FUNCTION redshift_sandbox.block_value(aggregate text,
	column_name text, type oid)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN type IN (20, 21, 23)
		THEN format('coalesce(%s(%I), 0)::bigint', aggregate,
			column_name)
		WHEN type = 1082 THEN format('coalesce(%s(%I) - date '
			'''2000-01-01'', 0)::bigint', aggregate, column_name)
		WHEN type IN (1114, 1184) THEN format('coalesce((extract(epoch '
			'FROM %s(%I)) - 946684800) * 1000000, 0)::bigint',
			aggregate, column_name)
		ELSE '0::bigint' END
$$;

-- Blocks of 1 MB as columns fill them on each slice: the bytes of PostgreSQL's
-- values, without compression.
CREATE OR REPLACE FUNCTION redshift_sandbox.blocks(rel oid)
RETURNS TABLE (slice int, col int, blocknum int, num_values int,
	minvalue bigint, maxvalue bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
	a record;
	slices bigint[] := redshift_sandbox.slice_rows(rel);
	rows bigint;
	bytes bigint;
	count int;
BEGIN
	FOR a IN SELECT attname, attnum, atttypid FROM pg_catalog.pg_attribute
		WHERE attrelid = rel AND attnum > 0 AND NOT attisdropped
		ORDER BY attnum
	LOOP
		EXECUTE format('SELECT coalesce(sum(pg_column_size(%1$I)), 0), '
			'%2$s, %3$s FROM ONLY %4$s', a.attname,
			redshift_sandbox.block_value('min', a.attname,
				a.atttypid),
			redshift_sandbox.block_value('max', a.attname,
				a.atttypid), rel::regclass)
		INTO bytes, minvalue, maxvalue;
		col := a.attnum - 1;
		FOR i IN 0 .. 1 LOOP
			slice := i;
			rows := slices[i + 1];
			CONTINUE WHEN rows = 0;
			count := 1 + bytes * rows / (slices[1] + slices[2])
				/ 1048576;
			FOR b IN 0 .. count - 1 LOOP
				blocknum := b;
				num_values := rows * (b + 1) / count
					- rows * b / count;
				RETURN NEXT;
			END LOOP;
		END LOOP;
	END LOOP;
END $$;

SELECT redshift_sandbox.make_view('stv_tbl_perm',
	'slice int, id int, name char(72), rows bigint, sorted_rows bigint,
	temp int, db_id int, insert_pristine int, delete_pristine int,
	backup int, dist_style int, block_count int',
	$$SELECT s.slice, t.oid::int, t.relname, r.slices[s.slice + 1],
		CASE WHEN r.slices[1] + r.slices[2] > 0 THEN
			redshift_sandbox.sorted_rows(t.oid,
				r.slices[1] + r.slices[2])
			* r.slices[s.slice + 1] / (r.slices[1] + r.slices[2])
			ELSE 0 END,
		t.is_temp::int, (SELECT oid::int FROM pg_catalog.pg_database
			WHERE datname = current_database()),
		0, 0, t.backup::int, redshift_sandbox.effective_diststyle(
			t.diststyle),
		(SELECT count(*) FROM redshift_sandbox.blocks(t.oid) b
			WHERE b.slice = s.slice)
	FROM redshift_sandbox.user_table t,
		LATERAL (SELECT redshift_sandbox.slice_rows(t.oid)) r (slices),
		generate_series(0, 1) s (slice)$$);

SELECT redshift_sandbox.make_view('stv_blocklist',
	'slice int, col int, tbl int, blocknum int, num_values int,
	extended_limits int, minvalue bigint, maxvalue bigint, sb_pos int,
	pinned int, on_disk int, modified int, hdr_modified int,
	unsorted int, tombstone int, preferred_diskno int, temporary int,
	newblock int, num_readers int, flags int',
	$$SELECT b.slice, b.col, t.oid::int, b.blocknum, b.num_values, 0,
		b.minvalue, b.maxvalue, 0, 0, 1, 0, 0, 0, 0, 0, t.is_temp::int,
		0, 0, 0
	FROM redshift_sandbox.user_table t, redshift_sandbox.blocks(t.oid) b$$);

SELECT redshift_sandbox.make_view('svv_diskusage',
	'db_id int, name char(72), slice int, col int, tbl int,
	blocknum int, num_values int, minvalue bigint, maxvalue bigint,
	sb_pos int, pinned int, on_disk int, modified int,
	hdr_modified int, unsorted int, tombstone int,
	preferred_diskno int, temporary int, newblock int',
	$$SELECT (SELECT oid::int FROM pg_catalog.pg_database
			WHERE datname = current_database()),
		t.relname, b.slice, b.col, t.oid::int, b.blocknum,
		b.num_values, b.minvalue, b.maxvalue, 0, 0, 1, 0, 0, 0, 0, 0,
		t.is_temp::int, 0
	FROM redshift_sandbox.user_table t, redshift_sandbox.blocks(t.oid) b$$);

-- What all databases take.
CREATE OR REPLACE FUNCTION redshift_sandbox.used_blocks()
RETURNS int LANGUAGE sql STABLE AS $$
	SELECT (sum(pg_database_size(oid)) / 1048576)::int
	FROM pg_catalog.pg_database
$$;

SELECT redshift_sandbox.make_view('stv_node_storage_capacity',
	'node int, used int, capacity int',
	$$SELECT 0, redshift_sandbox.used_blocks(),
		redshift_sandbox.node_capacity()$$);

SELECT redshift_sandbox.make_view('stv_partitions',
	'owner int, host int, diskno int, part_begin bigint,
	part_end bigint, used int, tossed int, capacity int, reads bigint,
	writes bigint, seek_forward int, seek_back int, is_san int,
	failed int, mbps int, mount char(256)',
	$$SELECT 0, 0, 0, 0, redshift_sandbox.node_capacity() * 1048576::bigint,
		redshift_sandbox.used_blocks(), 0,
		redshift_sandbox.node_capacity(),
		(SELECT sum(pg_stat_get_db_blocks_fetched(oid)
			- pg_stat_get_db_blocks_hit(oid))
		FROM pg_catalog.pg_database), NULL, 0, 0, 0, 0, 0,
		'redsh-sandbox'$$);
