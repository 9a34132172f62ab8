# redsh-sandbox: start, stop, two of them, a crash, and stock clients.

setup() {
	DIR=$BATS_TEST_TMPDIR/one
	OTHER=$BATS_TEST_TMPDIR/two
	unset PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE PGSSLMODE \
		PGSSLROOTCERT PGOPTIONS PGSERVICE
	export PGCONNECT_TIMEOUT=20
}

teardown() {
	for dir in "$DIR" "$OTHER"; do
		[ ! -d "$dir" ] || "$REDSH_SANDBOX" stop --dir "$dir"
	done
}

start() {
	"$REDSH_SANDBOX" start --dir "$1" || return
	eval "$("$REDSH_SANDBOX" env --dir "$1")"
}

sql() {
	psql -XAtq -v VERBOSITY=verbose -c "$1" 2>&1
}

@test "help and version need no sandbox" {
	run "$REDSH_SANDBOX" --help
	[ "$status" -eq 0 ]
	[[ $output == *"redsh-sandbox start"* ]]
	run "$REDSH_SANDBOX" --version
	[ "$status" -eq 0 ]
	[[ $output == "redsh-sandbox (redsh) "* ]]
}

@test "what the command line does not know is refused with a hint" {
	for args in "" "begin" "start --colour" "start --port 0" \
		"start --port 70000" "stop now" "start --dir"; do
		run "$REDSH_SANDBOX" $args
		[ "$status" -eq 2 ]
		[[ $output == *"hint: "* ]]
	done
}

@test "values that an option cannot have are refused by name" {
	while IFS='|' read -r words complaint; do
		# shellcheck disable=SC2086
		run "$REDSH_SANDBOX" start --dir "$DIR" $words
		[ "$status" -eq 2 ]
		[[ $output == *"redsh-sandbox: $complaint"* ]]
	done <<-END
		--port 0|no such port: 0
		--port 65536|no such port: 65536
		--kind both|no such kind: both
		--kind serverless --base-capacity 9|no such capacity: 9
		--base-capacity 8|only a serverless one has a --base-capacity
		--idle-limit 1h|no such limit: 1h
		--idle-transaction-limit 0|no such limit: 0
		--idle-speed 2000|no such speed: 2000
		--old-views shown|not refused or empty: shown
		--login-life -5|no such life: -5
		--stack-step x|no such time: x
	END
	[ ! -e "$DIR" ]
}

@test "status, stop and env say when none runs" {
	run "$REDSH_SANDBOX" status --dir "$DIR"
	[ "$status" -eq 3 ]
	[[ $output == "no sandbox runs in $DIR" ]]
	run "$REDSH_SANDBOX" env --dir "$DIR"
	[ "$status" -eq 1 ]
	[[ $output == *"hint: redsh-sandbox start"* ]]
	run "$REDSH_SANDBOX" stop --dir "$DIR"
	[ "$status" -eq 0 ]
	[ ! -e "$DIR" ]
}

@test "packaged psql connects with verify-full and sees Redshift" {
	start "$DIR"
	[ "$PGSSLMODE" = verify-full ]
	[ "$(psql -XAt -c 'select 1')" = 1 ]
	[ "$(psql -XAt -c '\echo :SERVER_VERSION_NAME')" = 8.0.2 ]
	[ "$(psql -XAt -c '\echo :SERVER_VERSION_NUM')" = 80002 ]
	# localhost, the address, and no other name
	[ "$(PGHOST=127.0.0.1 psql -XAt -c 'select 2')" = 2 ]
	run psql "hostaddr=127.0.0.1 host=example.test" -XAt -c 'select 3'
	[ "$status" -eq 2 ]
	[[ $output == *"does not match host name"* ]]
}

@test "a wrong CA and a wrong password are refused" {
	start "$DIR"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout /dev/null -subj /CN=other -days 2 \
		-out "$BATS_TEST_TMPDIR/other.pem" 2>/dev/null
	run env PGSSLROOTCERT="$BATS_TEST_TMPDIR/other.pem" psql -Xc 'select 1'
	[ "$status" -eq 2 ]
	[[ $output == *"certificate verify failed"* ]]
	run env PGPASSWORD=wrong psql -Xc 'select 1'
	[ "$status" -eq 2 ]
	[[ $output == *'password authentication failed for user "awsuser"'* ]]
	run env PGUSER=nobody_here psql -Xc 'select 1'
	[ "$status" -eq 2 ]
	[[ $output == *'password authentication failed for user "nobody_here"'* ]]
	run env PGUSER=rdsdb PGPASSWORD= psql -wXc 'select 1'
	[ "$status" -eq 2 ]
	run env PGDATABASE=nowhere psql -Xc 'select 1'
	[ "$status" -eq 2 ]
	[[ $output == *'database "nowhere" does not exist'* ]]
}

@test "secrets are for their owner only, listeners for this machine only" {
	start "$DIR"
	for file in password identity.ini ca.key server.pem; do
		[ "$(stat -c %a "$DIR/$file")" = 600 ]
	done
	[ "$(stat -c %a "$DIR/pg")" = 700 ]
	if [ "$(id -u)" -eq 0 ]; then
		[ "$(stat -c %u "$DIR/pg")" -ne 0 ]
	fi
	run ss -Hltnp
	[ "$status" -eq 0 ] || skip "no ss on this machine"
	[[ $(ss -Hltn "sport = :$PGPORT") == *"127.0.0.1:$PGPORT"* ]]
	[[ $(ss -Hltn "sport = :$PGPORT") != *"0.0.0.0:$PGPORT"* ]]
	[[ $(ss -Hltn "sport = :$PGPORT") != *"*:$PGPORT"* ]]
}

@test "start-up parameters are checked as Redshift checks them" {
	start "$DIR"
	run env PGOPTIONS='-c extra_float_digits=3' psql -Xc 'select 1'
	[ "$status" -eq 2 ]
	[[ $output == *'FATAL:  3 is outside the valid range for parameter "extra_float_digits" (-15 .. 2)'* ]]
	for name in IntervalStyle standard_conforming_strings geqo; do
		run env PGOPTIONS="-c $name=x" psql -Xc 'select 1'
		[ "$status" -eq 2 ]
		[[ $output == *"FATAL:  unrecognized configuration parameter \"$name\""* ]]
	done
	run env PGOPTIONS='-c search_path=one -c extra_float_digits=2' \
		psql -XAtc 'show search_path'
	[ "$output" = one ]
	PGCLIENTENCODING=UTF8 psql -XAtc 'select 1'
}

@test "psycopg2 sees the parameters of Redshift" {
	start "$DIR"
	run /usr/bin/python3 - <<'PYTHON'
import psycopg2
connection = psycopg2.connect("")
print(connection.server_version)
for name in ("server_version", "client_encoding", "padb_revision",
             "server_protocol_version", "datashare_enabled",
             "external_database", "show_discovery"):
    print(name, connection.get_parameter_status(name) is not None)
print(connection.get_parameter_status("client_encoding"))
print(connection.get_parameter_status("standard_conforming_strings"))
cursor = connection.cursor()
cursor.execute("select %s::int as one, %s::varchar(9) as two", (1, "it's"))
print(cursor.fetchall(), [c.type_code for c in cursor.description])
PYTHON
	[ "$status" -eq 0 ]
	[ "$output" = "80002
server_version True
client_encoding True
padb_revision True
server_protocol_version True
datashare_enabled True
external_database True
show_discovery True
UNICODE
None
[(1, \"it's\")] [23, 1043]" ]
}

@test "errors keep SQLSTATE and position, a failed block stays failed" {
	start "$DIR"
	run sql 'select * from nowhere'
	[[ $output == *'42P01: relation "nowhere" does not exist'* ]]
	[[ $output == *"LINE 1: select * from nowhere"* ]]
	run psql -XAt -v VERBOSITY=verbose -c begin -c 'select 1/0' -c 'select 2'
	[[ $output == *"22012"* ]]
	[[ $output == *"25P02"* ]]
}

@test "a statement is cancelled in Redshift's words" {
	start "$DIR"
	run /usr/bin/python3 - <<'PYTHON'
import select
import threading
import psycopg2
connection = psycopg2.connect("")
watcher = psycopg2.connect("")
watcher.autocommit = True

def cancel():
    seen = watcher.cursor()
    while True:
        seen.execute("select count(*) from stv_recents"
                     " where status = 'Running' and pid = %s",
                     (connection.info.backend_pid,))
        if seen.fetchone()[0]:
            connection.cancel()
            return

thread = threading.Thread(target=cancel)
thread.start()
try:
    connection.cursor().execute(
        "select count(*) from pg_attribute a, pg_attribute b,"
        " pg_attribute c, pg_attribute d")
except psycopg2.Error as error:
    print(error.pgcode, error.diag.message_primary)
thread.join()
PYTHON
	[ "$status" -eq 0 ]
	[[ $output == "57014 Query ("*") cancelled on user's request" ]]
}

@test "data and passwords survive stop and start" {
	start "$DIR"
	first=$PGPASSWORD
	port=$PGPORT
	psql -Xqc 'create table kept (a int)' -c 'insert into kept values (7)'
	"$REDSH_SANDBOX" stop --dir "$DIR"
	run "$REDSH_SANDBOX" status --dir "$DIR"
	[ "$status" -eq 3 ]
	start "$DIR"
	[ "$PGPASSWORD" = "$first" ]
	[ "$PGPORT" = "$port" ]
	[ "$(psql -XAtc 'select a from kept')" = 7 ]
}

@test "two sandboxes do not disturb each other" {
	start "$DIR"
	one=$PGPORT
	aws=$AWS_ENDPOINT_URL
	psql -Xqc 'create table mine (a int)'
	start "$OTHER"
	[ "$PGPORT" != "$one" ]
	[ "$AWS_ENDPOINT_URL" != "$aws" ]
	run sql 'select * from mine'
	[[ $output == *'relation "mine" does not exist'* ]]
	"$REDSH_SANDBOX" stop --dir "$OTHER"
	eval "$("$REDSH_SANDBOX" env --dir "$DIR")"
	psql -XAtc 'select * from mine'
}

@test "a second start in the same folder is refused, naming the first" {
	start "$DIR"
	run "$REDSH_SANDBOX" start --dir "$DIR"
	[ "$status" -eq 1 ]
	[[ $output == *"a sandbox runs already in $DIR (process "* ]]
	[ "$(psql -XAtc 'select 1')" = 1 ]
}

@test "--port is exact, and refused when it is taken" {
	start "$DIR"
	run "$REDSH_SANDBOX" start --dir "$OTHER" --port "$PGPORT"
	[ "$status" -eq 1 ]
	[[ $output == *"port $PGPORT: "* ]]
	run "$REDSH_SANDBOX" status --dir "$OTHER"
	[ "$status" -eq 3 ]
}

@test "after kill -9 the next start serves the same data" {
	start "$DIR"
	psql -Xqc 'create table kept (a int)' -c 'insert into kept values (8)'
	kill -9 "$(cat "$DIR/lock")"
	# until the process is gone and its lock with it
	flock "$DIR/lock" true
	start "$DIR"
	[ "$(psql -XAtc 'select a from kept')" = 8 ]
}

@test "hostile bytes at the door end that connection only" {
	start "$DIR"
	/usr/bin/python3 - <<'PYTHON'
import os
import socket
for hello in (b"GET / HTTP/1.1\r\n\r\n", b"\x00\x00\x00\x04", b"\xff" * 64,
              b"\x00\x00\x00\x08\x04\xd2\x16\x2f" * 3,
              b"\x00\x00\x00\x0a\x00\x03\x00\x00xx",
              b"\x00\x00\x00\x09\x00\x03\x00\x00\x00", b""):
    peer = socket.create_connection(("127.0.0.1", int(os.environ["PGPORT"])))
    peer.settimeout(20)
    peer.sendall(hello)
    peer.shutdown(socket.SHUT_WR)
    while peer.recv(4096):
        pass
    peer.close()
PYTHON
	[ "$(psql -XAtc 'select 1')" = 1 ]
}

@test "temporary passwords of GetClusterCredentials open the gateway" {
	start "$DIR"
	run /usr/bin/aws --endpoint-url "$AWS_ENDPOINT_URL" redshift \
		get-cluster-credentials --db-user awsuser \
		--cluster-identifier redsh-sandbox \
		--query DbPassword --output text
	[ "$status" -eq 0 ]
	[ "$(PGUSER=IAM:awsuser PGPASSWORD=$output psql -XAtc \
		'select current_user')" = awsuser ]
	run env PGUSER=awsuser PGPASSWORD="$output" psql -XAtc 'select 1'
	[ "$status" -eq 2 ]
}

@test "redsh logs in with --iam, --cluster, --profile, --region" {
	start "$DIR"
	export HOME=$BATS_TEST_TMPDIR
	mkdir "$HOME/.aws"
	printf '[lab]\naws_access_key_id = %s\naws_secret_access_key = %s\n' \
		"$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" \
		>"$HOME/.aws/credentials"
	endpoint=$AWS_ENDPOINT_URL
	unset PGPASSWORD AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID \
		AWS_SECRET_ACCESS_KEY AWS_REGION AWS_DEFAULT_REGION
	run "$REDSH" -XAt --cluster=redsh-sandbox --profile=lab \
		--region=us-east-1 --endpoint-url="$endpoint" \
		-c 'select current_user'
	[ "$status" -eq 0 ]
	[ "$output" = awsuser ]
	run "$REDSH" -XAt --iam --cluster=nosuch --profile=lab \
		--region=us-east-1 --endpoint-url="$endpoint" -c 'select 1'
	[ "$status" -eq 2 ]
	[[ $output == *"there is no such cluster"* ]]
	run "$REDSH" -XAt --iam --profile=lab -c 'select 1'
	[ "$status" -eq 2 ]
	[[ $output == *"HINT:  add --cluster NAME"* ]]
}

@test "in the foreground it tells how to connect and ends by SIGTERM" {
	"$REDSH_SANDBOX" start --dir "$DIR" --foreground \
		>"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	pid=$!
	until grep -q 'AWS ' "$BATS_TEST_TMPDIR/out"; do
		kill -0 "$pid"
		sleep 0.05
	done
	eval "$("$REDSH_SANDBOX" env --dir "$DIR")"
	[ "$(psql -XAtc 'select 1')" = 1 ]
	kill -TERM "$pid"
	wait "$pid"
	run "$REDSH_SANDBOX" status --dir "$DIR"
	[ "$status" -eq 3 ]
}

@test "PostgreSQL's monitors are not there, Redshift's views are" {
	start "$DIR"
	for name in pg_stat_ssl pg_roles pg_matviews stl_no_such_view; do
		run sql "select * from $name"
		[[ $output == *"42P01: relation \"$name\" does not exist"* ]]
	done
	for name in pg_table_def svv_tables svv_columns svv_table_info \
		svv_all_tables svv_all_columns svv_all_schemas \
		svv_redshift_tables svv_redshift_columns svv_mv_info \
		svv_external_tables stl_load_errors sys_load_error_detail \
		sys_load_history stl_query sys_query_history stv_sessions \
		stv_slices stv_recents pg_user_info svv_user_info; do
		psql -XAtqc "select * from $name" >/dev/null
	done
	run psql -XAtc 'select process = pg_backend_pid() from stv_sessions'
	[ "$output" = t ]
}

@test "passwords in echoed scripts are hidden from a Redshift's logs" {
	start "$DIR"
	run "$REDSH" -X -a -f - <<-'EOF'
		create user nosuch password 'Sekret12' connection limit -5;
		\set ECHO errors
		alter user nobody_here password 'Sekret12';
	EOF
	[[ $output == *"password '***'"* ]]
	[[ $output != *Sekret12* ]]
}

@test "data behind a refused COPY are never run" {
	start "$DIR"
	run "$REDSH" -X -q -f - <<-'EOF'
		create table t (a int, b varchar(20));
		COPY t (a) -- why
		FROM stdin;
		1
		; drop table t;
		\! echo run
		\.
		select count(*) + 41 as still_there from t;
		\copy t from stdin csv
		2,x
		; drop table t;
		\.
		select count(*) + 42 as still_there from t;
		\copy t (a, b) from '/data/some rows.csv' csv
		\copy (select 43 as a) to pstdout csv
	EOF
	[[ $output != *"run"* ]]
	[[ $output == *41*42*43* ]]
	[[ $output == *"not supported"*"3 lines of COPY data were passed over"* ]]
	[[ $output == *"Redshift reads from S3 only"*"\\set STAGING s3://"* ]]
}
