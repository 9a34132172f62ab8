# Meta-commands against the sandbox: tests/cases/commands/NAME.sql, run by
# redsh, must print NAME.out.

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
	"$REDSH" -X -q -f "$TESTS_DIR/cases/commands/$1.sql" \
		>"$BATS_TEST_TMPDIR/out" 2>&1 || true
	sed "s|^redsh:.*/$1.sql:||" "$BATS_TEST_TMPDIR/out" |
		diff -u "$TESTS_DIR/cases/commands/$1.out" -
}

@test "\\sf and \\sv put definitions together" {
	check source
}

@test "\\format lays out what is typed, or what was sent" {
	check format
}

@test "\\aws and \\sso name what they do not know" {
	run "$REDSH" -X -q --offline -c '\aws nonsense'
	[ "$status" -eq 1 ]
	[ "$output" = '\aws does not know "nonsense"
HINT:  say whoami, profile, region or doctor' ]
	HOME=$BATS_TEST_TMPDIR run "$REDSH" -X -q --offline -c '\sso login'
	[ "$status" -eq 1 ]
	[[ $output == *'does not use IAM Identity Center'* ]]
}
