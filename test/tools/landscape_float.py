"""The decision of T6 in floating point: an independent route that shares no code with Dictum.

Reads JSON lines {"w": [[..]], "r": [[..]], "M": [..], "F": [..]} (columns of W_p, W_r as rows, one neuron's set F, from 0) and
answers for each with {"margin": m, "rows": [lambda, ..]}: the eigenvalues at which a critical row exists on a face of the cone,
and the smallest distance from a tie met on the way (comparisons are to be made only where it is not small).

Route: for every set T of features off F, generalized eigenproblem of (A, B) on {e : <e, w_t> = 0} modulo null(W_F^T) with SciPy, then
a linear program (HiGHS) for the cone over eigenvector + null space with multipliers mu >= 0 on T.
"""
import itertools
import json
import sys

import numpy as np
from scipy.linalg import eigh, null_space
from scipy.optimize import linprog

def margin(w_on, w_off, w_tight, start, flat, image):
    """Largest t <= 1 with <e, w_on> >= t, <e, w_off> <= -t, mu >= t for e = start + flat x and image = w_tight mu (mu is fixed by it)."""
    fixed = [w @ start for w in w_on] + [-(w @ start) for w in w_off]
    if len(w_tight):
        fixed += list(np.linalg.lstsq(np.array(w_tight).T, image, rcond=None)[0])
    moves = [w @ flat for w in w_on] + [-(w @ flat) for w in w_off] + [np.zeros(flat.shape[1])] * len(w_tight)
    free = [k for k, move in enumerate(moves) if np.abs(move).max(initial=0.0) > 1e-9]
    settled = min([fixed[k] for k in range(len(fixed)) if k not in free], default=1.0)
    if settled < 0 or not free:
        return settled
    rows = np.array([np.concatenate([-moves[k], [1.0]]) for k in free])
    cost = np.zeros(flat.shape[1] + 1)
    cost[-1] = -1.0
    bounds = [(-1e6, 1e6)] * flat.shape[1] + [(None, 1)]
    found = linprog(cost, A_ub=rows, b_ub=[fixed[k] for k in free], bounds=bounds, method="highs")
    return min(settled, found.x[-1]) if found.status == 0 else 0.0


def decide(w, r, weights, on):
    n, p = w.shape
    off = [d for d in range(n) if d not in on]
    wf, rf, mf = w[on].T, r[on].T, np.array(weights)[on]
    b = wf @ np.diag(mf) @ wf.T
    c = rf @ np.diag(mf) @ wf.T
    a = c.T @ c
    rows, least = [], 1.0
    for size in range(len(off) + 1):
        for tight in itertools.combinations(off, size):
            tight = list(tight)
            wt = w[tight]
            if size and np.linalg.matrix_rank(wt, 1e-9) < size:
                continue
            v = null_space(wt) if size else np.eye(p)
            if v.shape[1] == 0:
                continue
            u, sizes, _ = np.linalg.svd(v.T @ wf, full_matrices=True)
            rank = int((sizes > 1e-9).sum())
            if rank == 0:
                continue
            # Multipliers that the span of w_F does not leave room for are 0, and T then is not the set where they are not.
            spanned = np.linalg.matrix_rank(np.vstack([w[on], wt]), 1e-9) if size else 0
            if any(np.linalg.matrix_rank(np.vstack([w[on], np.delete(wt, k, 0)]), 1e-9) < spanned for k in range(size)):
                continue
            basis, flat = v @ u[:, :rank], v @ u[:, rank:]
            values, vectors = eigh(basis.T @ a @ basis, basis.T @ b @ basis)
            for k, value in enumerate(values):
                if min((abs(value - other) for j, other in enumerate(values) if j != k), default=1.0) < 1e-6:
                    return {"margin": 0.0, "rows": []}
                e = basis @ vectors[:, k]
                loose = [d for d in off if d not in tight]
                best = max(margin(w[on], w[loose], wt, s * e, flat, (a - value * b) @ (s * e)) for s in (1.0, -1.0))
                least = min(least, abs(best))
                if best > 0:
                    rows.append(value)
    return {"margin": least, "rows": sorted(rows)}


if __name__ == "__main__":
    for line in sys.stdin:
        task = json.loads(line)
        answer = decide(np.array(task["w"], float), np.array(task["r"], float), task["M"], task["F"])
        print(json.dumps(answer), flush=True)
