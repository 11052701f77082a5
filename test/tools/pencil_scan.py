"""Critical points of one ReLU neuron in the plane or in space, looked for in floating point: shares no code with Dictum.

Reads JSON lines {"wp": [[..]], "wr": [[..]], "weights": [..], "set": [..]} (features from 0) and answers for each with
{"margin": m, "critical": .., "minimum": .., "saddle": ..}: whether the neuron with just that set has a partial minimum over the encoders
that show it, one that is a local minimum of the loss, and one that is none. Near a tie (m below 1e-6) the answers mean nothing.

In the plane the angles of the cone are scanned for zeros of the derivative, and its closed ends are looked at. In space the eigenvectors of
every face are taken, with points of whole families. The loss, with the decoder that is best for each row, is then compared in a ring of
directions around each point.
"""
import itertools
import json
import sys

import numpy as np
from scipy.linalg import eigh, null_space
from scipy.optimize import linprog, nnls

TIE = 1e-6


class Tie(Exception):
    pass


class Pencil:
    def __init__(self, wp, wr, weights, on):
        self.w, self.r, self.m = (np.array(x, float) for x in (wp, wr, weights))
        self.on = on
        self.off = [d for d in range(len(self.w)) if d not in on]
        self.whole = float(self.m @ (self.r**2).sum(1))
        self.a, self.b = self.forms(on)

    def forms(self, features):
        w, r, m = self.w[features], self.r[features], self.m[features]
        c = (r * m[:, None]).T @ w
        return c.T @ c, (w * m[:, None]).T @ w

    def loss(self, rows):
        """The least loss of each row, over all decoders; active wherever the pre-activation is above 0."""
        z = np.maximum(rows @ self.w.T, 0.0)
        z[z < 1e-12] = 0.0
        c = z @ (self.r * self.m[:, None])
        s = (z**2) @ self.m
        return self.whole - (c**2).sum(1) / s


def settle(value, low=1e-9):
    """The sign of a float: 0 below `low`, a tie where it is neither clearly 0 nor clearly not."""
    if abs(value) < low:
        return 0
    if abs(value) < TIE:
        raise Tie
    return 1 if value > 0 else -1


def kinks_of(p, e):
    return [t for t in p.off if settle(p.w[t] @ e / np.linalg.norm(p.w[t])) == 0]


def is_critical(p, e, kinks):
    """(A - lambda B) e is a combination >= 0 of the directions at kinks."""
    value = e @ p.a @ e / (e @ p.b @ e)
    force = (p.a - value * p.b) @ e
    scale = 1 + np.abs(p.a).max()
    if not kinks:
        return settle(np.linalg.norm(force) / scale) == 0
    return settle(nnls(p.w[kinks].T, force)[1] / scale) == 0


def falls(p, e, kinks, random):
    """Whether the loss is smaller somewhere in the ring; a tie where it changes too little to tell."""
    dimension = len(e)
    others = [d for d in range(len(p.w)) if d not in kinks]
    room = min((abs(p.w[d] @ e) / np.linalg.norm(p.w[d]) for d in others), default=1.0)
    value = e @ p.a @ e / (e @ p.b @ e)
    ring = [random.normal(size=(4000, dimension))]
    for size in range(len(kinks) + 1):
        for woken in itertools.combinations(kinks, size):
            a, b = p.forms([*p.on, *woken])
            ring.append(np.linalg.eigh(a - value * b)[1].T)
    if dimension == 3 and kinks:
        ring += [np.cross(p.w[s], p.w[t])[None] for s in kinks for t in kinks if s < t]
        ring += [null_space(p.w[[t]]).T for t in kinks]
        for t in kinks:
            flat = null_space(p.w[[t]]).T
            ring.append(random.normal(size=(500, 2)) @ flat)
    v = np.vstack(ring)
    v = v[np.linalg.norm(v, axis=1) > 1e-9]
    v = np.vstack([v, -v])
    v /= np.linalg.norm(v, axis=1)[:, None]
    here = float(p.loss(e[None])[0])
    step = 1e-3 * min(room, 1.0)
    change = float((p.loss(e + step * v) - here).min()) / (1 + p.whole)
    # To second order a clear fall is of the size of the square of the step.
    if change < -1e-3 * step**2:
        return True
    if change > -1e-7 * step**2 - 1e-14:
        return False
    raise Tie


def plane(p):
    """Rows on the unit circle: zeros of the derivative on the arc of the cone, and its closed ends."""
    normals = [np.arctan2(w[1], w[0]) + s * np.pi / 2 for w in p.w for s in (1, -1)]
    ends = sorted({round(float(angle % (2 * np.pi)), 12) for angle in normals})
    for angle in ends:
        e = np.array([np.cos(angle), np.sin(angle)])
        if all((p.w[d] @ e > 1e-9) if d in p.on else (p.w[d] @ e < 1e-9) for d in range(len(p.w))):
            yield e
    for k, low in enumerate(ends):
        high = ends[(k + 1) % len(ends)] + (2 * np.pi if k + 1 == len(ends) else 0)
        if high - low < 1e-9:
            continue
        middle = (low + high) / 2
        e = np.array([np.cos(middle), np.sin(middle)])
        if any((p.w[d] @ e > 0) != (d in p.on) for d in range(len(p.w))):
            continue

        def slope(angle):
            e, t = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
            s = e @ p.b @ e
            return 2 * (t @ p.a @ e - (e @ p.a @ e / s) * (t @ p.b @ e)) / s

        inside = np.linspace(low, high, 2049)[1:-1]
        values = np.array([slope(angle) for angle in inside])
        scale = 1 + p.whole
        if np.abs(values).max() < 1e-9 * scale:
            yield e
        else:
            for j in range(len(values) - 1):
                if abs(values[j]) < 1e-12 * scale:
                    yield np.array([np.cos(inside[j]), np.sin(inside[j])])
                elif values[j] * values[j + 1] < 0:
                    x, y = inside[j], inside[j + 1]
                    for _ in range(80):
                        between = (x + y) / 2
                        x, y = (between, y) if slope(between) * values[j] > 0 else (x, between)
                    yield np.array([np.cos(x), np.sin(x)])
            smallest = np.abs(values).argmin()
            if abs(values[smallest]) < 1e-5 * scale and not any(
                values[j] * values[j + 1] < 0 for j in range(max(0, smallest - 2), min(len(values) - 1, smallest + 2))
            ):
                if 3 < smallest < len(values) - 3:
                    raise Tie


def space(p, random):
    """Eigenvectors of every face of the cone, with points of whole families of them."""
    for size in range(3):
        for tight in itertools.combinations(p.off, size):
            wt = p.w[list(tight)]
            v = null_space(wt) if size else np.eye(3)
            if v.shape[1] != 3 - size:
                continue
            form = v.T @ p.b @ v
            sizes, axes = np.linalg.eigh(form)
            live, still = sizes > 1e-9, sizes <= 1e-9
            if not live.any():
                continue
            basis, flat = v @ axes[:, live], v @ axes[:, still]
            values, vectors = eigh(basis.T @ p.a @ basis, basis.T @ p.b @ basis)
            done = []
            for value in values:
                if any(abs(value - other) < 1e-9 * (1 + abs(value)) for other in done):
                    continue
                if any(TIE > abs(value - other) > 1e-9 for other in values):
                    raise Tie
                done.append(value)
                same = np.abs(values - value) < 1e-9 * (1 + abs(value))
                whole = np.hstack([basis @ vectors[:, same], flat])
                whole, _ = np.linalg.qr(whole)
                yield from inner_points(p, whole, list(tight), random)


def inner_points(p, whole, tight, random):
    """Rows of the space that are in the cone, and at no kinks but those that the whole space is at."""
    k = whole.shape[1]
    on = p.w[p.on] @ whole
    off = p.w[[t for t in p.off if np.abs(p.w[t] @ whole).max() > 1e-9]] @ whole
    if len(off) + len(tight) < len(p.off) and any(
        t not in tight and TIE > np.abs(p.w[t] @ whole).max() > 1e-9 for t in p.off
    ):
        raise Tie
    rows = np.vstack([np.hstack([-on, np.ones((len(on), 1))]), np.hstack([off, np.ones((len(off), 1))])])
    for trial in range(1 if k == 1 else 6):
        cost = np.zeros(k + 1)
        cost[-1] = -1.0
        bounds = [(-1, 1)] * k + [(None, 1)]
        found = linprog(cost, A_ub=rows, b_ub=np.zeros(len(rows)), bounds=bounds, method="highs")
        if found.status != 0 or settle(found.x[-1]) <= 0:
            return
        x = found.x[:-1]
        if trial:
            for _ in range(50):
                moved = x + random.normal(size=k) * found.x[-1]
                if (on @ moved > 1e-3 * found.x[-1]).all() and (off @ moved < -1e-3 * found.x[-1]).all():
                    x = moved
                    break
        e = whole @ x
        yield e / np.linalg.norm(e)


def decide(task):
    p = Pencil(task["wp"], task["wr"], task["weights"], task["set"])
    random = np.random.default_rng(7)
    answer = {"margin": 1.0, "critical": False, "minimum": False, "saddle": False}
    try:
        for e in plane(p) if p.w.shape[1] == 2 else space(p, random):
            kinks = kinks_of(p, e)
            if not is_critical(p, e, kinks):
                continue
            answer["critical"] = True
            answer["saddle" if falls(p, e, kinks, random) else "minimum"] = True
    except Tie:
        answer["margin"] = 0.0
    return answer


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(decide(json.loads(line))), flush=True)
