select 1 as a,
\w buffer.txt
2 as b;
\w after.txt
\w |cat
\w |cat > piped.txt
select 3
\w |cat >/dev/null; exit 1
\w /no/such/dir/x
\w
;
\r
\w empty.txt
