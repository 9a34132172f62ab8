# The gateway between stock clients and the private PostgreSQL: what a
# statement meets on its way.

setup_file() {
	export SANDBOX_DIR=$BATS_FILE_TMPDIR/sandbox
	"$REDSH_SANDBOX" start --dir "$SANDBOX_DIR"
}

teardown_file() {
	"$REDSH_SANDBOX" stop --dir "$SANDBOX_DIR"
}

setup() {
	unset PGOPTIONS PGSERVICE
	eval "$("$REDSH_SANDBOX" env --dir "$SANDBOX_DIR")"
	export PGCONNECT_TIMEOUT=20
	S3="/usr/bin/aws --endpoint-url $AWS_ENDPOINT_URL s3"
}

# Runs the script on stdin with psql, tuples only, errors in place.
script() {
	psql -XAtq -v VERBOSITY=verbose -v SHOW_CONTEXT=never 2>&1
}

@test "version() is Redshift's, word for word" {
	run psql -XAtc 'select version()'
	[ "$output" = "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.80491" ]
}

@test "backslashes escape in plain literals" {
	run psql -XAtc "select 'it\\'s', length('a\\\\b')"
	[ "$output" = "it's|3" ]
}

@test "tags carry no count for rows that were read" {
	run psql -Xc 'create table tagged (a int)' -c 'insert into tagged values (1),(2)' \
		-c 'update tagged set a = 3' -c 'create table tagged2 as select * from tagged' \
		-c 'delete from tagged' -c 'drop table tagged, tagged2'
	[ "$output" = "CREATE TABLE
INSERT 0 2
UPDATE 2
SELECT
DELETE 2
DROP TABLE" ]
}

@test "several statements in one message are one transaction" {
	run script <<'SQL'
create table multi (a int);
insert into multi values (1)\; insert into multi values (2)\; select 1/0;
select count(*) from multi;
insert into multi values (1)\; commit\; select 1/0;
select count(*) from multi;
begin\; insert into multi values (5);
rollback;
select count(*) from multi;
drop table multi;
SQL
	[[ $output == *"22012"* ]]
	[ "$(grep -cE '^[0-9]+$' <<<"$output")" -eq 3 ]
	[ "$(grep -E '^[0-9]+$' <<<"$output" | tr '\n' ' ')" = "0 1 1 " ]
}

@test "the position of an error counts from the start of the message" {
	run psql -XAtc "select 'ä' as a; select * from nowhere"
	[[ $output == *"LINE 1: select 'ä' as a; select * from nowhere
                                       ^"* ]]
}

@test "SET and SHOW know Redshift's settings and nothing else" {
	run script <<'SQL'
show query_group;
set query_group to 'etl';
show query_group;
begin;
set query_group to 'later';
rollback;
show query_group;
reset query_group;
show query_group;
set enable_result_cache_for_session to off;
show enable_result_cache_for_session;
set app_context.user_id to 42;
show app_context.user_id;
set search_path to one, two;
show search_path;
select current_setting('query_group');
SQL
	[ "$output" = "unset
etl
etl
unset
INFO:  00000: enable_result_cache_for_session has no effect in the sandbox: there is no result cache
off
42
one, two
unset" ]
	for name in standard_conforming_strings IntervalStyle geqo \
		ssl_renegotiation_limit; do
		run script <<<"set $name to 'on'"
		[[ ${output,,} == *"42704: unrecognized configuration parameter \"${name,,}\""* ]]
		run script <<<"show $name"
		[[ ${output,,} == *"42704: unrecognized configuration parameter \"${name,,}\""* ]]
	done
	run script <<<"set lc_monetary to 'C'"
	[[ $output == *"42501"* ]]
	run script <<<"set extra_float_digits to 3"
	[[ $output == *'22023: 3 is outside the valid range for parameter "extra_float_digits" (-15 .. 2)'* ]]
}

@test "savepoints, COPY FROM STDIN, LISTEN and DO are refused" {
	for sql in "savepoint a" "listen a" "do 'begin end'" \
		"create index i on t (a)" "copy t from stdin"; do
		run psql -XAtc "$sql"
		[ "$status" -eq 1 ]
		[[ $output == *"ERROR:"* ]]
	done
}

@test "one cursor at a time, inside a block only" {
	run script <<'SQL'
declare a cursor for select 1;
begin;
declare a cursor for select 7;
fetch forward 1 from a;
close a;
declare b cursor for select 8;
fetch all from b;
declare c cursor for select 9;
rollback;
begin;
declare d cursor for select 10;
fetch next from d;
commit;
SQL
	[[ $output == *"DECLARE CURSOR may only be used in transaction blocks"*7*8*"24000: opening multiple cursors from within the same client connection is not allowed."*10 ]]
}

@test "TRUNCATE commits the block it stands in" {
	run script <<'SQL'
create table trunc (a int);
begin;
insert into trunc values (1);
create table by_trunc (a int);
truncate trunc;
rollback;
select count(*) from trunc;
select count(*) from by_trunc;
drop table trunc;
drop table by_trunc;
SQL
	[ "$(grep -E '^[0-9]+$' <<<"$output" | tr '\n' ' ')" = "0 0 " ]
}

@test "VACUUM is refused in a block, which then has failed" {
	run script <<'SQL'
begin;
vacuum;
select 1;
rollback;
select 2;
SQL
	[[ $output == *"25001: VACUUM cannot run inside a transaction block"*"25P02"*2 ]]
}

@test "table attributes are kept and shown" {
	run script <<'SQL'
create table attr (id int identity(1,1), region varchar(20) encode zstd,
	amount decimal(10,2), day date)
	diststyle key distkey(region) compound sortkey(day, region);
select "column", type, trim(encoding), distkey, sortkey, "notnull"
	from pg_table_def where tablename = 'attr' order by 1;
select reldiststyle from pg_class where relname = 'attr';
select attname, attisdistkey, attsortkeyord,
	format_encoding(attencodingtype::integer)
	from pg_catalog.pg_attribute a join pg_class c on c.oid = a.attrelid
	where relname = 'attr' and attnum > 0 order by attnum;
insert into attr (region) values ('north');
select "table", diststyle, sortkey1, sortkey_num, tbl_rows from svv_table_info
	where "table" = 'attr';
drop table attr;
SQL
	[ "$output" = "amount|numeric(10,2)|az64|f|0|f
day|date|none|f|1|f
id|integer|az64|f|0|t
region|character varying(20)|zstd|t|2|f
1
id|f|0|az64
region|t|2|zstd
amount|f|0|az64
day|f|1|none
attr|KEY(region)|day|2|1" ]
}

@test "COPY and UNLOAD work on the sandbox's S3, refusals are recorded" {
	printf 'id,name\n1,one\n2,"t,wo"\nx,three\n' >"$BATS_TEST_TMPDIR/in.csv"
	$S3 mb s3://gateway-test
	$S3 cp "$BATS_TEST_TMPDIR/in.csv" s3://gateway-test/in.csv
	run psql -Xc 'create table loaded (id int, name varchar(10))' \
		-c "copy loaded from 's3://gateway-test/in.csv' iam_role default csv ignoreheader 1"
	[ "$status" -eq 1 ]
	[[ $output == *"ERROR:  Load into table 'loaded' failed.  Check 'sys_load_error_detail' system table for details."* ]]
	run psql -XAtc "select line_number, trim(column_name), error_code from sys_load_error_detail where file_name like '%gateway-test%'"
	[ "$output" = "4|id|1207" ]
	run psql -Xc "copy loaded from 's3://gateway-test/in.csv' iam_role default csv ignoreheader 1 maxerror 5" \
		-c 'select pg_last_copy_count()' \
		-c "unload ('select * from loaded order by id') to 's3://gateway-test/out_' iam_role default csv parallel off"
	[ "$status" -eq 0 ]
	[[ $output == *"INFO:  Load into table 'loaded' completed, 2 record(s) loaded successfully."* ]]
	[[ $output == *"INFO:  UNLOAD completed, 2 record(s) unloaded successfully."* ]]
	[ "$($S3 cp s3://gateway-test/out_000 -)" = '1,one
2,"t,wo"' ]
	psql -Xqc 'drop table loaded'
}

@test "a failed COPY fails its block, its record stays" {
	printf 'x\n' >"$BATS_TEST_TMPDIR/bad.csv"
	$S3 mb s3://gateway-block
	$S3 cp "$BATS_TEST_TMPDIR/bad.csv" s3://gateway-block/bad.csv
	run script <<'SQL'
create table inblock (id int);
begin;
copy inblock from 's3://gateway-block/bad.csv' iam_role default csv;
select 1;
rollback;
select count(*) from stl_load_errors where filename like '%gateway-block%';
drop table inblock;
SQL
	[[ $output == *"25P02"*1 ]]
}

@test "statements are in the history, also those that failed" {
	psql -XAtqc "select 'history one'"
	run psql -XAtqc "select * from history_two"
	run psql -XAtqc "select trim(status) from sys_query_history where query_text like '%history one%' and query_text not like '%sys_query%'"
	[ "$output" = success ]
	run psql -XAtqc "select trim(status), trim(error_message) from sys_query_history where query_text like '%history_two%' and query_text not like '%sys_query%'"
	[ "$output" = 'failed|relation "history_two" does not exist' ]
}

@test "another user sees own rows of the logs only, and logs in by md5" {
	psql -XAtqc "create user visitor password 'Visit0rs'"
	run env PGUSER=visitor PGPASSWORD=Visit0rs psql -XAtq \
		-c 'select count(*) from stl_query' -c 'select usesuper from pg_user where usename = current_user'
	[ "$output" = "0
f" ]
	run env PGUSER=visitor PGPASSWORD=Visit0rs psql -XAtqc 'select count(*) from stl_query'
	[ "$output" -ge 1 ]
	psql -XAtqc 'drop user visitor'
}

@test "a temporary password opens the door for an unknown user with auto create only" {
	run /usr/bin/aws --endpoint-url "$AWS_ENDPOINT_URL" redshift \
		get-cluster-credentials --db-user newcomer \
		--cluster-identifier redsh-sandbox --query DbPassword --output text
	[ "$status" -eq 0 ]
	PGUSER=IAM:newcomer PGPASSWORD=$output run psql -XAtc 'select 1'
	[ "$status" -eq 2 ]
	[[ $output == *newcomer* ]]
	run /usr/bin/aws --endpoint-url "$AWS_ENDPOINT_URL" redshift \
		get-cluster-credentials --db-user newcomer --auto-create \
		--cluster-identifier redsh-sandbox --query DbPassword --output text
	[ "$status" -eq 0 ]
	[ "$(PGUSER=IAMA:newcomer PGPASSWORD=$output psql -XAtc 'select current_user')" = newcomer ]
	psql -XAtqc 'drop user newcomer'
}

@test "the extended protocol answers message by message" {
	run /usr/bin/python3 "$TESTS_DIR/cli/extended.py"
	[ "$status" -eq 0 ]
	[ "$output" = "parse bind describe execute: 1 2 T[a:23] D[7] C[SELECT] Z[I]
statement parameters: 1 t[23] T[?column?:23] Z[I]
an error skips up to Sync: E[42P01] Z[I]
then it works again: 1 2 D[1] C[SELECT] Z[I]
refused by the gateway: E[42704] Z[I]
a refusal undoes the pipeline: 1 2 C[INSERT 0 1] E[42601] Z[I]
nothing was kept: 1 2 D[0] C[SELECT] Z[I]
run by the gateway: 1 2 n C[TRUNCATE TABLE] Z[I]
upkeep: 1 2 C[VACUUM] Z[I] 1 2 C[ANALYZE] Z[I]
nothing to do: 1 2 C[SET] Z[I]
settings: 1 2 C[SET] 1 2 D[etl] C[SHOW] Z[I]
flush answers at once: 1 | 2 D[5] C[SELECT] Z[I]
empty statement: 1 2 I Z[I]
close is forgiving: 3 3 Z[I]
function calls: E[0A000] Z[I]
blocks: 1 2 C[BEGIN] Z[T] 1 E[22012] Z[E] 1 2 C[ROLLBACK] Z[I]" ]
}

@test "a statement whose client has left is stopped" {
	run /usr/bin/python3 - <<'PYTHON'
import os
import psycopg2
here = psycopg2.connect("")
here.autocommit = True
child = os.fork()
if child == 0:
    psycopg2.connect("").cursor().execute(
        "select count(*) from pg_depend a, pg_depend b,"
        " pg_depend c, pg_depend d")
    os._exit(0)
def running():
    seen = here.cursor()
    seen.execute("select count(*) from stv_inflight where text like"
                 " '%pg_depend d%' and pid <> pg_backend_pid()")
    return seen.fetchone()[0]
while not running():
    pass
os.kill(child, 9)
os.waitpid(child, 0)
while running():
    pass
print("stopped")
PYTHON
	[ "$output" = stopped ]
}

@test "psql's listings fail as on a cluster, for what 8.0 lacks" {
	psql -Xqc 'create table listed (a int)'
	while read -r command lacks; do
		run psql -X -c "$command"
		[ "$status" -eq 1 ]
		[[ "$output" == *"$lacks does not exist"* ]]
	done <<'COMMANDS'
\l column d.datcollate
\du relation "pg_auth_members"
\df function pg_get_function_arguments
COMMANDS
	run psql -X -c '\d listed'
	[ "$status" -eq 1 ]
	[[ "$output" == *"column c.relhastriggers does not exist"* ]]
}
