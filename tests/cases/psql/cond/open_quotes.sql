\if true
\else /* `open
\endif
\if true
/* c */ \else /* `open
\endif
\if false
\C 1 "open
\set a 'b
\t on 'c
\else /* x
\endif
\if true
\elif a "b
\else c "d
\elif e "f
\endif g "h
\elif i "j
\if true
\else x
\endif
\t on :x 'open x;
\html :"v" "open
\pset linestyle "" 'open
\nosuch 'open
\timing on;
\timing ;
\timing 'on';
select 1 as a \gx ''
