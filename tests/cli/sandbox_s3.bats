# The sandbox's S3 as Debian's awscli uses it.

AWS=/usr/bin/aws

setup_file() {
	[ -x "$AWS" ] || skip "no awscli"
	export DIR=$BATS_FILE_TMPDIR/sandbox
	mkdir -p "$DIR"
	mkfifo "$DIR/in"
	"${S3_SERVE:-tests/peer/s3_serve}" "$DIR" <"$DIR/in" >"$DIR/env" 3>&- &
	echo $! >"$DIR/pid"
	exec 8>"$DIR/in"
	for _ in $(seq 100); do
		[ "$(grep -c export "$DIR/env")" = 4 ] && break
		sleep 0.1
	done
	. "$DIR/env"
}

teardown_file() {
	[ ! -e "$DIR/pid" ] || kill "$(cat "$DIR/pid")"
}

setup() {
	[ -x "$AWS" ] || skip "no awscli"
	unset AWS_PROFILE AWS_SESSION_TOKEN
	export AWS_EC2_METADATA_DISABLED=true
	export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
	cd "$BATS_TEST_TMPDIR"
}

aws() {
	"$AWS" --endpoint-url "$AWS_ENDPOINT_URL" "$@"
}

@test "100 MiB go up in parts, come back the same, and move about" {
	aws s3 mb s3://hundred
	head -c 104857600 /dev/urandom >big
	aws s3 cp big s3://hundred/dir/big --only-show-errors
	aws s3 cp s3://hundred/dir/big back --only-show-errors
	cmp big back
	aws s3 cp s3://hundred/dir/big s3://hundred/copy --only-show-errors
	run aws s3api head-object --bucket hundred --key dir/big \
		--query ETag --output text
	[[ $output == *-13\" ]]
	run aws s3 ls s3://hundred/
	[[ $output == *"PRE dir/"*"104857600 copy"* ]]
	aws s3 rm s3://hundred --recursive --only-show-errors
	aws s3 rb s3://hundred
	[ "$(ls "$DIR/s3/bodies" | wc -l)" = 0 ]
}

@test "a folder is synced both ways, a second time without a byte" {
	aws s3 mb s3://synced
	mkdir -p tree/sub
	echo one >tree/one
	echo two >'tree/sub/two words'
	aws s3 sync tree s3://synced/t
	run aws s3 sync tree s3://synced/t
	[ -z "$output" ]
	aws s3 sync s3://synced/t again
	diff -r tree again
	aws s3 rb s3://synced --force
}

@test "a presigned address serves without a key" {
	aws s3 mb s3://signed
	echo text | aws s3 cp - 's3://signed/a b'
	url=$(aws s3 presign 's3://signed/a b')
	[ "$(curl -s "$url")" = text ]
	run curl -s "${url%?????}00000"
	[[ $output == *SignatureDoesNotMatch* ]]
	aws s3 rb s3://signed --force
}

@test "wrong secret, unknown key, missing bucket" {
	AWS_SECRET_ACCESS_KEY=wrong run aws s3 ls
	[ "$status" -ne 0 ]
	[[ $output == *SignatureDoesNotMatch* ]]
	AWS_ACCESS_KEY_ID=AKIAOTHER run aws s3 ls
	[[ $output == *InvalidAccessKeyId* ]]
	run aws s3 ls s3://no-such-bucket
	[[ $output == *NoSuchBucket* ]]
}

@test "who am I, and where is the cluster" {
	run aws sts get-caller-identity --query Account --output text
	[ "$output" = 123456789012 ]
	run aws redshift describe-clusters \
		--query 'Clusters[0].ClusterIdentifier' --output text
	[ "$output" = redsh-sandbox ]
	run aws redshift reboot-cluster --cluster-identifier redsh-sandbox
	[[ $output == *InvalidAction*RebootCluster* ]]
}
