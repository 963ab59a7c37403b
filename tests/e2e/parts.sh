#!/usr/bin/env bash
# Fetch the real programs that end-to-end tests drive, into .cache/parts, without touching the system:
# Neovim 0.12, Vim 9 and llama.cpp's server, unpacked from Debian packages and run by their own loader.
# Tests look here after $ZETA_NVIM / $ZETA_LLAMA_SERVER and before $PATH.
set -euo pipefail
parts=$(cd "$(dirname "$0")/../.." && pwd)/.cache/parts
mkdir -p "$parts"

need() {  # a Debian package that must be on the system
  dpkg -s "$1" >/dev/null 2>&1 && return
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "$1" >/dev/null
}

unpack() {  # unpack PACKAGE from Debian unstable into $parts/FOLDER
  [ -e "$parts/$2/.complete" ] && return
  rm -rf "${parts:?}/$2"
  # Unstable's index may be expired on a mirror that is frozen; the packages are still the signed ones.
  mmdebstrap --quiet --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
    --include="$1" sid "$parts/$2" </dev/null
  touch "$parts/$2/.complete"
}

triplet=$(uname -m)-linux-gnu
case $(uname -m) in
  x86_64) loader=lib64/ld-linux-x86-64.so.2 ;;
  aarch64) loader=lib/ld-linux-aarch64.so.1 ;;
  *) echo "no recipe for $(uname -m): install Neovim 0.12 and llama-server yourself" >&2; exit 1 ;;
esac

need mmdebstrap
need strace
unpack neovim neovim
unpack vim vim-root
unpack llama.cpp-tools llama.cpp-tools

cat > "$parts/nvim" <<EOF
#!/bin/sh
# The unpacked Neovim, run by its own loader; children get a clean environment.
R=$parts/neovim; L=\$R/usr/lib/$triplet
export VIM=\$R/usr/share/nvim VIMRUNTIME=\$R/usr/share/nvim/runtime
exec \$R/usr/$loader --library-path \$L --argv0 nvim \$R/usr/bin/nvim \\
  --cmd "lua package.cpath='\$L/lua/5.1/?.so;'..package.cpath; package.path='\$R/usr/share/lua/5.1/?.lua;'..package.path" "\$@"
EOF
cat > "$parts/vim" <<EOF
#!/bin/sh
# The unpacked Vim, run by its own loader; nothing of this system's configuration.
R=$parts/vim-root; L=\$R/usr/lib/$triplet
export VIM=\$R/usr/share/vim VIMRUNTIME=\$(echo \$R/usr/share/vim/vim9*)
exec \$R/usr/$loader --library-path \$L --argv0 vim \$R/usr/bin/vim.basic "\$@"
EOF
cat > "$parts/llama-server" <<EOF
#!/bin/sh
# The unpacked llama.cpp server, run by its own loader on the plainest CPU back end.
R=$parts/llama.cpp-tools; L=\$R/usr/lib/$triplet
export GGML_BACKEND_PATH=\$(ls \$L/ggml/backends0/libggml-cpu-x64.so \$L/ggml/backends0/libggml-cpu*.so 2>/dev/null | head -1)
exec \$R/usr/$loader --library-path \$L:\$L/blas:\$L/lapack:\$L/llama \$R/usr/bin/llama-server "\$@"
EOF
chmod +x "$parts/nvim" "$parts/vim" "$parts/llama-server"
"$parts/nvim" --version | head -1
"$parts/vim" --version | head -1
"$parts/llama-server" --version 2>&1 | grep -i version | head -1
