create schema s2;
create schema "Upper";
comment on schema s2 is 'the second';
grant usage on schema s2 to public;
\dn
\dn+
\dn s*
\dn "U"*
\dn u*
\dnS
\dn other.s2
\dn a.b.c
create table t (a int, b text, constraint t_key unique (a), check (a > 0));
create table s2.u (a int);
grant select on t to public;
grant update (b) on t to public;
alter table t enable row level security;
create policy mine on t for select using (a > 1);
create policy theirs on t as restrictive to tester using (a > 1) with check (a > 2);
comment on constraint t_key on t is 'a key';
comment on constraint t_a_check on t is 'a check';
create rule none as on delete to t do instead nothing;
comment on rule none on t is 'a rule';
\dp
\z
\dp t
\dp *.u
\dp nothing
\z pg_catalog.pg_type
\dd
\dd t_*
\dd nothing
\ddS *.%
alter default privileges in schema s2 grant select on tables to public;
alter default privileges in schema s2 revoke execute on functions from public;
\ddp
\ddp s2.*
\ddp nobody
\drds tester
\drds tester nowhere
\du tester
\dg+ tester
\du a.b
\du nobody
\l postgres
\l+ template0
\list template0
\l nothing
\l a.b
\dconfig work*
\dconfig+ work_mem
\dconfig WORK_MEM
\dconfig plpgsql.*
\dconfig nothing
