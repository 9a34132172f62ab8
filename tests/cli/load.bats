# \copyfrom, \copyto and failed loads, end to end: redsh against the sandbox.
# One sandbox serves the file; every test has tables and keys of its own.

setup_file() {
	export SANDBOX=$BATS_FILE_TMPDIR/sandbox
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache
	unset PGOPTIONS PGSERVICE AWS_PROFILE AWS_SESSION_TOKEN COPY_ROLE
	"$REDSH_SANDBOX" start --dir "$SANDBOX"
	"$REDSH_SANDBOX" env --dir "$SANDBOX" >"$BATS_FILE_TMPDIR/env"
	eval "$(cat "$BATS_FILE_TMPDIR/env")"
	"$REDSH" -Xq -c '\s3mb s3://load'
}

teardown_file() {
	"$REDSH_SANDBOX" stop --dir "$SANDBOX"
}

setup() {
	eval "$(cat "$BATS_FILE_TMPDIR/env")"
	cd "$BATS_TEST_TMPDIR"
}

# stdin becomes the object
put() {
	cat >object
	"$REDSH" -Xq -c "\\s3put object s3://load/$1" 2>&1
}

# stdin is the script; both streams in order
redsh() {
	"$REDSH" -X "$@" 2>&1
}

rows() {
	"$REDSH" -XAtq -c "$1"
}

has() {
	[[ $output == *"$1"* ]] || {
		printf 'no "%s" in:\n%s\n' "$1" "$output"
		return 1
	}
}

has_not() {
	[[ $output != *"$1"* ]] || {
		printf '"%s" in:\n%s\n' "$1" "$output"
		return 1
	}
}

# 3,000 good lines with the fault in the middle, so that it is not in the
# sample's first lines; line 1 is the header
faulty() {
	awk 'BEGIN {
		print "id,day,qty,note"
		for (i = 1; i <= 3000; i++)
			print i ",1/" 1 + i % 28 "/2024," (i == 2344 ? \
				"four" : i % 7) ",\"n, " i "\""
	}'
}

create_faulty_table() {
	rows "create table $1 (id int, day date, qty smallint, note varchar(20))"
}

explained() {
	has "s3://load/$1, line 2345"
	has "  column  qty  int2"
	has "  reason  Invalid digit, Value 'f', Pos 0, Type: Short (1207)"
	has ">     2345 | 2344,1/21/2024,four,\"n, 2344\""
	has "                            ^^^^"
	has "  why     the column takes numbers only"
	has "  cure    maxerror 2: line 2345 is left out, of 3,000 in this file"
}

@test "copyfrom finds format, header, compression and dates, and reports" {
	printf 'id;when;name\n1;1/31/2024 8:05;"a; b"\n2;12/1/2023 18:30;\n' |
		gzip | put found/a.csv.gz
	run redsh -c '\copyfrom --create found s3://load/found/'
	[ "$status" -eq 0 ]
	has "csv delimiter ';' gzip ignoreheader 1 timeformat 'MM/DD/YYYY HH:MI'"
	has "2 rows from 1 file"
	[ "$(rows 'select * from found order by 1')" = \
		"1|2024-01-31 08:05:00|a; b
2|2023-12-01 18:30:00|" ]
}

@test "print writes the statement and nothing else, without a server" {
	printf 'id,day\n1,2024-01-31\n' | put print.csv
	run env PGHOST=127.0.0.1 PGPORT=1 "$REDSH" -X \
		-c '\copyfrom --print t s3://load/print.csv'
	[ "$status" -eq 0 ]
	[ "$output" = "copy t
from 's3://load/print.csv'
iam_role default
csv ignoreheader 1;" ]
	run env PGHOST=127.0.0.1 PGPORT=1 AWS_ENDPOINT_URL=http://127.0.0.1:1 \
		"$REDSH" -X -c '\copyfrom "My T" s3://x/y csv --print --no-sniff'
	[ "$status" -eq 0 ]
	[ "$output" = "copy \"My T\"
from 's3://x/y'
iam_role default
csv;" ]
	run env PGHOST=127.0.0.1 PGPORT=1 "$REDSH" -X \
		-c '\copyto --print (select '"'a'"') s3://load/o_ --role arn:aws:iam::1:role/x'
	[ "$status" -eq 0 ]
	[ "$output" = "unload ('select ''a''')
to 's3://load/o_'
iam_role 'arn:aws:iam::1:role/x';" ]
}

@test "a printed statement is one that the server takes" {
	printf 'a|1\nb|2\n' | put again.psv
	rows 'create table again (name varchar(8), n int)'
	"$REDSH" -X -c '\copyfrom --print again s3://load/again.psv' >copy.sql
	psql -Xq -f copy.sql
	[ "$(rows 'select count(*) from again')" = 2 ]
}

@test "a variable, a quoted table and parameters as in the issue" {
	printf 'id;name\n1;x\n' | put var/one.csv
	rows 'create table "My Table" (id int, name varchar(8))'
	run redsh -v src=s3://load/var/ \
		-f - <<<'\copyfrom "My Table" :'"'src'"' csv delimiter '"';'"' ignoreheader 1'
	[ "$status" -eq 0 ]
	has "1 row from 1 file"
	[ "$(rows 'select name from "My Table"')" = x ]
}

@test "hostile keys load as they are and run nothing" {
	key='odd/`>gone`:src'"'"'"x\y|.csv'
	printf 'id,n\n1,2\n' >object
	python=/usr/bin/python3
	KEY=$key $python - <<'PY'
import os, boto3
boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"]).put_object(
    Bucket="load", Key=os.environ["KEY"], Body=open("object", "rb").read())
PY
	rows 'create table odd (id int, n int)'
	printf '%s\n' "\\copyfrom odd s3://load/$key" >script.sql
	run redsh -v src=WRONG -f script.sql
	[ "$status" -eq 0 ]
	has "1 row from 1 file"
	[ ! -e gone ]
}

@test "a failed copyfrom shows the true line and column, in a pipe" {
	faulty | put fault1.csv
	create_faulty_table fault1
	run redsh -v ON_ERROR_STOP=1 -f - \
		<<<'\copyfrom fault1 s3://load/fault1.csv'
	[ "$status" -eq 3 ]
	explained fault1.csv
	[ "$(rows 'select count(*) from fault1')" = 0 ]
}

@test "a failed COPY typed by hand is explained, also from gzip" {
	faulty | gzip | put fault2.csv.gz
	create_faulty_table fault2
	run redsh -f - <<-'SQL'
		copy fault2 from 's3://load/fault2.csv.gz' iam_role default
		csv gzip ignoreheader 1 dateformat 'auto';
		select 'after';
	SQL
	[ "$status" -eq 0 ]
	explained fault2.csv.gz
	has "after"
}

@test "inside BEGIN nothing is asked on the connection, and it stays open" {
	faulty | put fault3.csv
	create_faulty_table fault3
	run redsh -f - <<-'SQL'
		begin;
		insert into fault3 values (0, null, 0, 'kept?');
		copy fault3 from 's3://load/fault3.csv' iam_role default
		csv ignoreheader 1 dateformat 'auto';
		select 'refused';
		rollback;
		select 'works again';
	SQL
	[ "$status" -eq 0 ]
	explained fault3.csv
	has "current transaction is aborted"
	has "works again"
	[ "$(rows 'select count(*) from fault3')" = 0 ]
}

@test "copyfrom inside BEGIN neither commits nor rolls back" {
	printf '1,2\n' | put block.csv
	rows 'create table block (a int, b int)'
	run redsh -f - <<-'SQL'
		begin;
		\copyfrom block s3://load/block.csv
		select count(*) as seen from block;
		rollback;
	SQL
	[ "$status" -eq 0 ]
	has "1 row from 1 file"
	[ "$(rows 'select count(*) from block')" = 0 ]
}

@test "a bad byte is shown in hex, with the cure" {
	printf 'id,name\n1,Ren\351e\n' | put latin.csv
	rows 'create table latin (id int, name varchar(20))'
	run redsh -c "copy latin from 's3://load/latin.csv' iam_role default csv ignoreheader 1"
	[ "$status" -eq 1 ]
	has 'Ren\xe9e'
	has "  cure    encoding iso88591: 1 field with such bytes"
	has "iam_role default csv ignoreheader 1 encoding iso88591;"
	run redsh -c '\copyfrom latin s3://load/latin.csv'
	[ "$status" -eq 0 ]
	[ "$(rows 'select name from latin')" = "Renée" ]
}

@test "errors that are no load errors get no lines about older ones" {
	faulty | put fault4.csv
	create_faulty_table fault4
	run redsh -f - <<-'SQL'
		copy fault4 from 's3://load/fault4.csv' iam_role default csv
		ignoreheader 1 dateformat 'auto';
		\echo 'second:'
		copy fault4 from 's3://no-such-bucket/x' iam_role default csv;
	SQL
	output=${output#*second:}
	has "NoSuchBucket"
	has_not "line 2345"
}

@test "rejected lines are counted and listed" {
	faulty | put fault5.csv
	create_faulty_table fault5
	run redsh -c '\copyfrom fault5 s3://load/fault5.csv maxerror 2' \
		-c '\loaderrors 1'
	[ "$status" -eq 0 ]
	has "2,999 rows from 1 file"
	has "1 line did not load"
	has "s3://load/fault5.csv | 2345 | qty"
}

@test "what is no data is refused before anything runs" {
	rows 'create table page (a int)'
	printf '<html><body>403</body></html>\n' | put page.csv
	run redsh -c '\copyfrom page s3://load/page.csv'
	[ "$status" -eq 1 ]
	has "is HTML or XML, which COPY cannot load"
	run redsh -c '\copyfrom page s3://load/none.csv'
	[ "$status" -eq 1 ]
	has "no object with bytes begins with s3://load/none.csv"
	run redsh -c '\copyfrom page s3://no-such-bucket-here/x'
	[ "$status" -eq 1 ]
	has "no-such-bucket-here"
	run redsh -c '\copyfrom page ./local.csv'
	[ "$status" -eq 1 ]
	has "./local.csv: No such file or directory"
	printf '1\n' >"$BATS_TEST_TMPDIR/local.csv"
	run redsh -c "\copyfrom page $BATS_TEST_TMPDIR/local.csv"
	[ "$status" -eq 1 ]
	has '--stage s3://BUCKET/FOLDER/'
	run redsh -c '\copyfrom nowhere s3://load/page.csv csv'
	[ "$status" -eq 1 ]
	has "there is no table nowhere"
	has "--create"
	run redsh -c '\copyfrom page s3://load/page.csv csv escape'
	[ "$status" -eq 1 ]
	has "CSV is not compatible with ESCAPE"
}

@test "a gzip cut short is an error that names the file" {
	rows 'create table short (a int, b int)'
	awk 'BEGIN { for (i = 0; i < 5000; i++) print i "," i * 7 }' | gzip >all
	head -c 4000 all | put short.csv.gz
	run redsh -c "copy short from 's3://load/short.csv.gz' iam_role default csv gzip"
	[ "$status" -eq 1 ]
	has "ERROR"
	[ "$(rows 'select count(*) from short')" = 0 ]
}

@test "copyto takes table, query, and the query before it" {
	rows "create table out1 (n int, t varchar(9)); insert into out1 values (1, 'it''s'), (2, 'b\\\\c')"
	run redsh -c '\copyto out1 s3://load/o1_ csv parallel off'
	[ "$status" -eq 0 ]
	has "2 rows, 1 file"
	run redsh -c '\s3cat s3://load/o1_000'
	has "1,it's"
	run redsh -f - <<-'SQL'
		select t from out1 where t = 'it''s'
		\copyto s3://load/o2_ csv parallel off
		select t from out1 where t = 'b\\c';
		\copyto to s3://load/o3_ csv parallel off
	SQL
	[ "$status" -eq 0 ]
	[ "$("$REDSH" -X -c '\s3cat s3://load/o2_000')" = "it's" ]
	[ "$("$REDSH" -X -c '\s3cat s3://load/o3_000')" = 'b\c' ]
	run redsh -c '\copyto out1 s3://load/o1_ csv'
	[ "$status" -eq 1 ]
	has "the target is not empty: 1 object"
	has "allowoverwrite"
}

@test "keys are neither shown nor echoed" {
	printf '1,2\n' | put keys.csv
	rows 'create table keys (a int, b int)'
	run redsh -e -c '\copyfrom keys s3://load/keys.csv --keys'
	[ "$status" -eq 0 ]
	has "1 row from 1 file"
	has_not "$AWS_SECRET_ACCESS_KEY"
	run redsh -c '\copyfrom --print --keys keys s3://load/keys.csv'
	[ "$status" -eq 1 ]
	has_not "$AWS_SECRET_ACCESS_KEY"
}

@test "a wrong role is told, or left to the server" {
	printf '1,2\n' | put role.csv
	rows 'create table role (a int, b int)'
	run redsh -v COPY_ROLE=arn:aws:iam::999999999999:role/none \
		-f - <<<'\copyfrom role s3://load/role.csv'
	has "the role none is not attached to cluster redsh-sandbox"
	has "error: nothing was sent"
	run redsh -v COPY_ROLE=arn:aws:iam::999999999999:role/none \
		-f - <<<'\copyfrom role s3://load/role.csv --no-check'
	has "iam_role 'arn:aws:iam::999999999999:role/none'"
	has "ERROR"
	[ "$(rows 'select count(*) from role')" = 0 ]
}

@test "the sales files are the same every time and with every awk" {
	for awk in awk mawk gawk original-awk "busybox awk"; do
		command -v ${awk%% *} >/dev/null || continue
		rm -rf files
		AWK=$awk "$REDSH_SHARE/demo/generate" files
		gunzip files/archive/*.gz
		sum=$(find files -type f | LC_ALL=C sort | xargs cat | md5sum)
		[ "$sum" = "f0bb993a0819a0fb758ff6dcf70029c7  -" ]
	done
}

@test "each kind of fault is marked where it stands, with its cure" {
	rows 'create table kinds (id int, name varchar(8), d date)'
	printf 'id,name,d\n1,ab,2024-01-31\n2,abcdefghij,2024-02-01\n' |
		put kinds/long
	printf '1,ab,2024-01-31\n2,x\n' | put kinds/few
	printf '1,ab,2024-01-31,9\n' | put kinds/many
	printf '1,ab,31/31/2024\n' | put kinds/date
	printf '1,"ab,2024-01-31\n' | put kinds/quote
	cat >faults.sql <<-'SQL'
		\set o 'iam_role default csv'
		copy kinds from 's3://load/kinds/long' :o ignoreheader 1;
		copy kinds from 's3://load/kinds/few' :o;
		copy kinds from 's3://load/kinds/many' :o;
		copy kinds from 's3://load/kinds/date' :o;
		copy kinds from 's3://load/kinds/quote' :o;
		copy kinds from 's3://load/kinds/date' iam_role default;
	SQL
	run redsh -f faults.sql
	has ">        3 | 2,abcdefghij,2024-02-01
               ^^^^^^^^^^"
	has "alter table kinds alter column name type varchar(10);"
	has ">        2 | 2,x
                ^"
	has "  why     the line has fewer fields than the table has columns"
	has "csv fillrecord;"
	has ">        1 | 1,ab,2024-01-31,9
                             ^"
	has "  why     the line has more fields than the table has columns"
	has "csv maxerror 2;"
	has ">        1 | 1,ab,31/31/2024
                  ^^^^^^^^^^"
	has "  cure    acceptanydate: 1 value of 1 becomes NULL: '31/31/2024'"
	has "  why     a quote opens or closes where it should not"
	has "from 's3://load/kinds/quote' iam_role default delimiter ',';"
	has "COPY parts fields at | unless it is told otherwise"
	has "from 's3://load/kinds/date' iam_role default csv;"
}

@test "the long help of a command is found by its name" {
	run redsh --offline -c '\? copyfrom'
	[ "$status" -eq 0 ]
	[ "$output" = "$(cat "$REDSH_SHARE/help/copyfrom.txt")" ]
	run redsh --offline -c '\? gset'
	[[ $output == '\gset '* ]]
}
