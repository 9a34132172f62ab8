-- env: TMPDIR=/no/such/dir
select 1 as a
\e
;
