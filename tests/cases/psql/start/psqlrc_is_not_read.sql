-- env: PSQLRC=inc_a.txt
\echo :{?from_a}
