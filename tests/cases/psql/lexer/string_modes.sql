set standard_conforming_strings = off;
set escape_string_warning = off;
select 'a\'b;' as a;
select 'x\\' as b, 'tab\tx' as c;
select 'a\
b' as d;
set standard_conforming_strings = on;
select 'a\' as e;
select 'x\\' as f;
set standard_conforming_strings = off; select 'same\' as g;
' as h;
reset standard_conforming_strings;
set escape_string_warning = on;
set standard_conforming_strings = off;
select 'warn\\' as i;
