\a
select 1 as a, 2 as b;
\a
\H
\a
\H
\H
\pset format csv
\H
\H
\pset format wrapped
\a
\a
\html
\html
