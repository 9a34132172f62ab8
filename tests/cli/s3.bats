# The \s3 commands against the sandbox's S3: what people do, keys that want to
# do harm, large files, breaks.

setup_file() {
	export HOME=$BATS_FILE_TMPDIR/home
	mkdir "$HOME" "$BATS_FILE_TMPDIR/store"
	mkfifo "$BATS_FILE_TMPDIR/hold"
	# it serves until its standard input ends
	sleep 600 3>&- >"$BATS_FILE_TMPDIR/hold" &
	echo $! >"$BATS_FILE_TMPDIR/sleep.pid"
	"$(dirname "$REDSH")/tests/peer/s3_serve" "$BATS_FILE_TMPDIR/store" \
		<"$BATS_FILE_TMPDIR/hold" >"$BATS_FILE_TMPDIR/env" 3>&- &
	for _ in $(seq 200); do
		! grep -q AWS_DEFAULT_REGION "$BATS_FILE_TMPDIR/env" || break
		sleep 0.05
	done
}

teardown_file() {
	kill "$(cat "$BATS_FILE_TMPDIR/sleep.pid")"
}

setup() {
	unset AWS_PROFILE AWS_REGION AWS_SESSION_TOKEN AWS_ENDPOINT_URL_S3 \
		XDG_STATE_HOME XDG_CACHE_HOME XDG_CONFIG_HOME
	. "$BATS_FILE_TMPDIR/env"
	cd "$BATS_TEST_TMPDIR"
	printf 'a,b\n1,2\n3,4\n' >a.csv
	gzip -k a.csv
	bucket=t$BATS_TEST_NUMBER-bucket
	s3 "\\s3mb s3://$bucket"
}

# Every argument is one command.
s3() {
	local args=()
	for command in "$@"; do
		args+=(-c "$command")
	done
	"$REDSH" -X --offline --csv -t -v ON_ERROR_STOP=1 "${args[@]}"
}

script() {
	"$REDSH" -X --offline --csv -t -v ON_ERROR_STOP=1 -f "$1"
}

@test "buckets are made, listed and removed" {
	run s3 '\s3ls'
	[[ $output == *"$bucket,"* ]]
	run s3 "\\s3rb --yes s3://$bucket" '\s3ls'
	[ "$status" -eq 0 ]
	[[ $output != *"$bucket,"* ]]
	run s3 "\\s3ls s3://$bucket"
	[ "$status" -ne 0 ]
	[[ $output == *"there is no such bucket"* ]]
}

@test "files are put, looked at, copied, got and removed" {
	run s3 "\\s3put a.csv a.csv.gz s3://$bucket/dir/"
	[[ $output == "put: 2 objects, "* ]]
	run s3 "\\s3ls s3://$bucket"
	[ "$output" = "dir/,,," ]
	run s3 "\\s3ls s3://$bucket/dir/"
	[[ ${lines[0]} == "a.csv,12,20"* ]]
	[[ ${lines[1]} == "a.csv.gz,"* ]]
	run s3 "\\s3head s3://$bucket/dir/a.csv.gz 2"
	[ "$output" = $'a,b\n1,2' ]
	run s3 "\\s3cat s3://$bucket/dir/*.gz"
	[ "$output" = $'a,b\n1,2\n3,4' ]
	s3 "\\s3cat --raw s3://$bucket/dir/a.csv.gz" | cmp - a.csv.gz
	s3 "\\s3cp s3://$bucket/dir/a.csv s3://$bucket/b.csv" \
		"\\s3get s3://$bucket/b.csv got.csv"
	cmp a.csv got.csv
	run s3 "\\s3du s3://$bucket/dir/a.csv"
	[ "$output" = "s3://$bucket/dir/a.csv,2,$((12 + $(stat -c %s a.csv.gz))),$(stat -c %s a.csv.gz),dir/a.csv.gz" ]
	run s3 "\\s3stat s3://$bucket/b.csv"
	[[ $output == *"size,12"* ]]
	run s3 "\\s3rm --yes s3://$bucket/b.csv" "\\s3ls s3://$bucket"
	[[ $output == *"dir/,,,"* ]]
	[[ $output != *$'\n'b.csv* ]]
}

@test "listings are sorted by name, time or size, either way" {
	printf x >one
	printf xxx >two
	printf xx >tri
	s3 "\\s3put one two tri s3://$bucket"
	run s3 "\\s3ls -S s3://$bucket"
	[ "$(cut -d, -f1 <<<"$output" | xargs)" = "two tri one" ]
	run s3 "\\s3ls -Sr s3://$bucket"
	[ "$(cut -d, -f1 <<<"$output" | xargs)" = "one tri two" ]
	run s3 "\\s3ls -rh s3://$bucket"
	[ "$(cut -d, -f1,2 <<<"$output" | tr '\n' ' ')" = "two,3 B tri,2 B one,1 B " ]
	run s3 "\\s3ls s3://$bucket/t*"
	[ "$(cut -d, -f1 <<<"$output" | xargs)" = "tri two" ]
	run s3 "\\s3ls s3://$bucket/nothing*"
	[ "$status" -ne 0 ]
	[[ $output == *"nothing matches s3://$bucket/nothing*"* ]]
}

@test "trees are got with their folders, and removed" {
	s3 "\\s3put a.csv s3://$bucket/x/y/z.csv" \
		"\\s3put a.csv s3://$bucket/x/w.csv" \
		"\\s3put a.csv s3://$bucket/xx.csv"
	s3 "\\s3get -r s3://$bucket/x/ new"
	[ "$(cd new && find . -type f | sort | xargs)" = "./w.csv ./y/z.csv" ]
	s3 "\\s3get -r s3://$bucket/x new2"
	[ "$(cd new2 && find . -type f | sort | xargs)" = "./x/w.csv ./x/y/z.csv" ]
	run s3 "\\s3rm -r --yes s3://$bucket/x" "\\s3ls -R s3://$bucket"
	[[ $output == *"removed: 2 objects"* ]]
	[[ ${lines[1]} == "xx.csv,12,"* ]]
}

@test "hostile keys are put, listed, got and removed; nothing runs" {
	cat >hostile.sql <<-SQL
		\\s3put a.csv 's3://$bucket/\`touch PWNED\`'
		\\s3put a.csv s3://$bucket/\`touch\${IFS}PWNED\`
		\\s3put a.csv s3://$bucket/\$(touch\${IFS}PWNED)
		\\s3put a.csv "s3://$bucket/it's"
		\\s3put a.csv s3://$bucket/back\\slash
		\\s3put a.csv s3://$bucket/co:lon:HOME
		\\s3put a.csv 's3://$bucket/pi|touch PWNED ; x'
		\\s3put a.csv 's3://$bucket/new\\nline'
		\\s3put a.csv 's3://$bucket/tab\\tand \\033[31m'
		\\s3put a.csv s3://$bucket/glob[1]*?.csv
		\\s3put a.csv s3://$bucket//a//../x
		\\s3put a.csv s3://$bucket/é+%2B=&<>"x
	SQL
	script hostile.sql
	s3 '\pset format json' "\\s3ls -R s3://$bucket" >list.json
	/usr/bin/python3 - <<-'PY'
		import json
		text = open("list.json").read()
		names = {row["name"] for row in json.loads(text[text.index("["):])}
		wanted = {"`touch PWNED`", "`touch${IFS}PWNED`",
		          "$(touch${IFS}PWNED)", "it's", "back\\slash",
		          "co:lon:HOME", "pi|touch PWNED ; x", "new\nline",
		          "tab\tand \x1b[31m", "glob[1]*?.csv", "/a//../x",
		          'é+%2B=&<>"x'}
		assert names == wanted, names ^ wanted
	PY
	cat >get.sql <<-SQL
		\\s3get 's3://$bucket/\`touch PWNED\`' 1
		\\s3get s3://$bucket/glob[1]*?.csv 2
		\\s3get 's3://$bucket/new\\nline' 3
		\\s3get s3://$bucket//a//../x 4
		\\s3cp 's3://$bucket/new\\nline' 's3://$bucket/new\\n2 \`x\`'
		\\s3rm --yes s3://$bucket/glob[1]*?.csv s3://$bucket/back\\slash
		\\s3rm --yes 's3://$bucket/new\\nline'
	SQL
	script get.sql
	for n in 1 2 3 4; do
		cmp a.csv $n
	done
	run s3 "\\s3rm -r --yes s3://$bucket"
	[[ $output == "removed: 10 objects"* ]]
	run s3 "\\s3ls s3://$bucket"
	[ -z "$output" ]
	[ -z "$(find . -name 'PWNED*')" ]
}

@test "a key cannot lead out of the folder it is got into" {
	s3 "\\s3put a.csv s3://$bucket/d/../../evil.csv"
	mkdir -p in/folder
	run s3 "\\s3get -r s3://$bucket/d/ in/folder"
	[ "$status" -ne 0 ]
	[[ $output == *"cannot be a file name"* ]]
	[ -z "$(find . -name 'evil*')" ]
	s3 "\\s3get s3://$bucket/d/../../evil.csv in/fine.csv"
	cmp a.csv in/fine.csv
}

@test "messages show no control bytes of keys" {
	run s3 "\\s3put a.csv 's3://$bucket/\\033[31mred'"
	[[ $output == *'/\x1b[31mred'* ]]
}

@test "100 MiB goes by parts and comes back the same" {
	head -c 104857607 /dev/urandom >big
	run s3 "\\s3put big s3://$bucket/big"
	[[ $output == "put: s3://$bucket/big, 100.0 MiB"* ]]
	run s3 "\\s3stat s3://$bucket/big"
	[[ $output == *-13* ]]
	s3 "\\s3get s3://$bucket/big back"
	cmp big back
	[ -z "$(find "$HOME/.local/state/redsh/uploads" -type f)" ]
}

@test "faults are told with the next step" {
	run s3 "\\s3get s3://$bucket/none"
	[ "$status" -ne 0 ]
	[[ $output == *"s3://$bucket/none: there is no such object"* ]]
	[[ $output == *"HINT:"*'\s3ls'* ]]
	[ ! -e none ]
	AWS_SECRET_ACCESS_KEY=wrong run s3 "\\s3ls s3://$bucket"
	[[ $output == *"signature does not match"* ]]
	[[ $output != *"wrong"* ]]
	AWS_ACCESS_KEY_ID=AKIANOBODY run s3 '\s3ls'
	[[ $output == *"does not know the access key id"* ]]
	AWS_ENDPOINT_URL=http://127.0.0.1:1 run s3 '\s3ls'
	[[ $output == *"no connection"* ]]
	AWS_ENDPOINT_URL=nowhere run s3 '\s3ls'
	[[ $output == *"endpoint \"nowhere\""* ]]
	s3 "\\s3put a.csv s3://$bucket"
	run s3 "\\s3rb --yes s3://$bucket"
	[[ $output == *"the bucket is not empty"* ]]
	run s3 "\\s3get s3://$bucket/a.csv nofolder/x"
	[[ $output == *"cannot write nofolder/x"* ]]
	run s3 "\\s3put missing.csv s3://$bucket"
	[[ $output == *"missing.csv: No such file"* ]]
	run s3 "\\s3rm --yes s3://$bucket"
	[[ $output == *"is not one object"* ]]
	run s3 "\\s3get -n s3://$bucket/a.csv"
	[[ $output == *"a.csv is there already"* ]]
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	run s3 '\s3ls'
	[[ $output == *"no AWS credentials"* ]]
}

@test "a gzip object that is cut short is an error" {
	head -c 20 a.csv.gz >cut.gz
	s3 "\\s3put cut.gz s3://$bucket"
	run s3 "\\s3cat s3://$bucket/cut.gz"
	[ "$status" -ne 0 ]
	run s3 "\\s3head s3://$bucket/cut.gz"
	[ "$status" -ne 0 ]
}
