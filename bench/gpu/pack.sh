#!/usr/bin/env bash
# Packs what bench/gpu/run.sh needs on a machine that has no network and no Node: Node itself, the package webgpu, Vulkan's loader and
# the benches, about 27 MB. Here: npm ci, and esbuild (it comes with tsx), strip and xz. Usage: bench/gpu/pack.sh [FOLDER] (.gpu)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mkdir -p "${1:-.gpu}"
out=$(cd "${1:-.gpu}" && pwd)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

# Large and always the same: packed once.
if [ ! -f "$out/base.tar.xz" ]; then
  mkdir -p "$stage/base/bin" "$stage/base/node_modules/webgpu/dist/linux-x64"
  strip -o "$stage/base/bin/node" "$(node -p process.execPath)"
  cp node_modules/webgpu/{index.js,package.json,LICENSE.md} "$stage/base/node_modules/webgpu/"
  strip -o "$stage/base/node_modules/webgpu/dist/linux-x64/dawn.node" node_modules/webgpu/dist/linux-x64/dawn.node
  tar -C "$stage/base" -cJf "$stage/base.tar.xz" .
  mv "$stage/base.tar.xz" "$out/"
fi
# Of the machine it runs on only the driver is wanted: the loader may be missing there.
LOADERS='libvulkan1 libegl1 libglvnd0 libopengl0 libgl1 libglx0 libgles2'
if ! compgen -G "$out/libvulkan1_*.deb" >/dev/null; then
  # shellcheck disable=SC2086
  (cd "$out" && apt-get download $LOADERS) || echo 'no packages of the loaders: the other machine needs its own'
fi

mkdir "$stage/code"
node_modules/.bin/esbuild bench/step.ts bench/gpu/*.ts --bundle --platform=node --format=esm --log-level=warning \
  --outbase=. --outdir="$stage/code" --external:webgpu '--external:@tensorflow/*' \
  --banner:js='import { createRequire as required } from "node:module"; const require = required(import.meta.url);'
cp bench/step.py "$stage/code/bench/"
cp bench/gpu/*.py bench/gpu/run.sh "$stage/code/bench/gpu/"
mkdir -p "$stage/code/regress"
cp -r regress/instances "$stage/code/regress/"
cp -r schemas docs package.json "$stage/code/"
tar -C "$stage/code" -czf "$out/code.tar.gz" .
ls -l "$out"
