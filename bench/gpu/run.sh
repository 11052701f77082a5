#!/usr/bin/env bash
# All that bench/gpu measures, in the order of its value, each part with its own limit and its results on the disk as they come.
#   bench/gpu/run.sh RESULTS [PART ...]      after unpacking what bench/gpu/pack.sh packed
# LIMIT_parity=90 and so on: seconds that a part may take. PYTHON: an interpreter with PyTorch and JAX; DEVICE: cuda or cpu; SMALL=1: sizes for a rehearsal on a software adapter.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mkdir -p "$1"
results=$(cd "$1" && pwd)
shift
parts=("$@")
[ "${#parts[@]}" -gt 0 ] || parts=(parity gemm profile step landing table1)
export PATH="$PWD/bin:$PATH" PYTHONUNBUFFERED=1
python=${PYTHON:-python3}
device=${DEVICE:-cuda}

part() { # part NAME SECONDS COMMAND...
  local name=$1 limit
  limit=$(printenv "LIMIT_$1" || echo "$2")
  shift 2
  printf '\n=== %s: %s\n' "$name" "$*"
  local began=$SECONDS
  timeout -k 5 "$limit" "$@" 2>&1 | tee "$results/$name.log"
  printf -- '--- %s: exit %s after %s s\n' "$name" "${PIPESTATUS[0]}" $((SECONDS - began))
}
wanted() { [[ " ${parts[*]} " == *" $1 "* ]]; }

machine() {
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader
  node --version
  ldconfig -p | grep libvulkan
  echo "VK_DRIVER_FILES=${VK_DRIVER_FILES:-}"
  node bench/gpu/machine.js
}

(machine) >"$results/machine.txt" 2>&1
cat "$results/machine.txt"
webgpu=1
grep -q '"adapter"' "$results/machine.txt" || webgpu=0
if [ "$webgpu" = 0 ]; then
  echo 'no adapter; what there is to find out why:'
  ls -l /usr/share/vulkan/icd.d /etc/vulkan/icd.d /usr/local/nvidia/share/vulkan/icd.d 2>&1
  cat /usr/local/nvidia/share/vulkan/icd.d/*.json 2>&1
  ldconfig -p | grep -Ei 'nvidia|vulkan|GLX|EGL'
  ls /usr/local/nvidia/lib64 2>&1 | head -50
  ldd node_modules/webgpu/dist/linux-x64/dawn.node
  VK_LOADER_DEBUG=all node bench/gpu/machine.js 2>&1 | head -80
  exit 3
fi

small=()
few=()
runs=(--runs "${RUNS:-500000}" --steps "${RUN_STEPS:-500}")
steps=(--steps "${STEPS:-50}")
if [ -n "${SMALL:-}" ]; then
  small=(--small)
  few=(--few)
  runs=(--runs 300 --steps 50 --instances 2)
  steps=(--steps 2 --batch 64)
  TABLE_STEPS=${TABLE_STEPS:-20}
fi
if wanted parity; then part parity 150 node bench/gpu/parity.js "${few[@]}" --out "$results/gpu-parity.json" | cut -c1-300; fi
if wanted gemm; then part gemm 60 node bench/gpu/gemm.js "${small[@]}" --python "$python" --device "$device" --out "$results/gpu-gemm.json"; fi
if wanted profile; then part profile 60 node bench/gpu/profile.js "${small[@]}" --out "$results/gpu-profile.json"; fi
if wanted step; then
  part step 200 node bench/step.js "${small[@]}" "${steps[@]}" --backend webgpu --python "$python" --device "$device" --compile \
    --out "$results/gpu-step.json"
fi
if wanted landing; then
  part landing 180 node bench/gpu/landing.js "${runs[@]}" --python "$python" --device "$device" \
    --out "$results/gpu-landing.json"
fi
if wanted table1; then
  # shellcheck disable=SC2086
  part table1 200 node bench/gpu/table1.js "${small[@]}" --steps "${TABLE_STEPS:-20000}" ${TABLE_MORE:-} \
    --out "$results/gpu-table1.json"
fi
exit 0
