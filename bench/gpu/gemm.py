"""The products of bench/gpu/gemm.ts in PyTorch, 32-bit floats, no TF32 (its default)."""

import json
import sys
import time

import torch

device = torch.device(sys.argv[1])
batch, n_p, n_q, times = map(int, sys.argv[2:])
x = torch.rand(batch, n_p, device=device) - 0.5
w = torch.rand(n_q, n_p, device=device) - 0.5
a = torch.rand(batch, n_q, device=device) - 0.5


def wait():
    if device.type == "cuda":
        torch.cuda.synchronize()


def measure(run):
    for _ in range(3):
        run()
    wait()
    start = time.perf_counter()
    for _ in range(times):
        run()
    wait()
    seconds = (time.perf_counter() - start) / times
    return {"milliseconds": 1000 * seconds, "teraflops": 2 * batch * n_p * n_q / seconds / 1e12}


results = {"encode": measure(lambda: x @ w.T), "decode": measure(lambda: a @ w), "scatter": measure(lambda: a.T @ x)}
print(json.dumps({"version": torch.__version__, **results}))
