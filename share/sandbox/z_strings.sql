-- Strings as Redshift has them: lengths in bytes, CHAR of single bytes only,
-- trailing blanks without meaning when VARCHAR values are compared. Runs after
-- the other scripts; may run again.

-- The longest beginning of at most size bytes; what is cut off must be blanks
-- unless the cast was written.
CREATE OR REPLACE FUNCTION redshift_sandbox.varchar_cut(value varchar,
	size int, written bool)
RETURNS varchar LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	bytes bytea := pg_catalog.convert_to(value, 'UTF8');
	cut int := size;
BEGIN
	WHILE cut > 0 AND pg_catalog.get_byte(bytes, cut) & 192 = 128 LOOP
		cut := cut - 1;
	END LOOP;
	IF NOT written AND pg_catalog.btrim(pg_catalog.convert_from(
		pg_catalog.substr(bytes, cut + 1), 'UTF8'), ' ') <> '' THEN
		RAISE EXCEPTION 'value too long for type character varying(%)',
			size USING ERRCODE = '22001';
	END IF;
	RETURN pg_catalog.convert_from(pg_catalog.substr(bytes, 1, cut),
		'UTF8');
END $$;

-- What PostgreSQL calls to fit a value into VARCHAR(typmod - 4).
CREATE OR REPLACE FUNCTION redshift_sandbox.varchar_fit(value varchar,
	typmod int, written bool)
RETURNS varchar LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN pg_catalog.octet_length(value) <= typmod - 4
			OR typmod < 4
		THEN value
		ELSE redshift_sandbox.varchar_cut(value, typmod - 4, written)
	END
$$;

CREATE OR REPLACE FUNCTION redshift_sandbox.char_refuse(value bpchar)
RETURNS bpchar LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
	RAISE EXCEPTION 'Multibyte character not supported for CHAR (Hint: try using VARCHAR)'
		USING ERRCODE = 'XX000';
END $$;

-- The same for CHAR(typmod - 4).
CREATE OR REPLACE FUNCTION redshift_sandbox.char_fit(value bpchar,
	typmod int, written bool)
RETURNS bpchar LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN pg_catalog.octet_length(value::text) =
			pg_catalog.char_length(value::text)
		THEN pg_catalog.bpchar(value, typmod, written)
		ELSE redshift_sandbox.char_refuse(value)
	END
$$;

UPDATE pg_catalog.pg_cast SET castfunc =
	'redshift_sandbox.char_fit(bpchar,int,bool)'::regprocedure
WHERE castsource = 'bpchar'::regtype AND casttarget = 'bpchar'::regtype;
UPDATE pg_catalog.pg_cast SET castfunc =
	'redshift_sandbox.varchar_fit(varchar,int,bool)'::regprocedure
WHERE castsource = 'varchar'::regtype AND casttarget = 'varchar'::regtype;

-- Comparisons of VARCHAR with VARCHAR and CHAR: PostgreSQL's own of CHAR,
-- which pass over trailing blanks. As default operator classes they also
-- serve DISTINCT, GROUP BY, ORDER BY and joins.
DO $$
DECLARE
	sides text[] := ARRAY['varchar,varchar', 'varchar,bpchar',
		'bpchar,varchar'];
	side text;
	l text;
	r text;
	row record;
BEGIN
	IF EXISTS (SELECT FROM pg_catalog.pg_opclass
		WHERE opcname = 'redshift_varchar_ops') THEN
		RETURN;
	END IF;
	CREATE OPERATOR FAMILY redshift_sandbox.varchar_family USING btree;
	CREATE OPERATOR FAMILY redshift_sandbox.varchar_family USING hash;
	CREATE FUNCTION redshift_sandbox.varchar_hash(varchar) RETURNS int
		LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE
		AS 'hashbpchar';
	CREATE FUNCTION redshift_sandbox.varchar_hash_wide(varchar, bigint)
		RETURNS bigint LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE
		AS 'hashbpcharextended';
	CREATE FUNCTION redshift_sandbox.varchar_sort(internal) RETURNS void
		LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE
		AS 'bpchar_sortsupport';
	FOREACH side IN ARRAY sides LOOP
		l := split_part(side, ',', 1);
		r := split_part(side, ',', 2);
		EXECUTE format('CREATE FUNCTION redshift_sandbox.varchar_cmp(%s)
			RETURNS int LANGUAGE internal IMMUTABLE STRICT
			PARALLEL SAFE AS ''bpcharcmp''', side);
		FOR row IN SELECT * FROM (VALUES
			('=', '=', '<>', 'bpchareq', 'eqsel', 'eqjoinsel'),
			('<>', '<>', '=', 'bpcharne', 'neqsel', 'neqjoinsel'),
			('<', '>', '>=', 'bpcharlt', 'scalarltsel',
				'scalarltjoinsel'),
			('>', '<', '<=', 'bpchargt', 'scalargtsel',
				'scalargtjoinsel'),
			('<=', '>=', '>', 'bpcharle', 'scalarlesel',
				'scalarlejoinsel'),
			('>=', '<=', '<', 'bpcharge', 'scalargesel',
				'scalargejoinsel'))
			AS o (sign, turned, negated, code, part, join_part)
		LOOP
			EXECUTE format('CREATE FUNCTION redshift_sandbox.%s(%s)
				RETURNS bool LANGUAGE internal IMMUTABLE STRICT
				PARALLEL SAFE AS %L',
				replace(row.code, 'bpchar', 'varchar_'), side,
				row.code);
			EXECUTE format('CREATE OPERATOR pg_catalog.%s (
				LEFTARG = %s, RIGHTARG = %s,
				FUNCTION = redshift_sandbox.%s,
				COMMUTATOR = OPERATOR(pg_catalog.%s),
				NEGATOR = OPERATOR(pg_catalog.%s),
				RESTRICT = %s, JOIN = %s%s)',
				row.sign, l, r,
				replace(row.code, 'bpchar', 'varchar_'),
				row.turned, row.negated, row.part,
				row.join_part,
				CASE row.sign WHEN '=' THEN ', HASHES, MERGES'
					ELSE '' END);
		END LOOP;
	END LOOP;
	CREATE OPERATOR CLASS redshift_sandbox.redshift_varchar_ops
		DEFAULT FOR TYPE varchar USING btree
		FAMILY redshift_sandbox.varchar_family AS
		OPERATOR 1 pg_catalog.< (varchar, varchar),
		OPERATOR 2 pg_catalog.<= (varchar, varchar),
		OPERATOR 3 pg_catalog.= (varchar, varchar),
		OPERATOR 4 pg_catalog.>= (varchar, varchar),
		OPERATOR 5 pg_catalog.> (varchar, varchar),
		FUNCTION 1 redshift_sandbox.varchar_cmp(varchar, varchar),
		FUNCTION 2 redshift_sandbox.varchar_sort(internal);
	CREATE OPERATOR CLASS redshift_sandbox.redshift_varchar_ops
		DEFAULT FOR TYPE varchar USING hash
		FAMILY redshift_sandbox.varchar_family AS
		OPERATOR 1 pg_catalog.= (varchar, varchar),
		FUNCTION 1 redshift_sandbox.varchar_hash(varchar),
		FUNCTION 2 redshift_sandbox.varchar_hash_wide(varchar, bigint);
	-- joins of VARCHAR with CHAR
	FOREACH side IN ARRAY ARRAY['varchar, bpchar', 'bpchar, varchar',
		'bpchar, bpchar'] LOOP
		EXECUTE format('ALTER OPERATOR FAMILY
			redshift_sandbox.varchar_family USING btree ADD
			OPERATOR 1 pg_catalog.< (%1$s),
			OPERATOR 2 pg_catalog.<= (%1$s),
			OPERATOR 3 pg_catalog.= (%1$s),
			OPERATOR 4 pg_catalog.>= (%1$s),
			OPERATOR 5 pg_catalog.> (%1$s),
			FUNCTION 1 (%1$s) %2$s(%1$s)', side,
			CASE side WHEN 'bpchar, bpchar'
				THEN 'pg_catalog.bpcharcmp'
				ELSE 'redshift_sandbox.varchar_cmp' END);
		EXECUTE format('ALTER OPERATOR FAMILY
			redshift_sandbox.varchar_family USING hash ADD
			OPERATOR 1 pg_catalog.= (%1$s)', side);
	END LOOP;
	ALTER OPERATOR FAMILY redshift_sandbox.varchar_family USING hash ADD
		FUNCTION 1 (bpchar, bpchar) pg_catalog.hashbpchar(bpchar),
		FUNCTION 2 (bpchar, bpchar)
			pg_catalog.hashbpcharextended(bpchar, bigint);
END $$;
