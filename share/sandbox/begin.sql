-- Runs before the other scripts: their views cut text to CHAR and VARCHAR by
-- PostgreSQL's own rules (z_strings.sql changes them for what comes later).
CREATE SCHEMA IF NOT EXISTS redshift_sandbox;
UPDATE pg_catalog.pg_cast SET castfunc = 668
WHERE castsource = 'bpchar'::regtype AND casttarget = 'bpchar'::regtype
	AND castfunc <> 668;
UPDATE pg_catalog.pg_cast SET castfunc = 669
WHERE castsource = 'varchar'::regtype AND casttarget = 'varchar'::regtype
	AND castfunc <> 669;
