listen x;
notify x;
notify x, 'payload';
select 1 as a;
unlisten x;
notify x;
select pg_notify('y', '');
listen y; notify y, 'it''s';
