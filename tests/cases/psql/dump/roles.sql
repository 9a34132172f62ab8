--
-- PostgreSQL database cluster dump
--

\restrict compare

SET default_transaction_read_only = off;

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;

--
-- Roles
--

CREATE ROLE compare_role;
ALTER ROLE compare_role WITH SUPERUSER INHERIT CREATEROLE CREATEDB LOGIN REPLICATION BYPASSRLS;

--
-- User Configurations
--






\unrestrict compare

--
-- PostgreSQL database cluster dump complete
--

drop role compare_role;
