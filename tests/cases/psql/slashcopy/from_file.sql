create table t (a int, b text);
\! printf '1\tone\n2\ttwo\n' > in.txt; printf 'a,b\n3,"thr,ee"\n' > in.csv
\copy t from 'in.txt'
\copy t from in.csv csv header
\copy t (a) from program 'seq 10 12'
\copy t (b, a) from program 'printf "x\t7\n"'
select * from t;
\copy t from 'nosuch.txt'
\copy t from program 'exit 2'
\copy t from '.'
\copy nosuch from 'in.txt'
\copy t from 'in.csv'
select count(*) from t;
\echo :ERROR
