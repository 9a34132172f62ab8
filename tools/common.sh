# Shared by tools/demo and tools/test; sourced, not run.

say() {
	printf '%s\n' "$*"
}

die() {
	printf '%s: %s\n' "$(basename "$0")" "$*" >&2
	exit 1
}

# What building and running need.
build_packages='build-essential autoconf automake pkg-config
	libpq-dev libreadline-dev libcurl4-openssl-dev libssl-dev
	libsqlite3-dev libexpat1-dev libjansson-dev zlib1g-dev libzstd-dev
	libbz2-dev liblzo2-dev libutf8proc-dev libmicrohttpd-dev
	libyaml-dev postgresql-15 ca-certificates'

# What the tests need beside that.
test_packages='libcmocka-dev bats python3-pytest python3-pexpect python3-pyte
	python3-psycopg2 python3-yaml locales openssl python3-boto3 awscli curl iproute2 pmccabe universal-ctags tmux
	procps bzip2 zstd lzop man-db mandoc shellcheck bash zsh fish'

# need_packages NAME...: installs what is missing, as root or by sudo.
need_packages() {
	missing=
	for package in "$@"; do
		dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null |
			grep -qx installed || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null ||
			die "these packages are missing and sudo is not there:$missing"
		as_root=sudo
	fi
	say "installing Debian packages:$missing"
	export DEBIAN_FRONTEND=noninteractive
	# No cluster of Debian's own is wanted: the sandbox keeps a private one.
	if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
		$as_root mkdir -p /etc/postgresql-common
		echo 'create_main_cluster = false' |
			$as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
	fi
	# shellcheck disable=SC2086
	{
		$as_root apt-get update -qq &&
		$as_root env DEBIAN_FRONTEND=noninteractive apt-get install \
			-y -qq --no-install-recommends $missing
	} >"$build_log" 2>&1 || {
		tail -n 20 "$build_log" >&2
		die "apt-get could not install:$missing"
	}
}

# build FOLDER CONFIGURE-OPTION...: configure once, make; quiet unless it fails.
build() {
	folder=$1
	shift
	[ -x "$top/configure" ] && [ "$top/configure" -nt "$top/configure.ac" ] &&
		[ "$top/configure" -nt "$top/Makefile.am" ] ||
		"$top/tools/bootstrap" >"$build_log" 2>&1 || {
			tail -n 20 "$build_log" >&2
			die "autoreconf failed"
		}
	mkdir -p "$folder"
	(
		cd "$folder" || exit 1
		[ -f config.status ] || "$top/configure" -q "$@" || exit 1
		make -s -j"$(nproc)" all
	) >"$build_log" 2>&1 || {
		tail -n 40 "$build_log" >&2
		die "the build failed; all of it is in $build_log"
	}
}
