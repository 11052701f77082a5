"""The runs of bench/gpu/landing.ts in PyTorch (vmap, compiled) or JAX (vmap, jit): one run written out, mapped over all of them.

Reads names of problems from standard input, a line each; answers with a line of JSON, the end weights in NAME.PEER.bin.
"""

import json
import sys
import time

import numpy as np

folder, peer = sys.argv[1:]


def read(name):
    p = json.load(open(f"{folder}/{name}.json"))
    n, n_p, n_q = p["n"], p["np"], p["nq"]
    x = np.fromfile(f"{folder}/{name}.bin", dtype=np.float32).reshape(p["runs"], -1)
    e, u = x[:, : n_q * n_p].reshape(-1, n_q, n_p), x[:, n_q * n_p :].reshape(-1, n_q, p["nr"])
    w, r, m = (np.array(p[k], np.float32).reshape(n, -1) for k in ("wp", "wr", "weight"))
    return p, e, u, w, r, m


def chosen(activation, z):
    """Where a neuron passes: z is n_q x n."""
    kind = activation["kind"]
    if kind == "jumprelu":
        return z > activation["theta"]
    if kind == "topk":
        return (z > 0) & ((z[None] > z[:, None]).sum(1) < activation["k"])
    return z > 0 if kind == "relu" else z == z


if peer == "torch":
    import torch

    version = torch.__version__

    def run(p, e, u, w, r, m):
        device = torch.device(p["device"])
        e, u, w, r, m = (torch.from_numpy(a.copy()).to(device) for a in (e, u, w, r, m))
        rate = p["rate"]

        def one(e, u):
            z = e @ w.T
            on = chosen(p["activation"], z)
            a = torch.where(on, z, 0.0)
            rho = (r - a.T @ u) * m
            g = torch.where(on, u @ rho.T, 0.0)
            return e + 2 * rate * (g @ w), u + 2 * rate * (a @ rho)

        step = torch.compile(torch.vmap(one), dynamic=False)

        def wait():
            if device.type == "cuda":
                torch.cuda.synchronize()

        with torch.inference_mode():
            for _ in range(3):
                step(e, u)
            wait()
            start = time.perf_counter()
            for _ in range(p["steps"]):
                e, u = step(e, u)
            wait()
            seconds = time.perf_counter() - start
        return seconds, e.cpu().numpy(), u.cpu().numpy()

else:
    import jax
    import jax.numpy as jnp

    version = jax.__version__
    # TF32 would be another computation.
    jax.config.update("jax_default_matmul_precision", "highest")

    def run(p, e, u, w, r, m):
        rate = p["rate"]

        def one(e, u):
            def step(_, at):
                e, u = at
                z = e @ w.T
                on = chosen(p["activation"], z)
                a = jnp.where(on, z, 0.0)
                rho = (r - a.T @ u) * m
                g = jnp.where(on, u @ rho.T, 0.0)
                return e + 2 * rate * (g @ w), u + 2 * rate * (a @ rho)

            return jax.lax.fori_loop(0, p["steps"], step, (e, u))

        e, u = jax.device_put(e), jax.device_put(u)
        all_runs = jax.jit(jax.vmap(one)).lower(e, u).compile()
        jax.block_until_ready(all_runs(e, u))
        start = time.perf_counter()
        e, u = jax.block_until_ready(all_runs(e, u))
        return time.perf_counter() - start, np.asarray(e), np.asarray(u)


for line in sys.stdin:
    name = line.strip()
    try:
        p, *rest = read(name)
        seconds, e, u = run(p, *rest)
        ends = np.concatenate([e.reshape(len(e), -1), u.reshape(len(u), -1)], 1)
        ends.astype(np.float32).tofile(f"{folder}/{name}.{peer}.bin")
        answer = {"seconds": seconds, "version": version}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"[:300]}
    print(json.dumps(answer), flush=True)
