#!/bin/sh
# Brings VS Code as a web application (code-server) to .build/code-server and,
# from the system's packages, what it needs: ripgrep, and a Chromium that shows
# it. Of the native modules only those without which it doesn't start are
# compiled.
set -eu
. "$(dirname "$0")/lib.sh"

dir=$root/.build/code-server
log=$root/.build/install-code-server.log
pins=$(cd "$(dirname "$0")/code-server" && pwd)
mkdir -p "$root/.build"

command -v node >/dev/null || fail "node is missing: install Node.js 20"
[ "$(node -p 'process.versions.node.split(".")[0]')" = 20 ] ||
	fail "node is $(node --version), but this version of code-server runs on Node.js 20 only: put one first on PATH"
need rg ripgrep
browser=${CHROMIUM:-}
for name in chromium chromium-browser google-chrome "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
	[ -n "$browser" ] || browser=$(command -v "$name" || true)
done
[ -n "$browser" ] || need chromium chromium

versions="$(node --version) $(cksum <"$pins/package-lock.json")"
stamped "$dir" "$versions" && exit 0

# Node's headers, where this Node.js has them: no download of its own then.
headers=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
[ ! -f "$headers/include/node/node.h" ] || export npm_config_nodedir="$headers"
# Some install scripts call node-gyp through npx, which would ask.
export npm_config_yes=true npm_config_audit=false npm_config_fund=false

echo "$(basename "$0"): installing code-server, about a minute"
install() {
	rm -rf "$dir" && mkdir -p "$dir" &&
		cp "$pins/package.json" "$pins/package-lock.json" "$pins/.npmrc" "$dir" &&
		cd "$dir" &&
		npm ci --ignore-scripts &&
		npm rebuild argon2 &&
		cd node_modules/code-server/lib/vscode &&
		npm install --ignore-scripts --omit=dev --legacy-peer-deps &&
		npm rebuild node-pty @vscode/spdlog native-watchdog &&
		mkdir -p node_modules/@vscode/ripgrep/bin &&
		cp "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg &&
		cd extensions &&
		npm install --ignore-scripts --omit=dev
}
(install) >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "code-server can't be installed, see $log"; }

server=$dir/node_modules/code-server/out/node/entry.js
node "$server" --version >>"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "code-server doesn't start, see $log"; }
echo "$versions" >"$dir/.stamp"
echo "$(basename "$0"): code-server $(node "$server" --version | awk '{ print $1; exit }') in .build/code-server"
