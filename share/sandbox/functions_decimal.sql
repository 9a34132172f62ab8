-- Computed DECIMAL values: sandbox/decimal knows where a quotient ends. See
-- functions.sql; repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

DO $$
BEGIN
	IF to_regtype('redshift_sandbox.decimal_mark') IS NULL THEN
		-- 10^scale and 10^-scale
		CREATE TYPE redshift_sandbox.decimal_mark AS (up numeric,
			down numeric);
		CREATE TYPE redshift_sandbox.dividend AS (value numeric,
			down numeric);
	END IF;
END $$;

CREATE OR REPLACE FUNCTION divide_begin(a numeric, mark decimal_mark)
RETURNS dividend LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ROW(a * (mark).up, (mark).down)::redshift_sandbox.dividend $$;
CREATE OR REPLACE FUNCTION divide_end(a dividend, b numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT pg_catalog.div((a).value, b) * (a).down $$;

-- a / mark / b
DO $$
BEGIN
	IF to_regoperator('pg_catalog./(numeric,redshift_sandbox.decimal_mark)')
		IS NULL THEN
		CREATE OPERATOR pg_catalog./ (LEFTARG = numeric, RIGHTARG =
			redshift_sandbox.decimal_mark,
			FUNCTION = redshift_sandbox.divide_begin);
		CREATE OPERATOR pg_catalog./ (LEFTARG =
			redshift_sandbox.dividend, RIGHTARG = numeric,
			FUNCTION = redshift_sandbox.divide_end);
	END IF;
END $$;

-- An average, cut. Around the aggregate.
CREATE OR REPLACE FUNCTION avg(a numeric, scale int) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.trunc(a, scale) $$;

-- The columns of a table or view that a query has just made.
CREATE OR REPLACE FUNCTION note_decimals(rel text, modifiers int[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	id oid := pg_catalog.to_regclass(rel);
BEGIN
	IF NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = id
		AND c.xmin = pg_catalog.pg_current_xact_id()::xid) THEN
		RETURN;
	END IF;
	UPDATE pg_catalog.pg_attribute a SET atttypmod = modifiers[a.attnum]
	WHERE a.attrelid = id AND a.attnum BETWEEN 1
		AND pg_catalog.array_length(modifiers, 1)
	AND a.atttypid = 'numeric'::regtype AND a.atttypmod = -1;
END $$;

RESET search_path;
RESET check_function_bodies;
