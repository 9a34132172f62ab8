\! mkdir sub; echo '\echo in sub' > sub/one.sql; echo '\ir one.sql' > sub/two.sql; echo '\i sub/one.sql' > sub/three.sql
\i sub/one.sql
\i sub/two.sql
\i sub/three.sql
\ir sub/two.sql
\cd sub
\i one.sql
\i two.sql
\i sub/one.sql
\cd
\! pwd | sed 's,.*/,,'
\i ~/sub/one.sql
\cd sub
\! pwd | sed 's,.*/,,'
\cd ..
\cd a b
\cd nosuch
