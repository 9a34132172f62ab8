select r as "Row Name", c as "Col", v as "Val", s from (values (2, 'b', 'v1', 3), (1, 'a', 'v2', 1), (2, 'c', 'v3', 2)) t(r, c, v, s) \crosstabview "Row Name" "Col" "Val" s
select r as "Row Name", c as "Col", v as "Val" from (values (2, 'b', 'v1')) t(r, c, v) \crosstabview "row name" "Col" "Val"
select r as "Row Name", c as "Col", v as "Val" from (values (2, 'b', 'v1')) t(r, c, v) \crosstabview 'Row Name' Col Val
select r, c, v from (values (2, 'b', 1.5), (1, 'a', 22.25)) t(r, c, v) order by r \crosstabview R C V
select to_char(d, 'Mon') as m, y, n from (values (date '2024-01-01', 2023, 5), (date '2024-02-01', 2023, 6), (date '2024-02-01', 2024, 7)) t(d, y, n) \crosstabview m y n y
