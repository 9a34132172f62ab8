-- Dates and times. See functions.sql; repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

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
RETURNS float8 LANGUAGE sql STABLE AS $$ SELECT CASE
	WHEN redshift_sandbox.known_part(part) IN ('epoch', 'timezone',
		'timezone_hour', 'timezone_minute') THEN pg_catalog.date_part(
		redshift_sandbox.known_part(part), t)
	ELSE redshift_sandbox.date_part(part, t::timestamp) END $$;
CREATE OR REPLACE FUNCTION date_part(part text, t time)
RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT
	redshift_sandbox.date_part(part, date '1970-01-01' + t) $$;
CREATE OR REPLACE FUNCTION date_part(part text, t timetz)
RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.date_part(
	redshift_sandbox.known_part(part), t) $$;
CREATE OR REPLACE FUNCTION date_part(part text, t interval)
RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.date_part(
	redshift_sandbox.known_part(part), t) $$;
CREATE OR REPLACE FUNCTION date_part(part text, t text)
RETURNS float8 LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.date_part(part, t::timestamp) $$;
CREATE OR REPLACE FUNCTION date_trunc(part text, t text)
RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.date_trunc(part, t::timestamp) $$;
-- EXTRACT is an INTEGER, of TIMESTAMPTZ a DOUBLE PRECISION; seconds since 1970
-- outgrow it. as_type tells these calls from DATE_PART's.
DO $$
DECLARE
	kind text;
BEGIN
	FOREACH kind IN ARRAY ARRAY['timestamp', 'date', 'time', 'timetz',
		'interval'] LOOP
		EXECUTE format('CREATE OR REPLACE FUNCTION date_part(part '
			'text, t %s, as_type int) RETURNS int LANGUAGE sql '
			'IMMUTABLE AS ''SELECT '
			'redshift_sandbox.date_part(part, t)::int''', kind);
		EXECUTE format('CREATE OR REPLACE FUNCTION date_part(part '
			'text, t %s, as_type bigint) RETURNS bigint LANGUAGE '
			'sql IMMUTABLE AS ''SELECT floor('
			'redshift_sandbox.date_part(part, t))::bigint''', kind);
	END LOOP;
END $$;
CREATE OR REPLACE FUNCTION date_part(part text, t timestamptz, as_type int)
RETURNS float8 LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.date_part(part, t) $$;
CREATE OR REPLACE FUNCTION date_part(part text, t timestamptz, as_type bigint)
RETURNS float8 LANGUAGE sql STABLE AS
$$ SELECT redshift_sandbox.date_part(part, t) $$;
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
-- 'NEWZONE -2', '-2:15': hours west of Greenwich, as POSIX has them.
CREATE OR REPLACE FUNCTION zone_name(zone text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE
	WHEN zone ~ '^\s*[-+]?\d' THEN 'GMT' || trim(zone)
	WHEN zone ~ '^\w+\s+[-+]\d' THEN replace(zone, ' ', '')
	ELSE zone END $$;
CREATE OR REPLACE FUNCTION convert_timezone(target text, t timestamp)
RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT t AT TIME ZONE 'UTC'
	AT TIME ZONE redshift_sandbox.zone_name(target) $$;
CREATE OR REPLACE FUNCTION convert_timezone(source text, target text,
	t timestamp) RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT t AT TIME ZONE redshift_sandbox.zone_name(source)
	AT TIME ZONE redshift_sandbox.zone_name(target) $$;
CREATE OR REPLACE FUNCTION convert_timezone(target text, t timestamptz)
RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT t AT TIME ZONE redshift_sandbox.zone_name(target) $$;
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

RESET search_path;
RESET check_function_bodies;
