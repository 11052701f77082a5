"""The runs of bench/gpu/landing.ts in PyTorch (vmap, compiled) or JAX (vmap, jit): one run written out, mapped over all of them."""

import json
import sys
import time

import numpy as np

folder, peer = sys.argv[1:]
p = json.load(open(f"{folder}/problem.json"))
n, n_p, n_r, n_q, steps, rate = (p[k] for k in ("n", "np", "nr", "nq", "steps", "rate"))
x = np.fromfile(f"{folder}/start.bin", dtype=np.float32).reshape(p["runs"], -1)
e, u = x[:, : n_q * n_p].reshape(-1, n_q, n_p), x[:, n_q * n_p :].reshape(-1, n_q, n_r)
w, r, m = (np.array(p[k], np.float32).reshape(n, -1) for k in ("wp", "wr", "weight"))

if peer == "torch":
    import torch

    device = torch.device(p["device"])
    e, u, w, r, m = (torch.from_numpy(a.copy()).to(device) for a in (e, u, w, r, m))

    def one(e, u):
        z = (e @ w.T).clamp(min=0)
        rho = (r - z.T @ u) * m
        g = (u @ rho.T) * (z > 0)
        return e + 2 * rate * (g @ w), u + 2 * rate * (z @ rho)

    step = torch.compile(torch.vmap(one))

    def wait():
        if device.type == "cuda":
            torch.cuda.synchronize()

    with torch.inference_mode():
        step(e, u)
        wait()
        start = time.perf_counter()
        for _ in range(steps):
            e, u = step(e, u)
        wait()
        seconds = time.perf_counter() - start
    e, u = e.cpu().numpy(), u.cpu().numpy()
else:
    import jax
    import jax.numpy as jnp

    def one(e, u):
        def step(_, at):
            e, u = at
            z = jnp.maximum(e @ w.T, 0)
            rho = (r - z.T @ u) * m
            g = (u @ rho.T) * (z > 0)
            return e + 2 * rate * (g @ w), u + 2 * rate * (z @ rho)

        return jax.lax.fori_loop(0, steps, step, (e, u))

    # TF32 would be another computation.
    jax.config.update("jax_default_matmul_precision", "highest")
    all_runs = jax.jit(jax.vmap(one))
    jax.block_until_ready(all_runs(e, u))
    start = time.perf_counter()
    e, u = jax.block_until_ready(all_runs(e, u))
    seconds = time.perf_counter() - start
    e, u = np.asarray(e), np.asarray(u)

ends = np.concatenate([e.reshape(len(e), -1), u.reshape(len(u), -1)], 1)
ends.astype(np.float32).tofile(f"{folder}/end.bin")
print(seconds)
