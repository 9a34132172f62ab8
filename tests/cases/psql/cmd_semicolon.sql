-- what is left of an argument when its semicolons are dropped
\x ;
\x
\x
\pset null ;
\pset null
\pset border ;;
\t ;
\t
\C ;
\cd ;
\o ;
\s3ls_is_no_command ;
select 1 \g
