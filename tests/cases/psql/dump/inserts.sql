--
-- PostgreSQL database dump
--

\restrict compare

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: app; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA app;


--
-- Name: mood; Type: TYPE; Schema: app; Owner: -
--

CREATE TYPE app.mood AS ENUM (
    'sad',
    'ok',
    'it''s happy'
);


--
-- Name: pair; Type: TYPE; Schema: app; Owner: -
--

CREATE TYPE app.pair AS (
	a integer,
	b text
);


--
-- Name: positive; Type: DOMAIN; Schema: app; Owner: -
--

CREATE DOMAIN app.positive AS integer
	CONSTRAINT positive_check CHECK ((VALUE > 0));


--
-- Name: atomic(integer); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.atomic(a integer) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT (a + 1);
 SELECT
         CASE
             WHEN (a > 0) THEN a
             ELSE 0
         END AS "case";
END;


--
-- Name: body(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.body() RETURNS text
    LANGUAGE plpgsql
    AS $_$
begin
  -- semicolons; and $$ dollars $$
  return 'x; y' || $$z$$;
end;
$_$;


--
-- Name: double_it(integer); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.double_it(x integer) RETURNS integer
    LANGUAGE sql IMMUTABLE
    AS $$ select x * 2; $$;


--
-- Name: proc(integer); Type: PROCEDURE; Schema: app; Owner: -
--

CREATE PROCEDURE app.proc(INOUT a integer)
    LANGUAGE plpgsql
    AS $$ begin a := a + 1; end $$;


--
-- Name: trig(); Type: FUNCTION; Schema: app; Owner: -
--

CREATE FUNCTION app.trig() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ begin new.note := coalesce(new.note, 'none'); return new; end $$;


--
-- Name: my_sum(integer); Type: AGGREGATE; Schema: app; Owner: -
--

CREATE AGGREGATE app.my_sum(integer) (
    SFUNC = int4pl,
    STYPE = integer,
    INITCOND = '0'
);


--
-- Name: @+@; Type: OPERATOR; Schema: app; Owner: -
--

CREATE OPERATOR app.@+@ (
    FUNCTION = int4pl,
    LEFTARG = integer,
    RIGHTARG = integer
);


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: Odd Name; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app."Odd Name" (
    "select" integer,
    "with ""quote""" text,
    "ünï" text
);


--
-- Name: customers; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.customers (
    id integer NOT NULL,
    name text NOT NULL,
    email character varying(80),
    mood app.mood DEFAULT 'ok'::app.mood,
    score numeric(8,2) DEFAULT 0.00,
    tags text[],
    doc jsonb,
    born date,
    seen timestamp with time zone,
    raw bytea,
    active boolean DEFAULT true,
    n app.positive
);
ALTER TABLE ONLY app.customers ALTER COLUMN name SET STATISTICS 500;


--
-- Name: TABLE customers; Type: COMMENT; Schema: app; Owner: -
--

COMMENT ON TABLE app.customers IS 'people; with ''quotes'' and \backslashes';


--
-- Name: COLUMN customers.name; Type: COMMENT; Schema: app; Owner: -
--

COMMENT ON COLUMN app.customers.name IS 'two
lines';


--
-- Name: customers_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

CREATE SEQUENCE app.customers_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: customers_id_seq; Type: SEQUENCE OWNED BY; Schema: app; Owner: -
--

ALTER SEQUENCE app.customers_id_seq OWNED BY app.customers.id;


--
-- Name: empty; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.empty (
    a integer
);


--
-- Name: mat; Type: MATERIALIZED VIEW; Schema: app; Owner: -
--

CREATE MATERIALIZED VIEW app.mat AS
 SELECT customers.mood,
    count(*) AS count
   FROM app.customers
  GROUP BY customers.mood
  WITH NO DATA;


--
-- Name: nocols; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.nocols (
);


--
-- Name: orders; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.orders (
    id bigint NOT NULL,
    customer integer,
    total double precision,
    at timestamp without time zone DEFAULT now(),
    note text,
    CONSTRAINT sane CHECK ((total >= (0)::double precision))
);

ALTER TABLE ONLY app.orders REPLICA IDENTITY FULL;


--
-- Name: orders_id_seq; Type: SEQUENCE; Schema: app; Owner: -
--

ALTER TABLE app.orders ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.orders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: parted; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.parted (
    k integer,
    v text
)
PARTITION BY RANGE (k);


--
-- Name: parted_1; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.parted_1 (
    k integer,
    v text
);


--
-- Name: parted_2; Type: TABLE; Schema: app; Owner: -
--

CREATE TABLE app.parted_2 (
    k integer,
    v text
);


--
-- Name: seq; Type: SEQUENCE; Schema: app; Owner: -
--

CREATE SEQUENCE app.seq
    START WITH 10
    INCREMENT BY 5
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: totals; Type: VIEW; Schema: app; Owner: -
--

CREATE VIEW app.totals AS
 SELECT c.name,
    sum(o.total) AS total,
    count(*) AS n
   FROM (app.customers c
     JOIN app.orders o ON ((o.customer = c.id)))
  GROUP BY c.name;


--
-- Name: parted_1; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.parted ATTACH PARTITION app.parted_1 FOR VALUES FROM (0) TO (10);


--
-- Name: parted_2; Type: TABLE ATTACH; Schema: app; Owner: -
--

ALTER TABLE ONLY app.parted ATTACH PARTITION app.parted_2 FOR VALUES FROM (10) TO (20);


--
-- Name: customers id; Type: DEFAULT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.customers ALTER COLUMN id SET DEFAULT nextval('app.customers_id_seq'::regclass);


--
-- Data for Name: Odd Name; Type: TABLE DATA; Schema: app; Owner: -
--

INSERT INTO app."Odd Name" VALUES (1, 'it''s', 'ä');
INSERT INTO app."Odd Name" VALUES (2, 'a\b', '	');


--
-- Data for Name: customers; Type: TABLE DATA; Schema: app; Owner: -
--

INSERT INTO app.customers VALUES (1, 'Ada', 'ada@example.org', 'it''s happy', 12.50, '{a,"b c","d\"e"}', '{"k": [1, 2, null], "s": "x\ny"}', '1815-12-10', '2024-01-01 12:00:00+00', '\x00ff10', true, 3);
INSERT INTO app.customers VALUES (2, 'tab	here', NULL, 'sad', -1.00, NULL, NULL, NULL, NULL, NULL, false, NULL);
INSERT INTO app.customers VALUES (3, 'line
feed\ and \N', 'x@y', 'ok', 0.00, '{}', '{}', 'infinity', '-infinity', '\x', NULL, 1);
INSERT INTO app.customers VALUES (4, '漢字 é 😀', 'u@v', 'ok', 'NaN', '{NULL,"NULL",""}', '"str"', '2024-02-29', NULL, NULL, true, 2);
INSERT INTO app.customers VALUES (5, '', 'e@f', 'ok', 100000.00, NULL, NULL, NULL, NULL, NULL, true, NULL);
INSERT INTO app.customers VALUES (6, '\.', 'dot@x', 'ok', 1.00, NULL, NULL, NULL, NULL, NULL, true, NULL);


--
-- Data for Name: empty; Type: TABLE DATA; Schema: app; Owner: -
--



--
-- Data for Name: nocols; Type: TABLE DATA; Schema: app; Owner: -
--

INSERT INTO app.nocols DEFAULT VALUES;
INSERT INTO app.nocols DEFAULT VALUES;


--
-- Data for Name: orders; Type: TABLE DATA; Schema: app; Owner: -
--

INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (1, 2, 1.5, '2024-01-01 01:00:00', 'note 1');
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (2, 3, 3, '2024-01-01 02:00:00', 'note 2');
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (3, 4, 4.5, '2024-01-01 03:00:00', NULL);
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (4, 1, 6, '2024-01-01 04:00:00', 'note 4');
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (5, 2, 7.5, '2024-01-01 05:00:00', 'note 5');
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (6, 3, 9, '2024-01-01 06:00:00', NULL);
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (7, 4, 10.5, '2024-01-01 07:00:00', 'note 7');
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (8, 1, 12, '2024-01-01 08:00:00', 'note 8');
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (9, 2, 13.5, '2024-01-01 09:00:00', NULL);
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (10, 3, 15, '2024-01-01 10:00:00', 'note 10');
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (11, 4, 16.5, '2024-01-01 11:00:00', 'note 11');
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (12, 1, 18, '2024-01-01 12:00:00', NULL);
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (13, 2, 19.5, '2024-01-01 13:00:00', 'note 13');
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (14, 3, 21, '2024-01-01 14:00:00', 'note 14');
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (15, 4, 22.5, '2024-01-01 15:00:00', NULL);
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (16, 1, 24, '2024-01-01 16:00:00', 'note 16');
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (17, 2, 25.5, '2024-01-01 17:00:00', 'note 17');
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (18, 3, 27, '2024-01-01 18:00:00', NULL);
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (19, 4, 28.5, '2024-01-01 19:00:00', 'note 19');
INSERT INTO app.orders OVERRIDING SYSTEM VALUE VALUES (20, 1, 30, '2024-01-01 20:00:00', 'note 20');


--
-- Data for Name: parted_1; Type: TABLE DATA; Schema: app; Owner: -
--

INSERT INTO app.parted_1 VALUES (0, 'v0');
INSERT INTO app.parted_1 VALUES (5, 'v5');


--
-- Data for Name: parted_2; Type: TABLE DATA; Schema: app; Owner: -
--

INSERT INTO app.parted_2 VALUES (10, 'v10');
INSERT INTO app.parted_2 VALUES (15, 'v15');


--
-- Name: customers_id_seq; Type: SEQUENCE SET; Schema: app; Owner: -
--

SELECT pg_catalog.setval('app.customers_id_seq', 6, true);


--
-- Name: orders_id_seq; Type: SEQUENCE SET; Schema: app; Owner: -
--

SELECT pg_catalog.setval('app.orders_id_seq', 20, true);


--
-- Name: seq; Type: SEQUENCE SET; Schema: app; Owner: -
--

SELECT pg_catalog.setval('app.seq', 100, true);


--
-- Name: customers customers_email_key; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.customers
    ADD CONSTRAINT customers_email_key UNIQUE (email);


--
-- Name: customers customers_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);


--
-- Name: orders orders_pkey; Type: CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);


--
-- Name: odd; Type: INDEX; Schema: app; Owner: -
--

CREATE UNIQUE INDEX odd ON app."Odd Name" USING btree (lower("ünï")) WHERE ("select" > 0);


--
-- Name: orders_customer_at_idx; Type: INDEX; Schema: app; Owner: -
--

CREATE INDEX orders_customer_at_idx ON app.orders USING btree (customer, at DESC);


--
-- Name: empty no_delete; Type: RULE; Schema: app; Owner: -
--

CREATE RULE no_delete AS
    ON DELETE TO app.empty DO INSTEAD NOTHING;


--
-- Name: orders set_note; Type: TRIGGER; Schema: app; Owner: -
--

CREATE TRIGGER set_note BEFORE INSERT ON app.orders FOR EACH ROW EXECUTE FUNCTION app.trig();


--
-- Name: orders orders_customer_fkey; Type: FK CONSTRAINT; Schema: app; Owner: -
--

ALTER TABLE ONLY app.orders
    ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES app.customers(id) ON DELETE CASCADE;


--
-- Name: customers; Type: ROW SECURITY; Schema: app; Owner: -
--

ALTER TABLE app.customers ENABLE ROW LEVEL SECURITY;

--
-- Name: customers p; Type: POLICY; Schema: app; Owner: -
--

CREATE POLICY p ON app.customers USING (active);


--
-- Name: TABLE customers; Type: ACL; Schema: app; Owner: -
--

GRANT SELECT ON TABLE app.customers TO PUBLIC;


--
-- Name: mat; Type: MATERIALIZED VIEW DATA; Schema: app; Owner: -
--

REFRESH MATERIALIZED VIEW app.mat;


--
-- PostgreSQL database dump complete
--

\unrestrict compare

