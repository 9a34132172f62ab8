-- env: PSQLRC=inc_rc.txt
\echo :{?from_rc}
