\unset HISTSIZE
\unset VERSION
\unset VERSION_NAME
\unset VERSION_NUM
\set zz 1
\set aa 'two words'
\set mm ''
\set qq 'it''s'
\set nl 'a\nb'
\set
