create table sales(salesid integer not null, listid integer not null distkey, sellerid integer, saletime timestamp encode az64) diststyle key sortkey(listid, saletime);
copy sales from 's3://bucket/a/long/prefix/of/keys' iam_role 'arn:aws:iam::123456789012:role/load' csv ignoreheader 1 gzip region 'eu-west-1' maxerror 10;
insert into t (a, b) values (1, 'one'), (2, 'two'), (3, 'three'), (4, 'four'), (5, 'five'), (6, 'six');
update sales set qtysold = qtysold + 1, pricepaid = pricepaid * 1.1, commission = 0 where salesid in (select salesid from late);
create view v as select a, b from t where a is not null and b is not null and c is not null and d is null;
begin;  commit;
select 'a'
'b', /* kept */ -1, a#b, x::int, arr[1], f (1), f(1) ;
-- alone
