\set here 1
\set empty
select :{?here} as a, :{?empty} as b, :{?nothere} as c;
\echo :{?here} :{?nothere} x:{?here}y :{?here
select :{?here;
select 1;
\echo ':{?here}' ":{?here}"
\if :{?here}
\echo set
\endif
\if :{?nothere}
\echo wrong
\else
\echo unset
\endif
select ':{?here}' as quoted, $$:{?here}$$ as dollar;
\unset here
\echo :{?here}
\echo :{?} :{? here} :{?he-re} :{}
