-- Boundaries crossed, not time passed.
select datediff(year, '2020-12-31', '2021-01-01') as y,
       datediff(month, '2020-01-31', '2020-02-01') as mon,
       datediff(week, '2024-01-06', '2024-01-07') as w,
       datediff(day, '2020-01-01 23:59', '2020-01-02 00:01') as d,
       datediff(hour, '2020-01-01 23:59', '2020-01-02 00:01') as h,
       datediff(quarter, '2020-03-31', '2020-04-01') as q,
       datediff(minute, '2020-01-01 00:01:59', '2020-01-01 00:02') as mi;
select dateadd(month, 1, '2024-01-31'::date) as a,
       dateadd(month, 1, '2024-02-29'::date) as b,
       dateadd(day, -1, '2024-03-01 10:00'::timestamp) as c,
       dateadd('hr', 25, '2024-03-01'::date) as d,
       dateadd(qtr, 1, '2024-01-15'::date) as e,
       add_months('2024-02-29'::date, 1) as f;
select last_day('2024-02-03'::date), next_day('2014-08-20'::date, 'Tuesday'),
       months_between('1969-01-18'::date, '1969-03-18'::date) as m,
       date_trunc('week', '2024-02-03'::date), trunc('2024-02-03 12:00'::timestamp);
select extract(dow from '2024-02-03'::date), date_part(w, '2024-02-03'::date),
       date_part('qtr', '2024-02-03'::date), date_part(doy, '2024-02-03'::date);
select convert_timezone('America/New_York', '2024-07-01 12:00'::timestamp) as ny,
       convert_timezone('Europe/Berlin', 'UTC', '2024-07-01 12:00'::timestamp) as utc;
select getdate() = sysdate::timestamp(0) or true as both_are_timestamps,
       datediff(day, getdate(), current_date) as today;
select to_char('2024-02-03'::date, 'DD.MM.YYYY'), to_date('03/02/2024', 'DD/MM/YYYY');
select dateadd(fortnight, 1, '2024-01-01'::date);
