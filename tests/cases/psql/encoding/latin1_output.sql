\encoding LATIN1
select 'e' as a, chr(233) as e, chr(252) || 'x' as u;
select chr(28450) as no;
\x
select chr(233) as e;
\x
\pset format csv
select chr(233) as e;
\pset format unaligned
select chr(233) as e;
