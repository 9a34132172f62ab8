select 'pg_class'::regclass as c, 'now'::regproc as p, 'int4'::regtype as t, 'public'::regnamespace as n, '+(int,int)'::regoperator as o;
select null as n, pg_typeof(null) as t, 'x' as u, pg_typeof('x') as tu;
select '{tester=arwdDxt/tester}'::aclitem[] as acl;
