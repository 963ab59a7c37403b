#!/usr/bin/env bash
# Fetch Helix into .cache/parts, unpacked from Debian's package and run by its own loader, without
# touching the system but for mmdebstrap and tmux.
set -euo pipefail
parts=$(cd "$(dirname "$0")/../../.." && pwd)/.cache/parts
mkdir -p "$parts"

need() {
  dpkg -s "$1" >/dev/null 2>&1 && return
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "$1" >/dev/null
}

case $(uname -m) in
  x86_64) loader=lib64/ld-linux-x86-64.so.2 ;;
  aarch64) loader=lib/ld-linux-aarch64.so.1 ;;
  *) echo "no recipe for $(uname -m): install Helix yourself" >&2; exit 1 ;;
esac
need mmdebstrap
need tmux
if [ ! -e "$parts/helix/.complete" ]; then
  rm -rf "$parts/helix"
  # Unstable's index may be expired on a mirror that is frozen; the packages are still the signed ones.
  mmdebstrap --quiet --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
    --include=hx sid "$parts/helix" </dev/null
  touch "$parts/helix/.complete"
fi
cat > "$parts/hx" <<EOF
#!/bin/sh
# The unpacked Helix, run by its own loader.
R=$parts/helix; L=\$R/usr/lib/$(uname -m)-linux-gnu
export HELIX_RUNTIME=\$R/usr/lib/hx/runtime
exec \$R/usr/$loader --library-path \$L \$R/usr/lib/hx/hx "\$@"
EOF
chmod +x "$parts/hx"
"$parts/hx" --version
