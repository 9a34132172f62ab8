select nvl(null, 'x') as a, nvl2(null, 1, 2) as b, coalesce(null, 3) as c;
select decode(2, 1, 'one', 2, 'two', 'many') as a, decode(null, null, 'n') as b,
       decode('x', 'y', 1) as c;
select len('caf\303\251') as a, len('abc '::char(10)) as b,
       charindex('fish', 'dogfish') as c, strtol('deadbeef', 16) as d,
       left('abcdef', 2) as e, right('abcdef', 2) as f,
       split_part('a|b|c', '|', 2) as g, replicate('ab', 2) as h;
select regexp_replace('a1b22', '[0-9]+', '#') as a,
       regexp_substr('x=12;y=3', '[0-9]+', 1, 2) as b,
       regexp_substr('none', '[0-9]') as c, regexp_count('a1b22', '\\d') as d,
       regexp_instr('ab12', '[0-9]') as e;
select json_extract_path_text('{"a":{"b":"x"}}', 'a', 'b') as a,
       json_extract_array_element_text('[10,20]', 1) as b,
       json_array_length('[1,2,3]') as c, is_valid_json('{x}') as d,
       json_extract_path_text('oops', 'a', true) as e;
select json_extract_path_text('oops', 'a');
select md5('a') as a, sha1('a') as b, left(sha2('a', 256), 8) as c;
select trunc(7.89) as a, trunc(7.89, 1) as b, 7 / 2 as c, mod(7, 3) as d,
       convert(integer, '12') as e, cast('5' as decimal) as f;
select greatest(1, 3, 2), least('b', 'a'), 'a' || 'b', upper('x'), initcap('the end');
