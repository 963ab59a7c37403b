#!/usr/bin/env bash
# Vim 9 is among the parts that other tests need too. Screenshots are taken in a visible terminal.
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
need() {  # a Debian package that must be on the system
  dpkg -s "$1" >/dev/null 2>&1 && return
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "$1" >/dev/null
}
for package in tmux xvfb xterm imagemagick fonts-dejavu-core; do need "$package"; done
"$root/tests/e2e/parts.sh" >/dev/null
"$root/.cache/parts/vim" --version | head -1
