\set scale 1
\set naccounts 10 
create table accounts (aid int primary key, bal int);
insert into accounts select g, 0 from generate_series(1, :naccounts * :scale) g;
\set aid 3
\set delta -5
begin;
update accounts set bal = bal + :delta where aid = :aid;
select bal from accounts where aid = :aid;
insert into accounts values (:aid, 0);
end;
select sum(bal) from accounts;
