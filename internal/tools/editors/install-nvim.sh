#!/bin/sh
# Brings the Neovim that the editor tests drive to .build/nvim/bin/nvim: the
# one that NVIM names or that is on PATH if it is 0.10 or newer, else, on
# Debian and Ubuntu, a newer release's, unpacked beside the system with the
# libraries it needs.
set -eu
. "$(dirname "$0")/lib.sh"

dir=$root/.build/nvim
log=$root/.build/install-nvim.log
mkdir -p "$root/.build"

# usable NVIM tells whether it is a Neovim 0.10 or newer.
usable() {
	"$1" --headless -u NONE +'if !has("nvim-0.10") | cquit | endif' +qall >/dev/null 2>&1
}

# finish VERSIONS puts what was installed in place, if it works.
finish() {
	usable "$dir.new/bin/nvim" || fail "the Neovim in $dir.new doesn't start: set NVIM to a Neovim 0.10 or newer"
	echo "$1" >"$dir.new/.stamp"
	rm -rf "$dir"
	mv "$dir.new" "$dir"
	echo "$(basename "$0"): $("$dir/bin/nvim" --version | head -n 1) in .build/nvim"
}

# Inside a terminal of Neovim, NVIM is the address of a socket: no file.
own=$(command -v nvim || true)
[ ! -f "${NVIM:-}" ] || own=$NVIM
[ "$own" != "$dir/bin/nvim" ] || own=
if [ -n "$own" ] && usable "$own"; then
	stamped "$dir" "$own" && exit 0
	rm -rf "$dir.new"
	mkdir -p "$dir.new/bin"
	ln -s "$own" "$dir.new/bin/nvim"
	finish "$own"
	exit 0
fi

# The first archive that apt reads is the distribution's own, or its mirror.
read -r origin mirror <<ARCHIVE || true
$(apt-get indextargets --format '$(ORIGIN) $(SITE)' 'Created-By: Packages' 2>/dev/null | grep -E '^(Debian|Ubuntu) ' | head -n 1)
ARCHIVE
case $origin in
Debian) suite=trixie components=main keyring=/usr/share/keyrings/debian-archive-keyring.gpg ;;
Ubuntu) suite=resolute components='main universe' keyring=/usr/share/keyrings/ubuntu-archive-keyring.gpg ;;
*) fail "no Neovim 0.10 or newer on PATH: install one and run this again, or set NVIM to its path" ;;
esac
versions="$origin $suite $(cksum <"$0")"
stamped "$dir" "$versions" && exit 0

# An apt of its own that knows one suite and thinks that nothing is installed:
# it downloads Neovim with everything it needs, and changes nothing else.
apt=$root/.build/nvim-apt
rm -rf "$apt" "$dir.new"
mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/parts" "$dir.new/bin"
: >"$apt/status"
echo "deb [signed-by=$keyring] $mirror $suite $components" >"$apt/sources.list"
own_apt() {
	apt-get -q -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts="$apt/parts" \
		-o Dir::State="$apt" -o Dir::State::Status="$apt/status" -o Dir::State::Lists="$apt/lists" \
		-o Dir::Cache="$apt" -o APT::Install-Recommends=false -o APT::Sandbox::User= \
		-o Debug::NoLocking=true "$@"
}
{ own_apt update && own_apt install -y --download-only neovim; } >"$log" 2>&1 ||
	{ tail -n 5 "$log" >&2; fail "$origin's $suite can't be read (see $log): install Neovim 0.10 or newer, or set NVIM to its path"; }
for package in "$apt"/archives/*.deb; do
	dpkg-deb -x "$package" "$dir.new/root"
done
rm -rf "$apt"

# The programs of another suite need that suite's loader and C library, and
# Neovim has the folders of its runtime files and its parsers built in.
cat >"$dir.new/bin/nvim" <<'WRAPPER'
#!/bin/sh
root=$(dirname "$(dirname "$(readlink -f "$0")")")/root
for loader in "$root"/usr/lib/*/ld-linux*.so.*; do break; done
export VIMRUNTIME="$root/usr/share/nvim/runtime"
exec "$loader" --library-path "$(dirname "$loader")" "$root/usr/bin/nvim" \
	--cmd "let &runtimepath .= ',$root/usr/lib/nvim'" "$@"
WRAPPER
chmod +x "$dir.new/bin/nvim"
finish "$versions"
