\set n 42
\set s 'some text'
\set expr '1 + 1'
select :n as a, :expr as b, :n + :n as c, (:n) as d, [:n] as e;
select :n::text as cast, :n:: int as cast2, 1::int4 as plain;
select ':n' as quoted, ":n" from (select 1 as ":n") x;
select :nosuch;
select :n.5 as num, :n.:n as both;
select :s;
select $$ :n $$ as d, $x$:n$x$ as t;
select 1 -- :n
 /* :n */ + :n as sum;
select :n/*x*/:n;
select E'\':n\'' as e;
