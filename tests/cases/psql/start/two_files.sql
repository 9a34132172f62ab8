-- options: -f inc_a.txt -f inc_b.txt
\echo case :from_a :from_b
