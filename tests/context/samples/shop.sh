#!/usr/bin/env bash
set -euo pipefail

source ./lib/prices.sh
. "lib/taxes.sh"

VAT_RATE=20
readonly LIMIT=20
declare -A known
export SHOP_HOME="${HOME}/shop"
alias ll='ls -l'

total() {
  local sum=0
  for name in "$@"; do
    sum=$((sum + $(price_of "$name")))
  done
  echo "$((sum * (100 + VAT_RATE) / 100))"
}

function save {
  local path=$1
  total "${@:2}" > "$path"
}

save "$SHOP_HOME/basket" "$@"
