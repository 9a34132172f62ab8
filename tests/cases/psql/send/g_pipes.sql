select 1 as a \g |cat
select 2 as a \g | tr 2 x
select generate_series(1, 5) as a \g |head -3
select 3 as a \g |cat > piped.txt
select 4 as a \g |cat >&2
select 5 as a \g |cat >/dev/null; exit 3
select 6 as a \g |cat >/dev/null; nosuchcommand_at_all 2>/dev/null
select 7 as a \g '|cat'
\set p '|cat -n'
select 8 as a \g :p
select 9 as a \g |cat; echo ":p"
create table t (a int) \g |cat
select * from t \g |cat
select 1/0 \g |cat
copy (select 1, 'x') to stdout \g |tr x y
select 11 as a \g |cat - \echo not a command
