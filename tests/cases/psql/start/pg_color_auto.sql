-- env: PG_COLOR=auto
\nosuch
