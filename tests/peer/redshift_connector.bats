#!/usr/bin/env bats
# Amazon's own Python driver against the gateway.

setup_file() {
	"$PEER_PYTHON" -c 'import redshift_connector' 2>/dev/null || return 0
	export SANDBOX
	SANDBOX=$(mktemp -d)
	chmod 755 "$SANDBOX"
	"$REDSH_SANDBOX" start --dir "$SANDBOX" >&2
}

teardown_file() {
	[ -z "${SANDBOX:-}" ] || {
		"$REDSH_SANDBOX" stop --dir "$SANDBOX"
		rm -rf "$SANDBOX"
	}
}

setup() {
	"$PEER_PYTHON" -c 'import redshift_connector' 2>/dev/null ||
		skip "no redshift_connector"
	eval "$("$REDSH_SANDBOX" env --dir "$SANDBOX")"
	# the driver checks the server by its own bundle and the system's
	export SSL_CERT_FILE=$PGSSLROOTCERT
}

# drive: runs Python lines with an open connection named db.
drive() {
	"$PEER_PYTHON" - <<EOF
import os, ssl, redshift_connector
db = redshift_connector.connect(host='localhost', port=int(os.environ['PGPORT']),
    database=os.environ['PGDATABASE'], user=os.environ['PGUSER'],
    password=os.environ['PGPASSWORD'])
cursor = db.cursor()
$1
EOF
}

@test "logs in, asks, gets typed values" {
	run drive "
cursor.execute('select 1::int, 2.50::decimal(5,2), %s, null', ('x',))
print(cursor.fetchall())"
	[ "$status" -eq 0 ]
	[[ "$output" == *"1, Decimal('2.50'), 'x', None"* ]]
}

@test "sees Redshift" {
	run drive "
cursor.execute('select version()')
print(cursor.fetchone()[0])"
	[ "$status" -eq 0 ]
	[[ "$output" == *"PostgreSQL 8.0.2"*"Redshift 1.0."* ]]
}

@test "inserts many rows with parameters and rolls back" {
	run drive "
cursor.execute('create table peer (a int, b varchar(10))')
db.commit()
cursor.executemany('insert into peer values (%s, %s)', [(i, str(i)) for i in range(50)])
cursor.execute('select count(*), max(b) from peer')
print(cursor.fetchone())
db.rollback()
cursor.execute('select count(*) from peer')
print(cursor.fetchone())"
	[ "$status" -eq 0 ]
	[[ "$output" == *"50, '9'"*"0"* ]]
}

@test "the driver's metadata calls answer" {
	run drive "
cursor.execute('create table kept (id int not null primary key, name varchar(9))')
db.commit()
print([row[0] for row in cursor.get_catalogs()])
print('public' in [row[0] for row in cursor.get_schemas()])
print([row[1:4] for row in cursor.get_tables(schema_pattern='public')
       if row[2] == 'kept'])
print([(row[3], row[5]) for row in cursor.get_columns(
    schema_pattern='public', tablename_pattern='kept')])
print([row[3] for row in cursor.get_primary_keys(schema='public', table='kept')])"
	[ "$status" -eq 0 ]
	[[ "$output" == *"['dev']"*"True"* ]]
	[[ "$output" == *"'public', 'kept', 'TABLE'"* ]]
	[[ "$output" == *"('id', 'int4'), ('name', 'varchar')"* ]]
	[[ "$output" == *"['id']"* ]]
}

@test "an error carries its SQLSTATE and the session goes on" {
	run drive "
try:
    cursor.execute('select * from nowhere')
except redshift_connector.Error as error:
    print('42P01' in str(error))
db.rollback()
cursor.execute('select 1')
print(cursor.fetchone())"
	[ "$status" -eq 0 ]
	[[ "$output" == *"True"*"1"* ]]
}

@test "a sha256 password is answered by a digest, code 13" {
	run drive "
cursor.execute(\"create user hashed password 'sha256|Mypassword1'\")
db.commit()
other = redshift_connector.connect(host='localhost', port=db._usock.getpeername()[1],
    database='dev', user='hashed', password='Mypassword1').cursor()
other.execute('select current_user')
print(other.fetchall())"
	[ "$output" = "(['hashed'],)" ]
}

@test "an identity provider's token is answered by itself, code 14" {
	TOKEN=$("$REDSH_SANDBOX" token --dir "$SANDBOX" --namespace AWSIDC \
		--user alice@example.com)
	export TOKEN
	run drive "
other = redshift_connector.connect(host='localhost', port=db._usock.getpeername()[1],
    database='dev', credentials_provider='IdpTokenAuthPlugin',
    token=os.environ['TOKEN'], token_type='ACCESS_TOKEN').cursor()
other.execute('select current_user')
print(other.fetchall())"
	[ "$output" = "(['AWSIDC:alice@example.com'],)" ]
}
