#!/bin/sh
# Fetch the servers that `python -m tests.bench.peers` compares with, into .cache/parts/peers.
# Needs node, npm, git and the network. Nothing of it is installed elsewhere or committed.
set -eu
cd "$(dirname "$0")/../../.."
into="$PWD/.cache/parts/peers"
ai_lsp=a27c2436e4c65380823c8eeb2c529786410d6409

mkdir -p "$into"
npm install --prefix "$into/tabby" --no-audit --no-fund --ignore-scripts tabby-agent@1.5.0
npm install --prefix "$into/bun" --no-audit --no-fund --ignore-scripts bun@1.4.5
mkdir -p "$into/bun/node_modules/.bin"
ln -sf ../@oven/bun-linux-x64/bin/bun "$into/bun/node_modules/.bin/bun"

[ -d "$into/ai-lsp" ] || git clone -q https://github.com/tommoa/ai-lsp "$into/ai-lsp"
if [ -d "$into/ai-lsp/.git" ]; then git -C "$into/ai-lsp" checkout -q "$ai_lsp"; fi
cd "$into/ai-lsp"
"$into/bun/node_modules/.bin/bun" add @ai-sdk/openai-compatible@1.0.61
