# redsh's S3, STS and Redshift calls against moto, an AWS written by others.
# tests/peer/run names a Python that has it (PEER_PYTHON).

setup_file() {
	export HOME=$BATS_FILE_TMPDIR/home
	mkdir "$HOME"
	python=${PEER_PYTHON:-python3}
	"$python" -c 'import moto.server' 2>/dev/null || return 0
	"$python" - >"$BATS_FILE_TMPDIR/port" 2>"$BATS_FILE_TMPDIR/log" 3>&- <<-'PY' &
		from moto.server import ThreadedMotoServer
		import time
		server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
		server.start()
		print("port", server.get_host_and_port()[1], flush=True)
		time.sleep(600)
	PY
	echo $! >"$BATS_FILE_TMPDIR/pid"
	for _ in $(seq 400); do
		! grep -q '^port ' "$BATS_FILE_TMPDIR/port" || break
		sleep 0.05
	done
}

teardown_file() {
	[ ! -e "$BATS_FILE_TMPDIR/pid" ] || kill "$(cat "$BATS_FILE_TMPDIR/pid")"
}

setup() {
	[ -s "$BATS_FILE_TMPDIR/port" ] ||
		skip "moto is not installed: redsh is NOT tested against it"
	unset AWS_PROFILE AWS_SESSION_TOKEN XDG_STATE_HOME XDG_CACHE_HOME
	export AWS_ENDPOINT_URL=http://127.0.0.1:$(sed -n 's/^port //p' "$BATS_FILE_TMPDIR/port")
	export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
	export AWS_REGION=eu-west-1
	cd "$BATS_TEST_TMPDIR"
	printf 'a,b\n1,2\n' >a.csv
}

s3() {
	local args=()
	for command in "$@"; do
		args+=(-c "$command")
	done
	"$REDSH" -X --offline --no-cache --csv -t -v ON_ERROR_STOP=1 "${args[@]}"
}

@test "moto: buckets, put, list, head, cat, copy, get, remove" {
	s3 '\s3mb s3://one-bucket' '\s3put a.csv s3://one-bucket/dir/'
	run s3 '\s3ls s3://one-bucket'
	[ "$output" = "dir/,,," ]
	run s3 '\s3ls s3://one-bucket/dir/'
	[[ $output == "a.csv,8,"* ]]
	run s3 '\s3head s3://one-bucket/dir/a.csv 1'
	[ "$output" = "a,b" ]
	s3 '\s3cp s3://one-bucket/dir/a.csv s3://one-bucket/b' \
		'\s3get s3://one-bucket/b got'
	cmp a.csv got
	run s3 '\s3stat s3://one-bucket'
	[[ $output == *"region,eu-west-1"* ]]
	run s3 '\s3get s3://one-bucket/none'
	[[ $output == *"there is no such object"* ]]
	run s3 '\s3ls s3://none-bucket'
	[[ $output == *"there is no such bucket"* ]]
	s3 '\s3rm -r --yes s3://one-bucket' '\s3rb --yes s3://one-bucket'
	run s3 '\s3ls'
	[[ $output != *one-bucket* ]]
}

@test "moto: parts, and keys of every kind it can store" {
	head -c 104857600 /dev/urandom >big
	s3 '\s3mb s3://two-bucket' '\s3put big s3://two-bucket/big' \
		'\s3get s3://two-bucket/big back'
	cmp big back
	for key in 'a b' '`x`' "it's" 'back\slash' 'co:lon' 'pi|pe' \
		'pl+us' 'per%25cent' 'é' 'a//b' 'dot/../x' '/lead'; do
		printf '\\s3put a.csv "s3://two-bucket/%s"\n' "$key" >put.sql
		"$REDSH" -X --offline -v ON_ERROR_STOP=1 -f put.sql
		printf '\\s3get "s3://two-bucket/%s" out\n' "$key" >get.sql
		"$REDSH" -X --offline -v ON_ERROR_STOP=1 -f get.sql
		cmp a.csv out
		rm out
	done
	run s3 '\s3rm -r --yes s3://two-bucket'
	[[ $output == *"removed: 13 objects"* ]]
}
