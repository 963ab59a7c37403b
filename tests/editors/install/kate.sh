#!/usr/bin/env bash
# Kate and what it takes to look at it without a desktop: a virtual display, keys, accessibility.
set -euo pipefail
missing=()
for package in kate xvfb xdotool imagemagick dbus at-spi2-core python3-gi gir1.2-atspi-2.0 fonts-dejavu-core; do
  dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
QT_QPA_PLATFORM=offscreen kate --version
