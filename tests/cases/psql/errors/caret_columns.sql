select nosuch;
select    nosuch;
	select	nosuch;
select '漢字', nosuch;
select 'é', nosuch;
select '😀', nosuch;
select 'é', nosuch;
  select 1,
	 nosuch,
  2;
select 'x' as "漢", 漢;
