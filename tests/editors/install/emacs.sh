#!/usr/bin/env bash
# Fetch a real Emacs 30 for the tests into .cache/parts, without touching the system: unpacked from
# Debian packages and run by its own loader, with the packages that zeta-mode has to get along with.
# Tests look here after $ZETA_EMACS and before $PATH. Needs root, apt and a Debian mirror.
set -euo pipefail
parts=$(cd "$(dirname "$0")/../../.." && pwd)/.cache/parts
root=$parts/emacs-root
mkdir -p "$parts"

need() {  # a Debian package that must be on the system
  dpkg -s "$1" >/dev/null 2>&1 && return
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "$1" >/dev/null
}

triplet=$(uname -m)-linux-gnu
case $(uname -m) in
  x86_64) loader=lib64/ld-linux-x86-64.so.2 ;;
  aarch64) loader=lib/ld-linux-aarch64.so.1 ;;
  *) echo "no recipe for $(uname -m): install Emacs 30 yourself and set ZETA_EMACS" >&2; exit 1 ;;
esac

need mmdebstrap
for one in xvfb xterm imagemagick fonts-dejavu-core; do need "$one"; done  # for pictures of it

if [ ! -e "$root/.complete" ]; then
  rm -rf "${root:?}"
  # Unstable's index may be expired on a mirror that is frozen; the packages are still the signed ones.
  mmdebstrap --quiet --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
    --include=emacs-nox,elpa-lsp-mode,elpa-company,elpa-corfu,elpa-yasnippet,elpa-flycheck,elpa-package-lint \
    sid "$root" </dev/null
  touch "$root/.complete"
fi

cat > "$parts/emacs" <<EOF
#!/bin/sh
# The unpacked Emacs, run by its own loader. Where its parts are is said in the environment, which
# only another Emacs would read.
R=$root; S=\$(echo \$R/usr/share/emacs/[0-9]*); X=\$(echo \$R/usr/libexec/emacs/[0-9]*/*)
export EMACSLOADPATH=\$S/lisp EMACSDATA=\$S/etc EMACSDOC=\$S/etc EMACSPATH=\$X
exec \$R/usr/$loader --library-path \$R/usr/lib/$triplet --argv0 \$R/usr/bin/emacs-nox \\
  \$R/usr/bin/emacs-nox --dump-file=\$(echo \$X/emacs-*.pdmp) "\$@"
EOF
cat > "$parts/emacsclient" <<EOF
#!/bin/sh
# The unpacked Emacs's client, run by its own loader.
R=$root
exec \$R/usr/$loader --library-path \$R/usr/lib/$triplet --argv0 emacsclient \\
  \$R/usr/bin/emacsclient.emacs "\$@"
EOF
chmod +x "$parts/emacs" "$parts/emacsclient"
"$parts/emacs" --version | head -1
