-- Functions of Redshift that PostgreSQL lacks or understands differently. The
-- gateway writes calls with their schema (functions.tsv says which). Run after
-- catalog.sql, in every database, as superuser; repeatable.

CREATE SCHEMA IF NOT EXISTS redshift_sandbox;
GRANT USAGE ON SCHEMA redshift_sandbox TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA redshift_sandbox;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch SCHEMA redshift_sandbox;
SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

-- ---- records of table attributes, called by sandbox/rewrite

CREATE TABLE IF NOT EXISTS redshift_sandbox.constraint_attribute (
	relid oid NOT NULL,
	conname text NOT NULL,
	contype "char" NOT NULL,		-- p u f: known, not enforced
	columns text[] NOT NULL,
	refrel oid,
	refcolumns text[],
	PRIMARY KEY (relid, conname)
);
GRANT SELECT, INSERT, UPDATE, DELETE
	ON redshift_sandbox.constraint_attribute TO PUBLIC;

-- With the caller's search_path, so no SET.
CREATE OR REPLACE FUNCTION require_table(rel text) RETURNS oid
LANGUAGE plpgsql AS $$
DECLARE
	found oid := to_regclass(rel);
BEGIN
	IF found IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '42P01', MESSAGE =
			format('relation "%s" does not exist', rel);
	END IF;
	RETURN found;
END $$;

CREATE OR REPLACE FUNCTION require_column(rel oid, col text) RETURNS int2
LANGUAGE plpgsql AS $$
DECLARE
	found int2 := (SELECT a.attnum FROM pg_catalog.pg_attribute a
		WHERE a.attrelid = rel AND a.attname = col
		AND a.attnum > 0 AND NOT a.attisdropped);
BEGIN
	IF found IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '42703', MESSAGE =
			format('column "%s" named in key does not exist', col);
	END IF;
	RETURN found;
END $$;

CREATE OR REPLACE FUNCTION mark_column(rel oid, col text) RETURNS int2
LANGUAGE sql AS $$
	INSERT INTO redshift_sandbox.column_attribute (relid, attnum)
	VALUES (rel, redshift_sandbox.require_column(rel, col))
	ON CONFLICT (relid, attnum) DO UPDATE SET attnum = excluded.attnum
	RETURNING attnum
$$;

-- NULL leaves an attribute as it is. fresh_only: CREATE TABLE IF NOT EXISTS.
CREATE OR REPLACE FUNCTION note_table(rel text, style text, dist text,
	sort_style text, sort_columns text[], keep_backup bool, fresh_only bool)
RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	id oid := redshift_sandbox.require_table(rel);
	known bool := EXISTS (SELECT FROM redshift_sandbox.table_attribute
		WHERE relid = id);
	col int2;
	i int := 0;
BEGIN
	IF fresh_only AND known THEN
		RETURN;
	END IF;
	IF NOT known THEN
		INSERT INTO redshift_sandbox.table_attribute (relid)
		VALUES (id);
	END IF;
	IF style IS NOT NULL THEN
		UPDATE redshift_sandbox.column_attribute SET distkey = false
		WHERE relid = id;
	END IF;
	IF dist IS NOT NULL THEN
		col := redshift_sandbox.mark_column(id, dist);
		UPDATE redshift_sandbox.column_attribute SET distkey = true
		WHERE relid = id AND attnum = col;
	END IF;
	IF sort_style IS NOT NULL THEN
		UPDATE redshift_sandbox.column_attribute SET sortkey = 0
		WHERE relid = id;
		WHILE i < coalesce(array_length(sort_columns, 1), 0) LOOP
			i := i + 1;
			col := redshift_sandbox.mark_column(id, sort_columns[i]);
			UPDATE redshift_sandbox.column_attribute
			SET sortkey = CASE WHEN sort_style = 'INTERLEAVED'
				AND i % 2 = 0 THEN -i ELSE i END
			WHERE relid = id AND attnum = col;
		END LOOP;
	END IF;
	UPDATE redshift_sandbox.table_attribute
	SET diststyle = coalesce(style, diststyle),
		sortstyle = coalesce(sort_style, sortstyle),
		backup = coalesce(keep_backup, backup)
	WHERE relid = id;
END $$;

CREATE OR REPLACE FUNCTION note_encoding(rel text, names text[],
	encodings text[]) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	id oid := redshift_sandbox.require_table(rel);
	col int2;
BEGIN
	FOR i IN 1 .. array_length(names, 1) LOOP
		IF encodings[i] <> ALL (ARRAY['az64', 'bytedict', 'delta',
			'delta32k', 'lzo', 'mostly8', 'mostly16', 'mostly32',
			'raw', 'runlength', 'text255', 'text32k', 'zstd',
			'auto']) THEN
			RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE =
				format('invalid encoding type specified for '
				'column "%s"', names[i]);
		END IF;
		col := redshift_sandbox.mark_column(id, names[i]);
		UPDATE redshift_sandbox.column_attribute
		SET encoding = nullif(encodings[i], 'auto')
		WHERE relid = id AND attnum = col;
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION note_constraint(rel text, con text, kind "char",
	names text[], ref text, ref_names text[]) RETURNS void
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	id oid := redshift_sandbox.require_table(rel);
	ref_id oid;
	col text;
BEGIN
	FOREACH col IN ARRAY names LOOP
		PERFORM redshift_sandbox.require_column(id, col);
		IF kind = 'p' THEN
			EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET '
				'NOT NULL', id::regclass, col);
		END IF;
	END LOOP;
	IF kind = 'p' AND EXISTS (SELECT FROM
		redshift_sandbox.constraint_attribute
		WHERE relid = id AND contype = 'p') THEN
		RAISE EXCEPTION USING ERRCODE = '42P16', MESSAGE =
			format('multiple primary keys for table "%s" are not '
			'allowed', rel);
	END IF;
	IF ref IS NOT NULL THEN
		ref_id := redshift_sandbox.require_table(ref);
		FOREACH col IN ARRAY coalesce(ref_names, '{}') LOOP
			PERFORM redshift_sandbox.require_column(ref_id, col);
		END LOOP;
	END IF;
	INSERT INTO redshift_sandbox.constraint_attribute
	VALUES (id, coalesce(con, (SELECT relname FROM pg_catalog.pg_class
		WHERE oid = id) || CASE kind WHEN 'p' THEN '_pkey'
		WHEN 'u' THEN '_' || array_to_string(names, '_') || '_key'
		ELSE '_' || array_to_string(names, '_') || '_fkey' END),
		kind, names, ref_id, nullif(ref_names, '{}'));
END $$;

CREATE OR REPLACE FUNCTION drop_constraint(rel text, con text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM redshift_sandbox.constraint_attribute c
	WHERE c.relid = redshift_sandbox.require_table(rel)
		AND c.conname = con;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE =
			format('constraint "%s" does not exist', con);
	END IF;
END $$;

-- LIKE takes over distribution, sort keys and encodings.
CREATE OR REPLACE FUNCTION note_like(rel text, parent text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	id oid := redshift_sandbox.require_table(rel);
	parent_id oid := redshift_sandbox.require_table(parent);
BEGIN
	INSERT INTO redshift_sandbox.table_attribute
		(relid, diststyle, sortstyle, backup)
	SELECT id, t.diststyle, t.sortstyle, t.backup
	FROM redshift_sandbox.table_attribute t WHERE t.relid = parent_id
	ON CONFLICT DO NOTHING;
	INSERT INTO redshift_sandbox.column_attribute
	SELECT id, mine.attnum, c.encoding, c.distkey, c.sortkey
	FROM redshift_sandbox.column_attribute c
	JOIN pg_catalog.pg_attribute theirs ON theirs.attrelid = parent_id
		AND theirs.attnum = c.attnum
	JOIN pg_catalog.pg_attribute mine ON mine.attrelid = id
		AND mine.attname = theirs.attname
	WHERE c.relid = parent_id
	ON CONFLICT DO NOTHING;
END $$;

-- ---- dates

CREATE OR REPLACE FUNCTION getdate() RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT date_trunc('second', statement_timestamp())::timestamp $$;
CREATE OR REPLACE FUNCTION sysdate() RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT transaction_timestamp()::timestamp $$;

-- Names of date parts with all their short forms; NULL: none of them.
CREATE OR REPLACE FUNCTION date_part_name(part text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE
	WHEN p IN ('millennium', 'millennia', 'mil', 'mils') THEN 'millennium'
	WHEN p IN ('century', 'centuries', 'c', 'cent', 'cents') THEN 'century'
	WHEN p IN ('decade', 'decades', 'dec', 'decs') THEN 'decade'
	WHEN p IN ('epoch') THEN 'epoch'
	WHEN p IN ('year', 'years', 'y', 'yr', 'yrs') THEN 'year'
	WHEN p IN ('quarter', 'quarters', 'qtr', 'qtrs') THEN 'quarter'
	WHEN p IN ('month', 'months', 'mon', 'mons') THEN 'month'
	WHEN p IN ('week', 'weeks', 'w') THEN 'week'
	WHEN p IN ('dayofweek', 'dow', 'dw', 'weekday') THEN 'dow'
	WHEN p IN ('dayofyear', 'doy', 'dy', 'yearday') THEN 'doy'
	WHEN p IN ('day', 'days', 'd') THEN 'day'
	WHEN p IN ('hour', 'hours', 'h', 'hr', 'hrs') THEN 'hour'
	WHEN p IN ('minute', 'minutes', 'm', 'min', 'mins') THEN 'minute'
	WHEN p IN ('second', 'seconds', 's', 'sec', 'secs') THEN 'second'
	WHEN p IN ('millisecond', 'milliseconds', 'ms', 'msec', 'msecs',
		'msecond', 'mseconds', 'millisec', 'millisecs', 'millisecon')
		THEN 'milliseconds'
	WHEN p IN ('microsecond', 'microseconds', 'microsec', 'microsecs',
		'microsecond', 'usecond', 'useconds', 'us', 'usec', 'usecs')
		THEN 'microseconds'
	WHEN p IN ('timezone', 'timezone_hour', 'timezone_minute', 'isodow',
		'isoyear', 'julian') THEN p
	END FROM (SELECT lower(part) AS p) x
$$;

CREATE OR REPLACE FUNCTION known_part(part text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	name text := redshift_sandbox.date_part_name(part);
BEGIN
	IF name IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE =
			format('date/time units "%s" not recognized', part);
	END IF;
	RETURN name;
END $$;

-- count units as an interval
CREATE OR REPLACE FUNCTION part_interval(part text, n bigint)
RETURNS interval LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE redshift_sandbox.known_part(part)
	WHEN 'millennium' THEN make_interval(years => (n * 1000)::int)
	WHEN 'century' THEN make_interval(years => (n * 100)::int)
	WHEN 'decade' THEN make_interval(years => (n * 10)::int)
	WHEN 'year' THEN make_interval(years => n::int)
	WHEN 'quarter' THEN make_interval(months => (n * 3)::int)
	WHEN 'month' THEN make_interval(months => n::int)
	WHEN 'week' THEN make_interval(weeks => n::int)
	WHEN 'day' THEN make_interval(days => n::int)
	WHEN 'doy' THEN make_interval(days => n::int)
	WHEN 'dow' THEN make_interval(days => n::int)
	WHEN 'hour' THEN n * interval '1 hour'
	WHEN 'minute' THEN n * interval '1 minute'
	WHEN 'second' THEN n * interval '1 second'
	WHEN 'milliseconds' THEN n * interval '1 millisecond'
	WHEN 'microseconds' THEN n * interval '1 microsecond'
	WHEN 'epoch' THEN n * interval '1 second'
	END
$$;

CREATE OR REPLACE FUNCTION dateadd(part text, n bigint, t timestamp)
RETURNS timestamp LANGUAGE sql IMMUTABLE AS
$$ SELECT t + redshift_sandbox.part_interval(part, n) $$;
CREATE OR REPLACE FUNCTION dateadd(part text, n bigint, t date)
RETURNS timestamp LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.dateadd(part, n, t::timestamp) $$;
CREATE OR REPLACE FUNCTION dateadd(part text, n bigint, t timestamptz)
RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT t + redshift_sandbox.part_interval(part, n) $$;
CREATE OR REPLACE FUNCTION dateadd(part text, n bigint, t time)
RETURNS time LANGUAGE sql IMMUTABLE AS
$$ SELECT t + redshift_sandbox.part_interval(part, n) $$;
CREATE OR REPLACE FUNCTION dateadd(part text, n bigint, t text)
RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.dateadd(part, n, t::timestamp) $$;

-- Boundaries crossed: a year lies between 2020-12-31 and 2021-01-01. Weeks
-- begin on Sunday here (DATE_TRUNC's begin on Monday).
CREATE OR REPLACE FUNCTION datediff(part text, a timestamp, b timestamp)
RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE redshift_sandbox.known_part(part)
	WHEN 'millennium' THEN floor((extract(year FROM b) - 1) / 1000)
		- floor((extract(year FROM a) - 1) / 1000)
	WHEN 'century' THEN floor((extract(year FROM b) - 1) / 100)
		- floor((extract(year FROM a) - 1) / 100)
	WHEN 'decade' THEN floor(extract(year FROM b) / 10)
		- floor(extract(year FROM a) / 10)
	WHEN 'year' THEN extract(year FROM b) - extract(year FROM a)
	WHEN 'quarter' THEN (extract(year FROM b) - extract(year FROM a)) * 4
		+ extract(quarter FROM b) - extract(quarter FROM a)
	WHEN 'month' THEN (extract(year FROM b) - extract(year FROM a)) * 12
		+ extract(month FROM b) - extract(month FROM a)
	WHEN 'week' THEN ((b::date - extract(dow FROM b)::int)
		- (a::date - extract(dow FROM a)::int)) / 7
	WHEN 'day' THEN b::date - a::date
	WHEN 'doy' THEN b::date - a::date
	WHEN 'dow' THEN b::date - a::date
	WHEN 'hour' THEN extract(epoch FROM date_trunc('hour', b)
		- date_trunc('hour', a)) / 3600
	WHEN 'minute' THEN extract(epoch FROM date_trunc('minute', b)
		- date_trunc('minute', a)) / 60
	WHEN 'second' THEN extract(epoch FROM date_trunc('second', b)
		- date_trunc('second', a))
	WHEN 'epoch' THEN extract(epoch FROM date_trunc('second', b)
		- date_trunc('second', a))
	WHEN 'milliseconds' THEN extract(epoch FROM
		date_trunc('milliseconds', b)
		- date_trunc('milliseconds', a)) * 1000
	WHEN 'microseconds' THEN extract(epoch FROM b - a) * 1000000
	END::bigint
$$;
CREATE OR REPLACE FUNCTION datediff(part text, a date, b date)
RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.datediff(part, a::timestamp, b::timestamp) $$;
CREATE OR REPLACE FUNCTION datediff(part text, a timestamptz, b timestamptz)
RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT redshift_sandbox.datediff(part,
	a AT TIME ZONE 'UTC', b AT TIME ZONE 'UTC') $$;
CREATE OR REPLACE FUNCTION datediff(part text, a time, b time)
RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.datediff(
	part, date '2000-01-01' + a, date '2000-01-01' + b) $$;
CREATE OR REPLACE FUNCTION datediff(part text, a text, b text)
RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.datediff(part, a::timestamp, b::timestamp) $$;
CREATE OR REPLACE FUNCTION datediff(part text, a timestamp, b text)
RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.datediff(part, a, b::timestamp) $$;
CREATE OR REPLACE FUNCTION datediff(part text, a text, b timestamp)
RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.datediff(part, a::timestamp, b) $$;

CREATE OR REPLACE FUNCTION date_trunc(part text, t timestamp)
RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.date_trunc(
	redshift_sandbox.known_part(part), t) $$;
CREATE OR REPLACE FUNCTION date_trunc(part text, t date)
RETURNS timestamp LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.date_trunc(part, t::timestamp) $$;
CREATE OR REPLACE FUNCTION date_trunc(part text, t timestamptz)
RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT pg_catalog.date_trunc(
	redshift_sandbox.known_part(part), t) $$;
CREATE OR REPLACE FUNCTION date_trunc(part text, t interval)
RETURNS interval LANGUAGE sql STABLE AS $$ SELECT pg_catalog.date_trunc(
	redshift_sandbox.known_part(part), t) $$;

CREATE OR REPLACE FUNCTION date_part(part text, t timestamp)
RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT CASE
	redshift_sandbox.known_part(part)
	WHEN 'milliseconds' THEN floor(pg_catalog.date_part('milliseconds', t)
		::numeric % 1000)::float8
	WHEN 'microseconds' THEN (pg_catalog.date_part('microseconds', t)
		::bigint % 1000000)::float8
	WHEN 'second' THEN floor(pg_catalog.date_part('second', t))
	ELSE pg_catalog.date_part(redshift_sandbox.known_part(part), t) END $$;
CREATE OR REPLACE FUNCTION date_part(part text, t date)
RETURNS float8 LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.date_part(part, t::timestamp) $$;
CREATE OR REPLACE FUNCTION date_part(part text, t timestamptz)
RETURNS float8 LANGUAGE sql STABLE AS $$ SELECT pg_catalog.date_part(
	redshift_sandbox.known_part(part), t) $$;
CREATE OR REPLACE FUNCTION date_part(part text, t time)
RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.date_part(
	redshift_sandbox.known_part(part), t) $$;
CREATE OR REPLACE FUNCTION date_part(part text, t interval)
RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.date_part(
	redshift_sandbox.known_part(part), t) $$;
CREATE OR REPLACE FUNCTION date_part_year(t date) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT extract(year FROM t)::int $$;

-- Unlike DATEADD: the last day of a month stays the last day.
CREATE OR REPLACE FUNCTION add_months(t timestamp, n bigint)
RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN t::date = (date_trunc('month', t)
		+ interval '1 month' - interval '1 day')::date
	THEN date_trunc('month', t) + make_interval(months => n::int + 1)
		- interval '1 day' + t::time
	ELSE t + make_interval(months => n::int) END
$$;
CREATE OR REPLACE FUNCTION last_day(t timestamp) RETURNS date
LANGUAGE sql IMMUTABLE AS $$ SELECT (date_trunc('month', t)
	+ interval '1 month' - interval '1 day')::date $$;
-- Whole months when both are the same day or both the last; else 31sts.
CREATE OR REPLACE FUNCTION months_between(a timestamp, b timestamp)
RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
	SELECT months + CASE
		WHEN extract(day FROM a) = extract(day FROM b) THEN 0
		WHEN a::date = redshift_sandbox.last_day(a)
			AND b::date = redshift_sandbox.last_day(b) THEN 0
		ELSE (extract(day FROM a) - extract(day FROM b)
			+ (extract(epoch FROM a::time)
			- extract(epoch FROM b::time)) / 86400.0) / 31.0 END
	FROM (SELECT (extract(year FROM a) - extract(year FROM b)) * 12
		+ extract(month FROM a) - extract(month FROM b) AS months) x
$$;
CREATE OR REPLACE FUNCTION next_day(t timestamp, day text) RETURNS date
LANGUAGE sql IMMUTABLE AS $$
	SELECT t::date + ((w - extract(dow FROM t)::int + 6) % 7 + 1)
	FROM (SELECT CASE left(lower(day), 2) WHEN 'su' THEN 0 WHEN 'mo' THEN 1
		WHEN 'm' THEN 1 WHEN 'tu' THEN 2 WHEN 'we' THEN 3 WHEN 'w' THEN 3
		WHEN 'th' THEN 4 WHEN 'fr' THEN 5 WHEN 'f' THEN 5
		WHEN 'sa' THEN 6 END AS w) x
$$;
CREATE OR REPLACE FUNCTION convert_timezone(target text, t timestamp)
RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT t AT TIME ZONE 'UTC' AT TIME ZONE target $$;
CREATE OR REPLACE FUNCTION convert_timezone(source text, target text,
	t timestamp) RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT t AT TIME ZONE source AT TIME ZONE target $$;
CREATE OR REPLACE FUNCTION convert_timezone(target text, t timestamptz)
RETURNS timestamp LANGUAGE sql STABLE AS $$ SELECT t AT TIME ZONE target $$;
CREATE OR REPLACE FUNCTION date_cmp(a date, b date) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT sign(a - b)::int $$;
CREATE OR REPLACE FUNCTION timestamp_cmp(a timestamp, b timestamp) RETURNS int
LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN a < b THEN -1 WHEN a > b THEN 1 WHEN a = b THEN 0 END $$;
CREATE OR REPLACE FUNCTION timestamptz_cmp(a timestamptz, b timestamptz)
RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN a < b THEN -1 WHEN a > b THEN 1 WHEN a = b THEN 0 END $$;
CREATE OR REPLACE FUNCTION date_cmp_timestamp(a date, b timestamp) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.timestamp_cmp(a, b) $$;
CREATE OR REPLACE FUNCTION timestamp_cmp_date(a timestamp, b date) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.timestamp_cmp(a, b) $$;
CREATE OR REPLACE FUNCTION interval_cmp(a interval, b interval) RETURNS int
LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN a < b THEN -1 WHEN a > b THEN 1 WHEN a = b THEN 0 END $$;

CREATE OR REPLACE FUNCTION to_date(t text, format text) RETURNS date
LANGUAGE sql STABLE AS $$ SELECT pg_catalog.to_date(t, format) $$;
-- is_strict: PostgreSQL refuses impossible dates by itself.
CREATE OR REPLACE FUNCTION to_date(t text, format text, is_strict bool)
RETURNS date LANGUAGE sql STABLE AS $$ SELECT pg_catalog.to_date(t, format) $$;
CREATE OR REPLACE FUNCTION to_timestamp(t text, format text)
RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT pg_catalog.to_timestamp(t, format) $$;
CREATE OR REPLACE FUNCTION to_timestamp(t text, format text, is_strict bool)
RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT pg_catalog.to_timestamp(t, format) $$;
CREATE OR REPLACE FUNCTION to_number(t text, format text) RETURNS numeric
LANGUAGE sql STABLE AS $$ SELECT pg_catalog.to_number(t, format) $$;

-- ---- numbers

CREATE OR REPLACE FUNCTION trunc(t timestamp) RETURNS date
LANGUAGE sql IMMUTABLE AS $$ SELECT t::date $$;
CREATE OR REPLACE FUNCTION trunc(t timestamptz) RETURNS date
LANGUAGE sql STABLE AS $$ SELECT t::date $$;
CREATE OR REPLACE FUNCTION trunc(n numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.trunc(n) $$;
CREATE OR REPLACE FUNCTION trunc(n numeric, digits int) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.trunc(n, digits) $$;
CREATE OR REPLACE FUNCTION trunc(n float8) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.trunc(n) $$;
CREATE OR REPLACE FUNCTION trunc(n float8, digits int) RETURNS float8
LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.trunc(n::numeric, digits)::float8 $$;
CREATE OR REPLACE FUNCTION dexp(n float8) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$ SELECT exp(n) $$;
CREATE OR REPLACE FUNCTION dlog1(n float8) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$ SELECT ln(n) $$;
CREATE OR REPLACE FUNCTION dlog10(n float8) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.log(n) $$;
CREATE OR REPLACE FUNCTION log(n float8) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.log(n) $$;
CREATE OR REPLACE FUNCTION ratio_to_report(x float8, total float8)
RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT x / nullif(total, 0) $$;

CREATE OR REPLACE FUNCTION strtol(n text, base int) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	digits text := lower(ltrim(n));
	negative bool := left(digits, 1) = '-';
	value numeric := 0;
	digit int;
BEGIN
	IF base < 2 OR base > 36 THEN
		RAISE EXCEPTION 'base must be between 2 and 36';
	END IF;
	digits := ltrim(digits, '+-');
	IF base = 16 AND left(digits, 2) = '0x' THEN
		digits := substr(digits, 3);
	END IF;
	IF digits = '' THEN
		RAISE EXCEPTION USING ERRCODE = '22P02', MESSAGE =
			format('The input %s is not valid to be converted to '
			'base %s', n, base);
	END IF;
	FOR i IN 1 .. length(digits) LOOP
		digit := strpos('0123456789abcdefghijklmnopqrstuvwxyz',
			substr(digits, i, 1)) - 1;
		IF digit < 0 OR digit >= base THEN
			RAISE EXCEPTION USING ERRCODE = '22P02', MESSAGE =
				format('The input %s is not valid to be '
				'converted to base %s', n, base);
		END IF;
		value := value * base + digit;
	END LOOP;
	RETURN CASE WHEN negative THEN -value ELSE value END;
END $$;

CREATE OR REPLACE FUNCTION to_hex(n bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.to_hex(n) $$;
CREATE OR REPLACE FUNCTION to_hex(b bytea) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT encode(b, 'hex') $$;
CREATE OR REPLACE FUNCTION from_hex(t text) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$ SELECT decode(t, 'hex') $$;

-- ---- aggregates

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

CREATE OR REPLACE FUNCTION sum_step(state bigint, n bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN n IS NULL THEN state ELSE coalesce(state, 0) + n END $$;
CREATE OR REPLACE AGGREGATE sum(bigint) (SFUNC = sum_step, STYPE = bigint);
CREATE OR REPLACE AGGREGATE sum(int) (SFUNC = int4_sum, STYPE = bigint);
CREATE OR REPLACE AGGREGATE sum(int2) (SFUNC = int2_sum, STYPE = bigint);
CREATE OR REPLACE AGGREGATE sum(real) (SFUNC = float4pl, STYPE = real);
CREATE OR REPLACE AGGREGATE sum(numeric) (SFUNC = numeric_avg_accum,
	STYPE = internal, FINALFUNC = numeric_sum);
CREATE OR REPLACE AGGREGATE sum(float8) (SFUNC = float8pl, STYPE = float8);
CREATE OR REPLACE AGGREGATE sum(interval) (SFUNC = interval_pl,
	STYPE = interval);

-- LISTAGG of anything; NULLs are left out.
CREATE OR REPLACE FUNCTION listagg_step(state text, x anyelement,
	delimiter text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN x IS NULL THEN state WHEN state IS NULL THEN x::text
		ELSE state || coalesce(delimiter, '') || x::text END $$;
CREATE OR REPLACE FUNCTION listagg_step(state text, x anyelement)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN x IS NULL THEN state
		ELSE coalesce(state, '') || x::text END $$;
CREATE OR REPLACE AGGREGATE listagg(anyelement, text)
	(SFUNC = listagg_step, STYPE = text);
CREATE OR REPLACE AGGREGATE listagg(anyelement)
	(SFUNC = listagg_step, STYPE = text);

CREATE OR REPLACE FUNCTION percentile_of(list float8[], p float8)
RETURNS float8 LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.percentile_cont(p) WITHIN GROUP (ORDER BY x)
	FROM unnest(list) x $$;
CREATE OR REPLACE FUNCTION median_final(list float8[]) RETURNS float8
LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.percentile_of(list, 0.5) $$;
CREATE OR REPLACE AGGREGATE median(float8) (SFUNC = array_append,
	STYPE = float8[], FINALFUNC = median_final);
CREATE OR REPLACE FUNCTION median_date_step(list float8[], t timestamp)
RETURNS float8[] LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN t IS NULL
	THEN list ELSE array_append(list, extract(epoch FROM t)::float8) END $$;
CREATE OR REPLACE FUNCTION median_date_final(list float8[]) RETURNS timestamp
LANGUAGE sql IMMUTABLE AS $$ SELECT to_timestamp(
	redshift_sandbox.percentile_of(list, 0.5)) AT TIME ZONE 'UTC' $$;
CREATE OR REPLACE AGGREGATE median(timestamp) (SFUNC = median_date_step,
	STYPE = float8[], FINALFUNC = median_date_final);

-- Over a window; the percentile is the same in every row.
CREATE OR REPLACE FUNCTION percentile_step(state float8[], p float8, x float8)
RETURNS float8[] LANGUAGE sql IMMUTABLE AS $$ SELECT CASE
	WHEN x IS NULL THEN coalesce(state, ARRAY[p])
	ELSE array_append(coalesce(state, ARRAY[p]), x) END $$;
CREATE OR REPLACE FUNCTION percentile_cont_final(state float8[])
RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT
	redshift_sandbox.percentile_of(state[2:], state[1]) $$;
CREATE OR REPLACE FUNCTION percentile_disc_final(state float8[])
RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT
	pg_catalog.percentile_disc(state[1]) WITHIN GROUP (ORDER BY x)
	FROM unnest(state[2:]) x $$;
CREATE OR REPLACE AGGREGATE percentile_cont(float8, float8)
	(SFUNC = percentile_step, STYPE = float8[],
	FINALFUNC = percentile_cont_final);
CREATE OR REPLACE AGGREGATE percentile_disc(float8, float8)
	(SFUNC = percentile_step, STYPE = float8[],
	FINALFUNC = percentile_disc_final);

CREATE OR REPLACE FUNCTION any_value_step(state anyelement, x anyelement)
RETURNS anyelement LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(state, x) $$;
CREATE OR REPLACE AGGREGATE any_value(anyelement)
	(SFUNC = any_value_step, STYPE = anyelement);

-- ---- text

-- Trailing blanks of CHAR do not count, those of VARCHAR do.
CREATE OR REPLACE FUNCTION len(t text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT length(t) $$;
CREATE OR REPLACE FUNCTION len(t bpchar) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT length(t) $$;
CREATE OR REPLACE FUNCTION len(b bytea) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT length(b) $$;
CREATE OR REPLACE FUNCTION textlen(t text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT length(t) $$;
CREATE OR REPLACE FUNCTION charindex(part text, t text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT strpos(t, part) $$;
CREATE OR REPLACE FUNCTION octetindex(part text, t text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT position(convert_to(part, 'UTF8')
	IN convert_to(t, 'UTF8')) $$;
CREATE OR REPLACE FUNCTION replicate(t text, n int) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT repeat(t, n) $$;
CREATE OR REPLACE FUNCTION translate(t text, a text, b text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.translate(t, a, b) $$;
-- NULL with anything is NULL here, unlike PostgreSQL's concat.
CREATE OR REPLACE FUNCTION concat(a text, b text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT a || b $$;
CREATE OR REPLACE FUNCTION bpcharcmp(a text, b text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN rtrim(a) < rtrim(b) THEN -1
	WHEN rtrim(a) > rtrim(b) THEN 1 WHEN a IS NULL OR b IS NULL THEN NULL
	ELSE 0 END $$;
CREATE OR REPLACE FUNCTION bttext_pattern_cmp(a text, b text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.bpcharcmp(a, b) $$;

-- 'p': Perl's forms, 'i': without case, 'e': the group, 'c': with case.
CREATE OR REPLACE FUNCTION regexp_flags(parameters text) RETURNS text
LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN strpos(parameters, 'i') > 0 THEN 'i' ELSE '' END $$;
CREATE OR REPLACE FUNCTION regexp_substr(t text, pattern text,
	start int DEFAULT 1, occurrence int DEFAULT 1,
	parameters text DEFAULT '') RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(pg_catalog.regexp_substr(t, pattern, start, occurrence,
		redshift_sandbox.regexp_flags(parameters),
		CASE WHEN strpos(parameters, 'e') > 0 THEN 1 ELSE 0 END),
		CASE WHEN t IS NOT NULL AND pattern IS NOT NULL THEN '' END) $$;
CREATE OR REPLACE FUNCTION regexp_count(t text, pattern text,
	start int DEFAULT 1, parameters text DEFAULT '') RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.regexp_count(t, pattern, start,
	redshift_sandbox.regexp_flags(parameters)) $$;
CREATE OR REPLACE FUNCTION regexp_instr(t text, pattern text,
	start int DEFAULT 1, occurrence int DEFAULT 1, opt int DEFAULT 0,
	parameters text DEFAULT '') RETURNS int LANGUAGE sql IMMUTABLE AS $$
	SELECT pg_catalog.regexp_instr(t, pattern, start, occurrence, opt,
		redshift_sandbox.regexp_flags(parameters)) $$;
-- All occurrences, not only the first.
CREATE OR REPLACE FUNCTION regexp_replace(t text, pattern text,
	replacement text DEFAULT '', start int DEFAULT 1,
	parameters text DEFAULT '') RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT left(t, start - 1) || pg_catalog.regexp_replace(
		substr(t, start), pattern,
		pg_catalog.regexp_replace(replacement, '\$([0-9])', '\\\1', 'g'),
		'g' || redshift_sandbox.regexp_flags(parameters)) $$;

CREATE OR REPLACE FUNCTION sha1(t text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT encode(redshift_sandbox.digest(t, 'sha1'), 'hex') $$;
CREATE OR REPLACE FUNCTION sha(t text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.sha1(t) $$;
CREATE OR REPLACE FUNCTION func_sha1(t text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.sha1(t) $$;
CREATE OR REPLACE FUNCTION sha2(t text, bits int) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT encode(CASE bits
	WHEN 224 THEN sha224(convert_to(t, 'UTF8'))
	WHEN 0 THEN sha256(convert_to(t, 'UTF8'))
	WHEN 256 THEN sha256(convert_to(t, 'UTF8'))
	WHEN 384 THEN sha384(convert_to(t, 'UTF8'))
	WHEN 512 THEN sha512(convert_to(t, 'UTF8')) END, 'hex') $$;

-- ---- JSON in text, and SUPER (jsonb here)

CREATE OR REPLACE FUNCTION can_json_parse(t text) RETURNS bool
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	PERFORM t::jsonb;
	RETURN t IS NOT NULL;
EXCEPTION WHEN OTHERS THEN
	RETURN false;
END $$;
CREATE OR REPLACE FUNCTION is_valid_json(t text) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.can_json_parse(t)
	AND left(ltrim(t, E' \t\r\n'), 1) = '{' $$;
CREATE OR REPLACE FUNCTION is_valid_json_array(t text) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.can_json_parse(t)
	AND left(ltrim(t, E' \t\r\n'), 1) = '[' $$;
CREATE OR REPLACE FUNCTION json_of(t text, quiet bool) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN nullif(t, '')::jsonb;
EXCEPTION WHEN OTHERS THEN
	IF quiet THEN
		RETURN NULL;
	END IF;
	RAISE EXCEPTION USING ERRCODE = '22P02', MESSAGE =
		'JSON parsing error', DETAIL = format('invalid json object %s',
		left(t, 200));
END $$;
CREATE OR REPLACE FUNCTION json_extract_path_text(t text, VARIADIC path text[])
RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.json_of(t, false) #>> path $$;
CREATE OR REPLACE FUNCTION json_extract_path_text(t text, a text, quiet bool)
RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.json_of(t, quiet) #>> ARRAY[a] $$;
CREATE OR REPLACE FUNCTION json_extract_path_text(t text, a text, b text,
	quiet bool) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.json_of(t, quiet) #>> ARRAY[a, b] $$;
CREATE OR REPLACE FUNCTION json_extract_path_text(t text, a text, b text,
	c text, quiet bool) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.json_of(t, quiet) #>> ARRAY[a, b, c] $$;
CREATE OR REPLACE FUNCTION json_extract_array_element_text(t text, pos int,
	quiet bool DEFAULT false) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT redshift_sandbox.json_of(t, quiet) ->> pos $$;
CREATE OR REPLACE FUNCTION json_array_length(t text,
	quiet bool DEFAULT false) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT jsonb_array_length(redshift_sandbox.json_of(t, quiet)) $$;
CREATE OR REPLACE FUNCTION json_parse(t text) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.json_of(t, false) $$;
CREATE OR REPLACE FUNCTION json_serialize(j jsonb) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT replace(replace(j::text, '": ', '":'),
	', "', ',"') $$;
CREATE OR REPLACE FUNCTION json_typeof(j jsonb) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_typeof(j) $$;
CREATE OR REPLACE FUNCTION is_array(j jsonb) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_typeof(j) = 'array' $$;
CREATE OR REPLACE FUNCTION is_object(j jsonb) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_typeof(j) = 'object' $$;
CREATE OR REPLACE FUNCTION is_boolean(j jsonb) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_typeof(j) = 'boolean' $$;
CREATE OR REPLACE FUNCTION is_varchar(j jsonb) RETURNS bool
LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_typeof(j) = 'string' $$;
CREATE OR REPLACE FUNCTION is_scalar(j jsonb) RETURNS bool
LANGUAGE sql IMMUTABLE AS
$$ SELECT jsonb_typeof(j) NOT IN ('array', 'object', 'null') $$;
CREATE OR REPLACE FUNCTION get_array_length(j jsonb) RETURNS bigint
LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE jsonb_typeof(j) WHEN 'array' THEN jsonb_array_length(j) END $$;
CREATE OR REPLACE FUNCTION split_to_array(t text, delimiter text DEFAULT ',')
RETURNS jsonb LANGUAGE sql IMMUTABLE AS
$$ SELECT to_jsonb(string_to_array(t, delimiter)) $$;

RESET search_path;
RESET check_function_bodies;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA redshift_sandbox TO PUBLIC;
