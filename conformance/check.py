#!/usr/bin/env python3
"""The values of the oracle a second time, from the documents alone, in fractions; standard library only.

    python3 conformance/check.py FILE...

Losses are written out here as functions of all parameters and derived by central differences: along one parameter each is a polynomial of
degree two or less while the active latents stay the same, so that (L(p + h) - L(p - h)) / 2h is exact. What counts as a constant on the
way back is computed once, at the model itself. Lengths and pseudo-derivatives, which are no polynomials, are derived by hand.

Prints one line for each value that differs. Exit code 1 if one does, 2 if a document asks for something unknown.
"""
import json
import sys
from fractions import Fraction as F
from functools import cache
from itertools import permutations
from math import isqrt

H = F(1, 1000)


def numbers(value):
    if isinstance(value, str):
        return F(value)
    if isinstance(value, dict):
        return {name: numbers(part) for name, part in value.items()}
    return [numbers(part) for part in value]


def copied(value):
    return [copied(part) for part in value] if isinstance(value, list) else value


def dot(a, b):
    return sum((x * y for x, y in zip(a, b, strict=True)), F(0))


def root(q):
    n, d = isqrt(q.numerator), isqrt(q.denominator)
    if n * n != q.numerator or d * d != q.denominator:
        raise ValueError(f"{q} is no square")
    return F(n, d)


def length(a):
    return root(dot(a, a))


def mean(values):
    values = list(values)
    return sum(values, F(0)) / len(values)


def less(a, b):
    return [x - y for x, y in zip(a, b, strict=True)]


def centred(rows):
    middle = [mean(column) for column in zip(*rows)]
    return [less(row, middle) for row in rows]


def squares(rows):
    return mean(dot(row, row) for row in rows)


class Model:
    """Parameters may be moved; which latents are active is decided at the parameters of the document, `home`."""

    def __init__(self, document):
        self.x = numbers(document["model"]["inputs"])
        self.subtracts = document["model"]["subtracts"]
        self.home = numbers(document["model"]["weights"])
        self.own = {k: F(v) if isinstance(v, str) else v for k, v in document["model"]["settings"].items()}
        truth = document["model"].get("truth", {"directions": [], "active": []})
        self.directions, self.present = numbers(truth["directions"]), truth["active"]
        self.dead = self.own.get("dead", [])
        self.latents = range(len(self.home["we"]))
        self.batch = range(len(self.x))

    def linear(self, p, b):
        shifted = less(self.x[b], p["bd"]) if self.subtracts else self.x[b]
        return [dot(row, shifted) for row in p["we"]]

    def z(self, p):
        return [[v + c for v, c in zip(self.linear(p, b), p["be"], strict=True)] for b in self.batch]

    def by_size(self, b, among):
        z = self.z(self.home)[b]
        return sorted(among, key=lambda i: -z[i])

    @cache
    def sets(self, kind, k=None):
        """The active latents of each input."""
        z, own = self.z(self.home), self.own
        k = own.get("k") if k is None else k
        positive = [{i for i in self.latents if z[b][i] > 0} for b in self.batch]
        if kind == "relu":
            return positive
        if kind == "topk":
            return [set(self.by_size(b, self.latents)[:k]) & positive[b] for b in self.batch]
        if kind == "dead":
            return [set(self.by_size(b, self.dead)[: own["k_aux"]]) & positive[b] for b in self.batch]
        if kind == "dead, signed":
            return [set(self.by_size(b, self.dead)[: own["k_aux"]]) for b in self.batch]
        if kind == "batch":
            pairs = sorted(((b, i) for b in self.batch for i in self.latents), key=lambda at: -z[at[0]][at[1]])
            chosen = set(pairs[: k * len(self.x)])
            return [{i for i in positive[b] if (b, i) in chosen} for b in self.batch]
        if kind == "jump":
            return [{i for i in self.latents if z[b][i] > self.home["theta"][i]} for b in self.batch]
        raise KeyError(kind)

    def kept(self, p, sets):
        return [[v if i in on else F(0) for i, v in enumerate(row)] for row, on in zip(self.z(p), sets, strict=True)]

    def out(self, p, a, bias=True):
        columns = list(zip(*p["wd"], strict=True))
        return [[dot(row, column) + (c if bias else 0) for column, c in zip(columns, p["bd"])] for row in a]

    def errors(self, p, a):
        return [less(x, y) for x, y in zip(self.x, self.out(p, a), strict=True)]

    def mse(self, p, sets):
        return squares(self.errors(p, self.kept(p, sets)))

    @cache
    def spread(self):
        return squares(centred(self.x))

    def gradient(self, loss):
        def entry(name, *path):
            sides = []
            for sign in (1, -1):
                p = {**self.home, name: copied(self.home[name])}
                at = p[name]
                for step in path[:-1]:
                    at = at[step]
                at[path[-1]] += sign * H
                sides.append(loss(p))
            return (sides[0] - sides[1]) / (2 * H)

        return {
            name: [[entry(name, r, c) for c in range(len(row))] for r, row in enumerate(rows)]
            if isinstance(rows[0], list)
            else [entry(name, c) for c in range(len(rows))]
            for name, rows in self.home.items()
        }


def add(gradient, name, values):
    """Adds to one parameter's gradient."""
    plus = lambda a, b: [plus(x, y) for x, y in zip(a, b, strict=True)] if isinstance(a, list) else a + b
    return {**gradient, name: plus(gradient[name], values)}


def both(m, name, loss):
    return {name: lambda: loss(m.home), f"gradient of {name}": lambda: m.gradient(loss)}


def metrics(m):
    a = m.kept(m.home, m.sets("relu"))
    y, e, spread = m.out(m.home, a), m.errors(m.home, a), centred(m.x)
    times = [sum(row[i] > 0 for row in a) for i in m.latents]
    return {
        "activations": lambda: a,
        "reconstruction": lambda: y,
        "mse": lambda: squares(e),
        "fvu": lambda: sum(dot(r, r) for r in e) / sum(dot(r, r) for r in spread),
        "explained_variance": lambda: 1 - sum(dot(r, r) for r in e) / sum(dot(r, r) for r in spread),
        "explained_variance_legacy": lambda: 1 - mean(dot(r, r) / dot(s, s) for r, s in zip(e, spread)),
        # Var = E of the square - square of E.
        "explained_variance_centred": lambda: 1
        - (squares(e) - sum(mean(c) ** 2 for c in zip(*e))) / (squares(m.x) - sum(mean(c) ** 2 for c in zip(*m.x))),
        "l0": lambda: F(sum(times), len(m.x)),
        "l1": lambda: sum(map(sum, a)) / len(m.x),
        "dead": lambda: F(times.count(0), len(times)),
        "density": lambda: [F(t, len(m.x)) for t in times],
        "mean_error_length": lambda: mean(map(length, e)),
        "cosine": lambda: mean(dot(x, r) / length(x) / length(r) for x, r in zip(m.x, y)),
        "l2_ratio": lambda: mean(length(r) / length(x) for x, r in zip(m.x, y)),
        "relative_reconstruction_bias": lambda: sum(dot(r, r) for r in y) / sum(dot(x, r) for x, r in zip(m.x, y)),
    }


def l1(m):
    on, weight = m.sets("relu"), m.own["l1"]
    norms = [length(u) for u in m.home["wd"]]
    sums = [mean(column) for column in zip(*m.kept(m.home, on))]

    def weighted(p):  # the lengths held
        return m.mse(p, on) + weight * mean(dot(row, norms) for row in m.kept(p, on))

    # d |u| / d u = u / |u|
    of_lengths = [[weight * s * c / n for c in u] for u, n, s in zip(m.home["wd"], norms, sums)]
    return {
        "activations": lambda: m.kept(m.home, on),
        "reconstruction": lambda: m.out(m.home, m.kept(m.home, on)),
        **both(m, "loss", lambda p: m.mse(p, on) + weight * mean(map(sum, m.kept(p, on)))),
        "loss_weighted": lambda: weighted(m.home),
        "gradient of loss_weighted": lambda: add(m.gradient(weighted), "wd", of_lengths),
    }


def topk(m):
    on = m.sets("topk")
    return {
        "activations": lambda: m.kept(m.home, on),
        "reconstruction": lambda: m.out(m.home, m.kept(m.home, on)),
        "l0": lambda: mean(F(len(s)) for s in on),
        **both(m, "loss", lambda p: m.mse(p, on)),
        **both(m, "fvu", lambda p: m.mse(p, on) / m.spread()),
    }


def topk_fired(m):
    on = m.sets("topk")
    return {"fired": lambda: [F(any(i in s for s in on)) for i in m.latents]}


def auxk(m):
    on = m.sets("topk")
    e = m.errors(m.home, m.kept(m.home, on))

    def aux(p, kind="dead"):
        return squares([less(r, g) for r, g in zip(e, m.out(p, m.kept(p, m.sets(kind)), bias=False))])

    return {
        **both(m, "auxk", aux),
        **both(m, "auxk_signed", lambda p: aux(p, "dead, signed")),
        **both(m, "auxk_over_error_variance", lambda p: aux(p) / squares(centred(e))),
        **both(m, "auxk_over_variance", lambda p: aux(p) / m.spread()),
        **both(m, "loss", lambda p: m.mse(p, on) + m.own["alpha"] * aux(p)),
        **both(m, "loss_over_error_variance", lambda p: m.mse(p, on) + m.own["alpha"] * aux(p) / squares(centred(e))),
    }


def multi_topk(m):
    few, more = m.sets("topk"), m.sets("topk", m.own["k_more"])
    return {
        **both(m, "fvu", lambda p: m.mse(p, few) / m.spread()),
        **both(m, "equation_9", lambda p: m.mse(p, few) + m.mse(p, more)),
        **both(m, "multi_topk_fvu", lambda p: m.mse(p, more) / m.spread()),
    }


def batchtopk(m):
    on = m.sets("batch")
    a = m.kept(m.home, on)
    bound = min(v for row in a for v in row if v > 0)
    return {
        "activations": lambda: a,
        "reconstruction": lambda: m.out(m.home, a),
        **both(m, "loss", lambda p: m.mse(p, on)),
        "threshold": lambda: bound,
        "activations_at_threshold": lambda: [[v if v > bound else F(0) for v in row] for row in m.z(m.home)],
    }


def matryoshka(m):
    on = m.sets("batch")

    def loss(p):
        return sum(m.mse(p, [{i for i in s if i < bound} for s in on]) for bound in m.own["prefixes"])

    return {
        "activations": lambda: m.kept(m.home, on),
        **both(m, "loss", loss),
        **both(m, "loss_mean", lambda p: loss(p) / len(m.own["prefixes"])),
    }


def gated(m):
    def magnitudes(p):  # 1 + r has the derivative of exp(r) at r = 0
        if any(m.home["r_mag"]):
            raise ValueError("r_mag is not 0")
        return [[(1 + r) * v + c for v, r, c in zip(m.linear(p, b), p["r_mag"], p["b_mag"])] for b in m.batch]

    opened = m.sets("relu")
    at_home = magnitudes(m.home)
    on = [{i for i in opened[b] if at_home[b][i] > 0} for b in m.batch]

    def active(p):
        return [[v if i in s else F(0) for i, v in enumerate(row)] for row, s in zip(magnitudes(p), on)]

    def sparsity(p):
        return mean(map(sum, m.kept(p, opened)))

    def auxiliary(p):
        return squares(m.errors({**p, "wd": m.home["wd"], "bd": m.home["bd"]}, m.kept(p, opened)))

    def mse(p):
        return squares(m.errors(p, active(p)))

    return {
        "activations": lambda: active(m.home),
        "reconstruction": lambda: m.out(m.home, active(m.home)),
        "mse": lambda: mse(m.home),
        "sparsity": lambda: sparsity(m.home),
        "auxiliary": lambda: auxiliary(m.home),
        **both(m, "loss", lambda p: mse(p) + m.own["l1"] * sparsity(p) + auxiliary(p)),
    }


def jumprelu(m):
    on, width, theta = m.sets("jump"), m.own["bandwidth"], m.home["theta"]
    a, z = m.kept(m.home, on), m.z(m.home)
    e = m.errors(m.home, a)
    share = F(1, len(m.x))
    near = [[abs(z[b][i] - theta[i]) < width / 2 for i in m.latents] for b in m.batch]
    l0 = mean(F(len(s)) for s in on)
    # d mse / d a_bi = -2/B <e_b, u_i>, d a / d theta = -theta / width; d l0 / d theta = -1 / (B width) for each in the band.
    of_error = [
        sum(2 * share * dot(e[b], m.home["wd"][i]) * theta[i] / width for b in m.batch if near[b][i]) for i in m.latents
    ]
    of_l0 = [-share / width * sum(near[b][i] for b in m.batch) for i in m.latents]
    off = l0 / m.own["target_l0"] - 1

    def gradient(factor):
        by_theta = [x + factor * y for x, y in zip(of_error, of_l0)]
        return add(m.gradient(lambda p: m.mse(p, on)), "theta", by_theta)

    return {
        "activations": lambda: a,
        "reconstruction": lambda: m.out(m.home, a),
        "l0": lambda: l0,
        "loss": lambda: squares(e) + m.own["l0"] * l0,
        "gradient of loss": lambda: gradient(m.own["l0"]),
        "loss_target": lambda: squares(e) + m.own["l0"] * off**2,
        "gradient of loss_target": lambda: gradient(m.own["l0"] * 2 * off / m.own["target_l0"]),
    }


def resampling(m):
    e = m.errors(m.home, m.kept(m.home, m.sets("relu")))
    losses = [dot(r, r) for r in e]
    alive = [length(row) for i, row in enumerate(m.home["we"]) if i not in m.dead]
    return {
        "chances": lambda: [v**2 / sum(w**2 for w in losses) for v in losses],
        "directions": lambda: [[c / length(x) for c in x] for x in m.x],
        "encoder_rows": lambda: [[F(1, 5) * mean(alive) * c / length(x) for c in x] for x in m.x],
        "bias": lambda: F(0),
    }


def detection(m):
    a = m.kept(m.home, m.sets("relu"))
    w, u = m.directions, m.home["wd"]
    cosine = [[abs(dot(x, y)) / root(dot(x, x) * dot(y, y)) for y in w] for x in u]
    near = [max(range(len(w)), key=row.__getitem__) for row in cosine]
    on = [{b for b in m.batch if a[b][i] > 0} for i in m.latents]
    had = [{b for b in m.batch if d in m.present[b]} for d in near]

    def share(part, of):
        return F(len(part), len(of)) if of else F(0)

    p = [share(x & y, x) for x, y in zip(on, had)]
    r = [share(x & y, y) for x, y in zip(on, had)]
    lengths = [root(dot(x, x) * dot(y, y)) for x, y in zip(m.x, m.out(m.home, a))]
    ratios = [size / dot(x, x) for size, x in zip(lengths, m.x)]
    return {
        "precision": lambda: mean(p),
        "recall": lambda: mean(r),
        "f1": lambda: mean(2 * x * y / (x + y) if x + y else F(0) for x, y in zip(p, r)),
        "mcc": lambda: max(mean(cosine[i][d] for i, d in enumerate(order)) for order in permutations(range(len(w)), len(u))),
        "uniqueness": lambda: F(len(set(near)), len(u)),
        "shrinkage": lambda: mean(ratios),
        "true_l0": lambda: mean(F(len(s)) for s in m.present),
    }


def ghost(m):
    e = m.errors(m.home, m.kept(m.home, m.sets("relu")))

    def output(p):  # 1 + z has the value and the derivative of exp(z) at z = 0
        z = m.z(p)
        if any(m.z(m.home)[b][i] for b in m.batch for i in m.dead):
            raise ValueError("a dead latent is not at 0")
        return m.out(p, [[1 + row[i] if i in m.dead else F(0) for i in m.latents] for row in z], bias=False)

    scale = [length(r) / 2 / length(g) for r, g in zip(e, output(m.home))]

    def loss(p):
        return squares([less(r, [s * c for c in g]) for r, s, g in zip(e, scale, output(p))])

    return {
        "ghost_output": lambda: output(m.home),
        **both(m, "ghost_loss", loss),
        **both(m, "ghost_loss_rescaled", lambda p: squares(e) * loss(p) / loss(m.home)),
    }


CASES = {
    "metrics": metrics,
    "l1": l1,
    "topk": topk,
    "topk-fired": topk_fired,
    "auxk": auxk,
    "auxk-one-dead": auxk,
    "multi-topk": multi_topk,
    "batchtopk": batchtopk,
    "matryoshka": matryoshka,
    "gated": gated,
    "jumprelu": jumprelu,
    "resampling": resampling,
    "detection": detection,
    "ghost": ghost,
}


def main(paths):
    checked = differ = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        if document.get("format") != "dictum/conformance@1" or document.get("name") not in CASES:
            print(f"{path}: no document of the oracle", file=sys.stderr)
            return 2
        answers = CASES[document["name"]](Model(document))
        for quantity in document["quantities"]:
            if quantity["name"] not in answers:
                print(f"{path}: {quantity['name']} is unknown", file=sys.stderr)
                return 2
            checked += 1
            if answers[quantity["name"]]() != numbers(quantity["value"]):
                differ += 1
                print(f"{path}: {quantity['name']} differs")
    print(f"{checked} values, {differ} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
