\pset numericlocale on
select 1234567 as i, -1234567.891 as n, 0.5::float8 as f;
\pset numericlocale off
\pset numericlocale maybe
\pset numericlocale yes
\pset numericlocale 0
