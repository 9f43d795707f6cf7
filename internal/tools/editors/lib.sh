# Sourced by the install scripts of this folder. Each installs once: a stamp
# beside what it installed names the versions, and the same stamp means that
# there is nothing to do.

root=$(cd "$(dirname "$0")/../../.." && pwd)

fail() {
	echo "$(basename "$0"): $*" >&2
	exit 1
}

# as_root runs a command as root, or fails where nobody may.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif sudo -n true 2>/dev/null; then
		sudo "$@"
	else
		return 1
	fi
}

# need PROGRAM PACKAGE makes sure that PROGRAM is there, from the system's
# package PACKAGE where it isn't.
need() {
	command -v "$1" >/dev/null && return
	if command -v apt-get >/dev/null; then
		echo "$(basename "$0"): installing $2"
		(as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive \
			apt-get install -y --no-install-recommends "$2") >"$log" 2>&1 ||
			{ tail -n 5 "$log" >&2; fail "$1 is missing and apt-get can't install it: install the package $2 and run this again"; }
	fi
	command -v "$1" >/dev/null || fail "$1 is missing: install it (package $2) and run this again"
}

# stamped DIR VERSIONS tells whether DIR holds exactly these versions.
stamped() {
	[ -f "$1/.stamp" ] && [ "$(cat "$1/.stamp")" = "$2" ]
}
