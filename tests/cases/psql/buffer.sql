select 1 as a,
\p
2 as b;
\p
select 3
\r
select 4 as four;
select 5
\w saved.sql
;
\r
\p
select 'a' as "x" -- comment
, 'b' as y /* block
comment */ ;
select 1 \; select 2 \; select 3;
select $$dollar; quoted$$ as d, $tag$ a $$ b $tag$ as e;
select 'it''s; quoted' as q, "a;b" from (select 1 as "a;b") s;
select E'esc\'aped; ' as e;
/* /* nested; */ ; */ select 9 as nine;
select 1 as a; select 2 as b; \echo same line
select (1;
);
select 1 as "multi
line";
create function f() returns int language sql begin atomic select 1; end;
select f();
\;
select 1
\g
