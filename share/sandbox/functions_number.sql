-- Numbers. See functions.sql; repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

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
-- DOUBLE PRECISION whatever they are of.
CREATE OR REPLACE FUNCTION ln(n float8) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.ln(n) $$;
CREATE OR REPLACE FUNCTION exp(n float8) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.exp(n) $$;
CREATE OR REPLACE FUNCTION sqrt(n float8) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.sqrt(n) $$;
CREATE OR REPLACE FUNCTION power(a float8, b float8) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.power(a, b) $$;
CREATE OR REPLACE FUNCTION pow(a float8, b float8) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.power(a, b) $$;
-- The type of the argument stays; a half goes away from 0.
CREATE OR REPLACE FUNCTION round(n int) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT n $$;
CREATE OR REPLACE FUNCTION round(n bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT n $$;
CREATE OR REPLACE FUNCTION round(n numeric, digits int DEFAULT 0)
RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_catalog.round(n, digits) $$;
CREATE OR REPLACE FUNCTION round(n float8, digits int DEFAULT 0)
RETURNS float8 LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN n IN ('NaN', 'Infinity', '-Infinity') THEN n
	ELSE pg_catalog.round(n::numeric, digits)::float8 END $$;
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

RESET search_path;
RESET check_function_bodies;
