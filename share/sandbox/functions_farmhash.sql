-- FarmHash's Fingerprint64, as Google publishes it. Numbers of 64 bits without
-- sign are bigints here that wrap. Repeatable.

SET check_function_bodies = off;
SET search_path = redshift_sandbox, pg_catalog;

CREATE OR REPLACE FUNCTION wrap64(n numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT (CASE WHEN r >= 9223372036854775808 THEN r - 18446744073709551616
		WHEN r < -9223372036854775808 THEN r + 18446744073709551616
		ELSE r END)::bigint
	FROM (SELECT mod(n, 18446744073709551616) AS r) x $$;
CREATE OR REPLACE FUNCTION add64(VARIADIC list bigint[]) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT redshift_sandbox.wrap64(
	sum(n::numeric)) FROM unnest(list) n $$;
CREATE OR REPLACE FUNCTION mul64(a bigint, b bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT redshift_sandbox.wrap64(a::numeric * b) $$;
CREATE OR REPLACE FUNCTION right64(a bigint, n int) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (a >> n) & ((1::bigint << (64 - n)) - 1) $$;
CREATE OR REPLACE FUNCTION rotate64(a bigint, n int) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT redshift_sandbox.right64(a, n) | (a << (64 - n)) $$;
CREATE OR REPLACE FUNCTION mix64(a bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT a # redshift_sandbox.right64(a, 47) $$;
-- bytes [at, at + 8), low byte first
CREATE OR REPLACE FUNCTION fetch64(b bytea, at int) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT ('x' || encode(string_agg(substring(b FROM at + i FOR 1), ''
		ORDER BY i DESC), 'hex'))::bit(64)::bigint
	FROM generate_series(1, 8) i $$;
CREATE OR REPLACE FUNCTION fetch32(b bytea, at int) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT get_byte(b, at)::bigint
	| (get_byte(b, at + 1)::bigint << 8) | (get_byte(b, at + 2)::bigint
	<< 16) | (get_byte(b, at + 3)::bigint << 24) $$;

CREATE OR REPLACE FUNCTION farm_pair(u bigint, v bigint, mul bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT redshift_sandbox.mul64(redshift_sandbox.mix64(
		redshift_sandbox.mul64(v # a, mul)), mul)
	FROM (SELECT redshift_sandbox.mix64(
		redshift_sandbox.mul64(u # v, mul)) AS a) x $$;
-- k0, k1, k2 of the published code
CREATE OR REPLACE FUNCTION farm_k(n int) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT (ARRAY[
	x'c3a5c85c97cb3127'::bigint, x'b492b66fbe98f273'::bigint,
	x'9ae16a3b2f90404f'::bigint])[n + 1] $$;

CREATE OR REPLACE FUNCTION farm_short(b bytea) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	size int := length(b);
	k2 bigint := redshift_sandbox.farm_k(2);
	mul bigint := redshift_sandbox.add64(k2, size * 2);
	u bigint;
	v bigint;
BEGIN
	IF size >= 8 THEN
		u := redshift_sandbox.add64(redshift_sandbox.fetch64(b, 0), k2);
		v := redshift_sandbox.fetch64(b, size - 8);
		RETURN redshift_sandbox.farm_pair(redshift_sandbox.add64(
			redshift_sandbox.mul64(redshift_sandbox.rotate64(v,
			37), mul), u), redshift_sandbox.mul64(
			redshift_sandbox.add64(redshift_sandbox.rotate64(u,
			25), v), mul), mul);
	ELSIF size >= 4 THEN
		RETURN redshift_sandbox.farm_pair(size
			+ (redshift_sandbox.fetch32(b, 0) << 3),
			redshift_sandbox.fetch32(b, size - 4), mul);
	ELSIF size > 0 THEN
		u := get_byte(b, 0) + (get_byte(b, size / 2) << 8);
		v := size + (get_byte(b, size - 1) << 2);
		RETURN redshift_sandbox.mul64(redshift_sandbox.mix64(
			redshift_sandbox.mul64(u, k2)
			# redshift_sandbox.mul64(v,
			redshift_sandbox.farm_k(0))), k2);
	END IF;
	RETURN k2;
END $$;

-- 17 to 64 bytes
CREATE OR REPLACE FUNCTION farm_middle(b bytea) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	size int := length(b);
	k2 bigint := redshift_sandbox.farm_k(2);
	mul bigint := redshift_sandbox.add64(k2, size * 2);
	first bigint := redshift_sandbox.mul64(redshift_sandbox.fetch64(b, 0),
		CASE WHEN size <= 32 THEN redshift_sandbox.farm_k(1)
		ELSE redshift_sandbox.farm_k(2) END);
	second bigint := redshift_sandbox.fetch64(b, 8);
	c bigint := redshift_sandbox.mul64(redshift_sandbox.fetch64(b,
		size - 8), mul);
	d bigint := redshift_sandbox.mul64(redshift_sandbox.fetch64(b,
		size - 16), k2);
	y bigint;
	z bigint;
	e bigint;
	f bigint;
	g bigint;
	h bigint;
BEGIN
	y := redshift_sandbox.add64(redshift_sandbox.rotate64(
		redshift_sandbox.add64(first, second), 43),
		redshift_sandbox.rotate64(c, 30), d);
	z := redshift_sandbox.farm_pair(y, redshift_sandbox.add64(first,
		redshift_sandbox.rotate64(redshift_sandbox.add64(second, k2),
		18), c), mul);
	IF size <= 32 THEN
		RETURN z;
	END IF;
	e := redshift_sandbox.mul64(redshift_sandbox.fetch64(b, 16), mul);
	f := redshift_sandbox.fetch64(b, 24);
	g := redshift_sandbox.mul64(redshift_sandbox.add64(y,
		redshift_sandbox.fetch64(b, size - 32)), mul);
	h := redshift_sandbox.mul64(redshift_sandbox.add64(z,
		redshift_sandbox.fetch64(b, size - 24)), mul);
	RETURN redshift_sandbox.farm_pair(redshift_sandbox.add64(
		redshift_sandbox.rotate64(redshift_sandbox.add64(e, f), 43),
		redshift_sandbox.rotate64(g, 30), h),
		redshift_sandbox.add64(e, redshift_sandbox.rotate64(
		redshift_sandbox.add64(f, first), 18), g), mul);
END $$;

CREATE OR REPLACE FUNCTION farm_weak(b bytea, at int, first bigint,
	second bigint, OUT v1 bigint, OUT v2 bigint)
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	x bigint := redshift_sandbox.fetch64(b, at + 8);
	y bigint := redshift_sandbox.fetch64(b, at + 16);
	z bigint := redshift_sandbox.fetch64(b, at + 24);
	c bigint;
BEGIN
	v1 := redshift_sandbox.add64(first, redshift_sandbox.fetch64(b, at));
	v2 := redshift_sandbox.rotate64(redshift_sandbox.add64(second, v1, z),
		21);
	c := v1;
	v1 := redshift_sandbox.add64(v1, x, y);
	v2 := redshift_sandbox.add64(v2, redshift_sandbox.rotate64(v1, 44), c);
	v1 := redshift_sandbox.add64(v1, z);
END $$;

-- One block of 64 bytes into the state x y z v1 v2 w1 w2.
CREATE OR REPLACE FUNCTION farm_block(b bytea, at int, mul bigint,
	last bool, INOUT state bigint[]) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	times bigint := CASE WHEN last THEN 9 ELSE 1 END;
	x bigint := state[1];
	y bigint := state[2];
	z bigint := state[3];
	v bigint[] := state[4:5];
	w bigint[] := state[6:7];
BEGIN
	x := redshift_sandbox.mul64(redshift_sandbox.rotate64(
		redshift_sandbox.add64(x, y, v[1],
		redshift_sandbox.fetch64(b, at + 8)), 37), mul);
	y := redshift_sandbox.mul64(redshift_sandbox.rotate64(
		redshift_sandbox.add64(y, v[2],
		redshift_sandbox.fetch64(b, at + 48)), 42), mul);
	x := x # redshift_sandbox.mul64(w[2], times);
	y := redshift_sandbox.add64(y, redshift_sandbox.mul64(v[1], times),
		redshift_sandbox.fetch64(b, at + 40));
	z := redshift_sandbox.mul64(redshift_sandbox.rotate64(
		redshift_sandbox.add64(z, w[1]), 33), mul);
	SELECT ARRAY[f.v1, f.v2] INTO v FROM redshift_sandbox.farm_weak(b, at,
		redshift_sandbox.mul64(v[2], mul),
		redshift_sandbox.add64(x, w[1])) f;
	SELECT ARRAY[f.v1, f.v2] INTO w FROM redshift_sandbox.farm_weak(b,
		at + 32, redshift_sandbox.add64(z, w[2]),
		redshift_sandbox.add64(y, redshift_sandbox.fetch64(b,
		at + 16))) f;
	state := ARRAY[z, y, x] || v || w;
END $$;

CREATE OR REPLACE FUNCTION farm_long(b bytea) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	size int := length(b);
	k1 bigint := redshift_sandbox.farm_k(1);
	k2 bigint := redshift_sandbox.farm_k(2);
	y bigint := redshift_sandbox.add64(redshift_sandbox.mul64(81, k1), 113);
	s bigint[] := ARRAY[redshift_sandbox.add64(redshift_sandbox.mul64(81,
		k2), redshift_sandbox.fetch64(b, 0)), y,
		redshift_sandbox.mul64(redshift_sandbox.mix64(
		redshift_sandbox.add64(redshift_sandbox.mul64(y, k2), 113)),
		k2), 0, 0, 0, 0];
	blocks int := (size - 1) / 64;
	mul bigint;
BEGIN
	FOR i IN 0 .. blocks - 1 LOOP
		s := redshift_sandbox.farm_block(b, i * 64, k1, false, s);
	END LOOP;
	mul := redshift_sandbox.add64(k1, (s[3] & 255) << 1);
	s[6] := redshift_sandbox.add64(s[6], (size - 1) & 63);
	s[4] := redshift_sandbox.add64(s[4], s[6]);
	s[6] := redshift_sandbox.add64(s[6], s[4]);
	s := redshift_sandbox.farm_block(b, size - 64, mul, true, s);
	RETURN redshift_sandbox.farm_pair(redshift_sandbox.add64(
		redshift_sandbox.farm_pair(s[4], s[6], mul),
		redshift_sandbox.mul64(redshift_sandbox.mix64(s[2]),
		redshift_sandbox.farm_k(0)), s[3]), redshift_sandbox.add64(
		redshift_sandbox.farm_pair(s[5], s[7], mul), s[1]), mul);
END $$;

CREATE OR REPLACE FUNCTION farmfingerprint64(b varbyte) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN length(b::bytea) <= 16
	THEN redshift_sandbox.farm_short(b::bytea)
	WHEN length(b::bytea) <= 64 THEN redshift_sandbox.farm_middle(b::bytea)
	WHEN length(b::bytea) > 64 THEN redshift_sandbox.farm_long(b::bytea)
	END $$;
CREATE OR REPLACE FUNCTION farmfingerprint64(t text) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_sandbox.farmfingerprint64(
	convert_to(t, 'UTF8')::varbyte) $$;

RESET search_path;
RESET check_function_bodies;
