

select 1


as a

;



select 'blank

line' as b;

   

	
select 2 as c;

