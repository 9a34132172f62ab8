-- comment at the top
select 1 as a; -- behind
select /* inside */ 2 as b;
select 3 -- in the middle
 as c;
/* block */ select 4 as d;
/* over
several
lines */ select 5 as e;
select 6 /* nested /* deeper */ still */ as f;
select 7 /* semicolon ; quote ' double " dollar $$ backslash \echo */ as g;
--;
-- \echo no
select 8 as h --;
;
--
/**/
/***/ select 9 as i;
select 10 -- no newline follows \
as j;
/* unclosed
select 11;
