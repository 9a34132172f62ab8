select '{"a": 1, "b": [1, 2, {"c": null}]}'::json as j, '{"b":1,"a":2, "a":3}'::jsonb as jb, 'null'::json as n, '"x"'::jsonb as s;
select jsonb_pretty('{"a": {"b": [1, 2]}, "c": "d"}');
\x
select jsonb_pretty('{"a": {"b": [1, 2]}, "c": "d"}');
\x
select xmlelement(name a, 1) is not null as x, '<a/>'::text as t;
