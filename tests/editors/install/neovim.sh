#!/usr/bin/env bash
# Neovim 0.12 is among the parts that other tests need too.
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
"$root/tests/e2e/parts.sh" >/dev/null
"$root/.cache/parts/nvim" --version | head -1
