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
-- Name: postgres; Type: DATABASE; Schema: -; Owner: tester
--

CREATE DATABASE compare_dumped WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C.UTF-8';


ALTER DATABASE compare_dumped OWNER TO tester;

\unrestrict compare
\connect compare_dumped
\restrict compare

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
-- Name: DATABASE compare_dumped; Type: COMMENT; Schema: -; Owner: tester
--

COMMENT ON DATABASE compare_dumped IS 'default administrative connection database';


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: empty; Type: TABLE; Schema: app; Owner: tester
--

CREATE TABLE app.empty (
    a integer
);


ALTER TABLE app.empty OWNER TO tester;

--
-- Name: empty no_delete; Type: RULE; Schema: app; Owner: tester
--

CREATE RULE no_delete AS
    ON DELETE TO app.empty DO INSTEAD NOTHING;


--
-- PostgreSQL database dump complete
--

\unrestrict compare

select current_database();
\c postgres
drop database compare_dumped;
