# Redshift SQL against the sandbox, by stock psql: tests/cases/dialect/NAME.sql
# must print NAME.out.

setup_file() {
	unset PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE PGSSLMODE \
		PGSSLROOTCERT PGOPTIONS PGSERVICE
	export DIR=$BATS_FILE_TMPDIR/sandbox PGCONNECT_TIMEOUT=20 PGTZ=UTC
	"$REDSH_SANDBOX" start --dir "$DIR" || return
	eval "$("$REDSH_SANDBOX" env --dir "$DIR")"
}

teardown_file() {
	"$REDSH_SANDBOX" stop --dir "$DIR"
}

check() {
	psql -X -q -f "$TESTS_DIR/cases/dialect/$1.sql" \
		>"$BATS_TEST_TMPDIR/out" 2>&1 || true
	sed "s|^psql:.*/$1.sql:||" "$BATS_TEST_TMPDIR/out" |
		diff -u "$TESTS_DIR/cases/dialect/$1.out" -
}

@test "dates count, add and cut as Redshift does" {
	check dates
}

@test "functions of text, numbers and JSON" {
	check functions
}

@test "aggregates and windows" {
	check aggregates
}

@test "tables keep their keys, encodings and identity" {
	check tables
}

@test "TOP, MINUS, temporary tables, escapes, names" {
	check syntax
}

@test "what Redshift lacks is refused where it stands" {
	check refused
}

@test "what other people's administration scripts lean on" {
	check strangers
}
