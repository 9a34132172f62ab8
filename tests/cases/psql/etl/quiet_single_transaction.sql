-- options: -1 -q -v ON_ERROR_STOP=on -f inc_ddl.txt
insert into log values ('from the case');
select * from log;
