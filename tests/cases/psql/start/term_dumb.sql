-- env: TERM=dumb NO_COLOR=1
select nosuch;
\nosuch
