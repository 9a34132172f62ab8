-- options: -v a=1 -v a=2 --set=b=x --variable c=y -v d
\echo :a :b :c [:d]
