"""Landings (format 8): where a training run ended. The part of the second checker that no claim rests on.

dictum_check.py is the entry, and loads this file where it meets a landing. Written, as all of it, from the document alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dictum_check import (
    ONE,
    ZERO,
    At,
    Configuration,
    Fact,
    Fields,
    Instance,
    Matrix,
    Vector,
    combination,
    document_id,
    dot,
    factored,
    mixed,
    moments,
    numbered,
    outer,
    own,
    read_configuration,
    read_instance,
    show,
    square,
    times,
    transpose,
    what_it_has,
)

SHIFT = 128
Ends = tuple[int, int]  # an enclosure: multiples of 2^-128
Enclosed = list[list[Ends]]
CLASSES = ("zero-loss", "local-minimum", "face-minimum", "saddle")
ONE_ENDS = (1 << SHIFT, 1 << SHIFT)


def enclosed(low: Fraction, high: Fraction | None = None) -> Ends:
    """The interval, rounded outwards."""
    high = low if high is None else high
    return (low.numerator << SHIFT) // low.denominator, -((-high.numerator << SHIFT) // high.denominator)


def add(*terms: Ends) -> Ends:
    return sum(x[0] for x in terms), sum(x[1] for x in terms)


def opposite(x: Ends) -> Ends:
    return -x[1], -x[0]


def mul(x: Ends, y: Ends) -> Ends:
    ends = (x[0] * y[0], x[0] * y[1], x[1] * y[0], x[1] * y[1])
    return min(ends) >> SHIFT, -(-max(ends) >> SHIFT)


def dot_ends(x: Sequence[Ends], y: Sequence[Ends]) -> Ends:
    return add((0, 0), *(mul(a, b) for a, b in zip(x, y, strict=True) if a != (0, 0) and b != (0, 0)))


def enclose_rows(rows: Iterable[Sequence[Fraction]]) -> Enclosed:
    return [[enclosed(x) for x in row] for row in rows]


def times_ends(left: Enclosed, right: Enclosed) -> Enclosed:
    columns = list(zip(*right))
    return [[dot_ends(row, column) for column in columns] for row in left]


def size(x: Ends) -> int:
    return max(-x[0], x[1])


def row_norm(matrix: Enclosed) -> int:
    return max((sum(map(size, row)) for row in matrix), default=0)


def defect(left: Enclosed, right: Enclosed) -> int:
    """|I - left right|."""
    products = times_ends(left, right)
    return row_norm([
        [add(ONE_ENDS if i == j else (0, 0), opposite(x)) for j, x in enumerate(row)] for i, row in enumerate(products)
    ])  # fmt: skip


@dataclass
class Group:
    """A component of a landing."""

    at: At
    neurons: tuple[int, ...]
    features: tuple[int, ...]
    kind: str  # its class
    rule: str
    fields: Fields
    slice: Matrix = ()
    radius: Fraction = ZERO

    def moves(self, width: int) -> dict[int, list[Fraction]]:
        """How far each coordinate of a neuron may move."""
        far = [self.radius * sum(map(abs, column)) for column in transpose(self.slice)]
        far = far or [ZERO] * (width * len(self.neurons))
        return {i: far[a * width : (a + 1) * width] for a, i in enumerate(self.neurons)}

    def reach(self, width: int) -> dict[int, list[int]]:
        """The same in units of 2^-128, rounded up: the radius times the sum of a column of the slice, each enclosed."""
        radius, sums = enclosed(self.radius), [sum(size(enclosed(x)) for x in column) for column in transpose(self.slice)]
        far = [size(mul(radius, (0, most))) for most in sums] or [0] * (width * len(self.neurons))
        return {i: far[a * width : (a + 1) * width] for a, i in enumerate(self.neurons)}

    def whole_matrix(self, key: str, rows: int, columns: int) -> Enclosed:
        """A matrix of integers in units of 2^-32."""
        m = self.fields[key].matrix(rows, columns)
        integral = all(x.denominator == 1 for row in m for x in row)
        self.fields[key].need(integral, "not-a-number", "integers, in units of 2^-32")
        return [[(x.numerator << SHIFT - 32,) * 2 for x in row] for row in m]


LANDING_RULES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # keys, optional keys
    "zero-loss": ((), ()),
    "lossless": (("radius", "slice", "inverse"), ()),
    "top-eigenvalue": (("definite",), ()),
    "eckart-young": (("t", "definite"), ()),
    "newton": (("radius", "slice", "inverse", "gauge", "span", "duals"), ("lift", "relations")),
}


@dataclass
class Direction:
    """A change of the frame: of z_{i,d} for active or lifted pairs, of u_i; and its coordinates there."""

    z: dict[tuple[int, int], Ends]
    u: dict[int, list[Ends]]
    frame: list[Ends]


class Landing:
    """The configuration c of a landing, its box, and the groups."""

    def __init__(self, inst: Instance, c: Configuration, groups: list[Group], at: At) -> None:
        self.inst, self.c, self.groups = inst, c, groups
        self.width = inst.n_p + inst.n_r
        self.kinks = set(c.kinks)
        at.need(inst.kind == "relu" or not self.kinks, "at-a-kink", "a point at no kink", "one at a kink")
        moves = {i: far for group in groups for i, far in group.moves(self.width).items()}
        self.far = [moves.get(i, [ZERO] * self.width) for i in range(inst.neurons)]
        within = {i: far for group in groups for i, far in group.reach(self.width).items()}
        self.within = [within.get(i, [0] * self.width) for i in range(inst.neurons)]
        for group in groups:
            self.keeps_kinks(group)
        self.u = [
            [enclosed(x - f, x + f) for x, f in zip(u, far[inst.n_p :])] for u, far in zip(c.columns, self.far)
        ]
        # Pre-activations on the box; at kinks they stay 0.
        self.reach = [[dot(far[: inst.n_p], tuple(map(abs, w))) for w in inst.wp] for far in self.far]
        self.z = [
            [enclosed(c.z[i][d] - reach, c.z[i][d] + reach) for d, reach in enumerate(row)]
            for i, row in enumerate(self.reach)
        ]
        self.e = [[enclosed(x - f, x + f) for x, f in zip(e, far)] for e, far in zip(c.encoder.we, self.far)]
        self.fixed(at)
        #: Frames: G_i of the lifted neurons.
        self.lifted: dict[int, tuple[int, ...]] = {}
        self.answered: set[tuple[int, int]] = set()

    def keeps_kinks(self, group: Group) -> None:
        for v in group.slice:
            for a, i in enumerate(group.neurons):
                part = v[a * self.width : a * self.width + self.inst.n_p]
                flat = all(dot(part, self.inst.wp[d]) == 0 for k, d in self.kinks if k == i)
                group.fields["slice"].need(flat, "wrong-basis", "pre-activations at kinks left at 0")

    def fixed(self, at: At) -> None:
        """Each pair that is not at a kink stays active, or inactive, on the whole box."""
        inst, neurons = self.inst, range(self.inst.neurons)
        for d, active in enumerate(self.c.active):
            low = [self.c.z[i][d] - self.reach[i][d] for i in neurons]
            high = [self.c.z[i][d] + self.reach[i][d] for i in neurons]
            stays = all(low[i] > inst.theta for i in active)
            full = inst.kind == "topk" and len(active) == inst.k
            for j in neurons:
                if j in active or (j, d) in self.kinks:
                    continue
                stays = stays and (high[j] < inst.theta or full and all(high[j] < low[i] for i in active))
            at.need(stays, "too-far", f"active sets of feature {d + 1} that stay on the box")

    def residual(self, d: int, still: Iterable[int] = ()) -> list[Ends]:
        """rho_d on the box, but with the neurons `still` at c."""
        rho = [enclosed(x) for x in self.inst.wr[d]]
        for i in self.c.active[d]:
            at_c = i in still
            z = enclosed(self.c.z[i][d]) if at_c else self.z[i][d]
            u = [enclosed(x) for x in self.c.columns[i]] if at_c else self.u[i]
            rho = [add(x, opposite(mul(z, y))) for x, y in zip(rho, u)]
        return rho

    def price(self, i: int, d: int) -> Ends:
        """-2 M_d <rho_d, u_i> on the box."""
        return mul(enclosed(-2 * self.inst.weight[d]), dot_ends(self.residual(d), self.u[i]))

    # Directions in the frame of a group

    def shown(self, group: Group, i: int) -> list[int]:
        """F_i, of the group."""
        return [d for d in group.features if i in self.c.active[d]]

    def direction(
        self, group: Group, z: dict[tuple[int, int], Ends], parts: dict[int, list[Ends]], u: dict[int, list[Ends]]
    ) -> Direction:
        """From dz, du, and de for the neurons that are not lifted."""
        frame: list[Ends] = []
        for i in group.neurons:
            if i in self.lifted:
                frame += [z.get((i, d), (0, 0)) for d in self.lifted[i]]
            else:
                frame += parts.get(i, [(0, 0)] * self.inst.n_p)
            frame += u.get(i, [(0, 0)] * self.inst.n_r)
        return Direction(z, u, frame)

    def along(self, group: Group, v: Vector) -> Direction:
        """A vector of the slice, carried to the frame."""
        z, parts, u, n_p = {}, {}, {}, self.inst.n_p
        for a, i in enumerate(group.neurons):
            own_ = v[a * self.width : (a + 1) * self.width]
            for d in self.shown(group, i):
                z[i, d] = enclosed(dot(own_[:n_p], self.inst.wp[d]))
            parts[i], u[i] = [enclosed(x) for x in own_[:n_p]], [enclosed(x) for x in own_[n_p:]]
        return self.direction(group, z, parts, u)

    def first(self, group: Group, d: int, x: Direction, at_c: bool) -> list[Ends]:
        """Minus the derivative of rho_d along the direction: sum_i dz u_i + z du_i."""
        change = [(0, 0)] * self.inst.n_r
        for i in group.neurons:
            dz = x.z.get((i, d), (0, 0))
            u = [enclosed(y) for y in self.c.columns[i]] if at_c else self.u[i]
            change = [add(y, mul(dz, v)) for y, v in zip(change, u)]
            if i in self.c.active[d] and i in x.u:
                z = enclosed(self.c.z[i][d]) if at_c else self.z[i][d]
                change = [add(y, mul(z, v)) for y, v in zip(change, x.u[i])]
        return change

    def slope(self, group: Group, x: Direction) -> Ends:
        """The derivative of f along the direction, at c."""
        terms = []
        for d in group.features:
            rho = [enclosed(y) for y in self.c.residuals[d]]
            terms.append(mul(enclosed(-2 * self.inst.weight[d]), dot_ends(rho, self.first(group, d, x, True))))
        return add((0, 0), *terms)

    def second(self, group: Group, directions: Sequence[Direction]) -> Enclosed:
        """The second derivatives of f along the directions, on the box."""
        h = [[(0, 0)] * len(directions) for _ in directions]
        for d in group.features:
            rho, m = self.residual(d), enclosed(2 * self.inst.weight[d])
            firsts = [self.first(group, d, x, False) for x in directions]
            pulls = [{i: dot_ends(rho, u) for i, u in x.u.items()} for x in directions]
            for a, x in enumerate(directions):
                for b, y in enumerate(directions[: a + 1]):
                    value = dot_ends(firsts[a], firsts[b])
                    for i in group.neurons:
                        for one, pull in ((x, pulls[b]), (y, pulls[a])):
                            dz = one.z.get((i, d), (0, 0))
                            if dz != (0, 0) and i in pull:
                                value = add(value, opposite(mul(dz, pull[i])))
                    h[a][b] = add(h[a][b], mul(m, value))
        for a in range(len(h)):
            for b in range(a):
                h[b][a] = h[a][b]
        return h

    def contracts(self, g: list[Ends], jacobian: Enclosed, group: Group) -> None:
        """|Y g| + |I - Y J| r <= r and |I - Y J| < 1."""
        y = group.whole_matrix("inverse", len(jacobian), len(jacobian))
        step = max((size(dot_ends(row, g)) for row in y), default=0)
        rest = defect(y, jacobian)
        fits = Fraction(step, 1 << SHIFT) + Fraction(rest, 1 << SHIFT) * group.radius <= group.radius
        group.at.need(fits and rest < 1 << SHIFT, "too-far", "|Y g| + |I - Y J| r <= r and |I - Y J| < 1")

    # The rules

    def zero_loss(self, group: Group) -> str:
        silent = not any(any(self.c.residuals[d]) for d in group.features)
        group.at.need(silent, "does-not-hold", "rho_d = 0 for every feature of the group")
        alone = all(set(self.c.active[d]) <= set(group.neurons) for d in group.features)
        group.at.need(alone, "does-not-hold", "no other neuron active on the group's features")
        return "zero-loss"

    def lossless(self, group: Group) -> str:
        right = len(group.slice) == self.inst.n_r * len(group.features)
        group.at.need(right, "wrong-size", "n_r times as many vectors as features", len(group.slice), judged=True)
        g = [x for d in group.features for x in self.residual(d, group.neurons)]
        directions = [self.along(group, v) for v in group.slice]
        columns = [
            [opposite(y) for d in group.features for y in self.first(group, d, x, False)] for x in directions
        ]
        self.contracts(g, [list(row) for row in zip(*columns)], group)
        return "zero-loss"

    def top_eigenvalue(self, group: Group) -> str:
        group.at.need(len(group.neurons) == 1, "not-a-partition", "one neuron", len(group.neurons))
        i = group.neurons[0]
        a, b, c = moments(self.inst, group.features)
        e = self.c.encoder.we[i]
        s = dot(e, times(b, e))
        group.at.need(s > 0, "not-positive", "e^T B e > 0", s)
        best = self.c.columns[i] == tuple(x / s for x in times(c, e))
        group.at.need(best, "not-critical", "u = C e / e^T B e")
        factored(mixed(dot(e, times(a, e)) / s, b, -ONE, a), group.fields["definite"].keys(("l", "d")))
        return "local-minimum"

    def eckart_young(self, group: Group) -> str:
        inst, t = self.inst, group.fields["t"].quantity()
        c = outer([(inst.weight[d], inst.wr[d], inst.wr[d]) for d in group.features], inst.n_r, inst.n_r)
        unit = tuple(tuple(ONE if p == q else ZERO for q in range(inst.n_r)) for p in range(inst.n_r))
        factored(mixed(t, unit, -ONE, c), group.fields["definite"].keys(("l", "d")))
        loss = sum((inst.weight[d] * square(self.c.residuals[d]) for d in group.features), ZERO)
        least = sum(c[k][k] for k in range(inst.n_r)) - t * len(group.neurons)
        group.at.need(loss == least, "does-not-hold", f"a loss of {show(least)}", loss)
        self.answered |= {(i, d) for i in group.neurons for d in group.features}
        return "local-minimum"

    def read_lift(self, group: Group) -> None:
        for item in group.fields["lift"].items() if "lift" in group.fields else ():
            fields = item.keys(("neuron", "features"))
            i = fields["neuron"].index(1, self.inst.neurons) - 1
            features = fields["features"].features(self.inst.n)
            fields["neuron"].need(i in group.neurons and i not in self.lifted, "wrong-basis", "a neuron of the group")
            within = set(self.shown(group, i)) <= set(features) <= set(group.features)
            fields["features"].need(within, "wrong-basis", "F_i within G_i within the group's features")
            self.lifted[i] = features
            self.answered |= {(i, d) for d in features}

    def motion(self, group: Group, at: At) -> Direction:
        inst = self.inst
        at.need(at.has("kind"), "missing-key", "kind")
        kind = at.child("kind").word(("scale", "null", "shear"))
        keys = {"scale": ("neuron",), "null": ("neuron", "v"), "shear": ("from", "to")}[kind]
        fields = at.keys(("kind", *keys), ("p",) if kind == "shear" else ())

        def neuron(key: str) -> int:
            i = fields[key].index(1, inst.neurons) - 1
            fields[key].need(i in group.neurons, "wrong-gauge", "a neuron of the group")
            return i

        def kinks(i: int) -> set[int]:
            return {d for k, d in self.kinks if k == i}

        if kind == "scale":
            i = neuron("neuron")
            z = {(i, d): self.z[i][d] for d in self.shown(group, i)}
            return self.direction(group, z, {i: self.e[i]}, {i: [opposite(x) for x in self.u[i]]})
        if kind == "null":
            i, v = neuron("neuron"), fields["v"].vector(inst.n_p)
            unseen = not any(dot(v, inst.wp[d]) for d in (*self.shown(group, i), *kinks(i)))
            at.need(i not in self.lifted and unseen, "wrong-gauge", "not lifted; <v, w_d> = 0 on F_i and at kinks")
            return self.direction(group, {}, {i: [enclosed(x) for x in v]}, {})
        i, j = neuron("from"), neuron("to")
        of_i, of_j = (set(self.lifted.get(k, self.shown(group, k))) for k in (i, j))
        at.need(of_i <= of_j, "wrong-gauge", "the set of i within that of j")
        u = {i: [opposite(x) for x in self.u[j]]}
        if j in self.lifted:
            at.need("p" not in fields, "unknown-key", "no p for a lifted neuron", judged=True)
            return self.direction(group, {(j, d): self.z[i][d] for d in self.shown(group, i)}, {}, u)
        at.need(i not in self.lifted and "p" in fields, "wrong-gauge", "two neurons that are not lifted, and p")
        p = fields["p"].matrix(inst.n_p, inst.n_p)
        columns = transpose(p)
        for d in of_j | kinks(j):
            row, w = times(columns, inst.wp[d]), inst.wp[d]
            right = row == w if d in of_i else not any(row) or row == w and d in kinks(i)
            at.need(right, "wrong-gauge", "w_d^T P = w_d^T on F_i, else 0 or at a kink of i either")
        moved_ = [dot_ends([enclosed(x) for x in row], self.e[i]) for row in p]
        return self.direction(group, {}, {j: moved_}, u)

    def relation(self, group: Group, at: At) -> Direction:
        inst = self.inst
        fields = at.keys(("neuron", "c"))
        i, c = fields["neuron"].index(1, inst.neurons) - 1, fields["c"].vector(inst.n)
        at.need(i in self.lifted and i in group.neurons, "wrong-basis", "a lifted neuron")
        used = [d for d in range(inst.n) if c[d]]
        inside = set(used) <= set(self.lifted[i]) and all(inst.weight[d] > 0 for d in used)
        at.need(inside, "wrong-basis", "c_d = 0 outside G_i and where M_d = 0")
        at.need(not any(combination(zip(c, inst.wr), inst.n_r)), "does-not-hold", "sum c_d r_d = 0")
        for a, j in enumerate(group.neurons):
            v = combination([(c[d], inst.wp[d]) for d in self.shown(group, j)], inst.n_p)
            place = slice(a * self.width, a * self.width + inst.n_p)
            fixed = dot(v, self.c.encoder.we[j]) == 0 and not any(dot(v, x[place]) for x in group.slice)
            at.need(fixed, "does-not-hold", "<v_j, e_j> = 0 at c and along S")
        return self.direction(group, {(i, d): enclosed(c[d] / inst.weight[d]) for d in used}, {}, {})

    def newton(self, group: Group) -> str:
        fields = group.fields
        directions = [self.along(group, v) for v in group.slice]
        jacobian = self.second(group, directions)
        self.contracts([self.slope(group, x) for x in directions], jacobian, group)

        self.read_lift(group)
        # in the frame, now that it is known
        directions = [self.along(group, v) for v in group.slice]
        relations = fields["relations"].items() if "relations" in fields else []
        directions += [self.relation(group, item) for item in relations]
        motions = [self.motion(group, item) for item in fields["gauge"].items()]
        still = [i for i in group.neurons if i not in self.lifted]
        faces = [(i, d) for i in still for d in range(self.inst.n) if (i, d) in self.kinks]
        free = self.read_duals(group, faces)
        width = len(self.direction(group, {}, {}, {}).frame)
        count = len(directions) + len(motions)
        group.at.need(count == width - free, "wrong-gauge", f"{width - free} vectors and motions", count)
        q = group.whole_matrix("span", count, width)
        columns = [list(row) for row in zip(*(x.frame for x in (*directions, *motions)))]
        group.at.need(defect(q, columns) < 1 << SHIFT, "wrong-gauge", "|I - Q [S, relations, motions]| < 1")

        if "descent" in fields:
            x = [enclosed(v) for v in fields["descent"].vector(len(group.slice))]
            group.at.need(not any(i in group.neurons for i, _ in self.kinks), "at-a-kink", "no kinks")
            down = dot_ends(x, [dot_ends(row, x) for row in jacobian])[1] < 0
            group.at.need(down, "not-definite", "x^T J x < 0")
            return "saddle"
        root = group.whole_matrix("root", len(directions), len(directions))
        squares = times_ends([list(column) for column in zip(*root)], root)
        for k, (row, other) in enumerate(zip(self.second(group, directions), squares)):
            rest = [add(x, opposite(y)) for x, y in zip(row, other)]
            off = sum(size(x) for m, x in enumerate(rest) if m != k)
            group.at.need(rest[k][0] > off, "not-definite", "H - G^T G strictly diagonally dominant")
        self.answered |= set(faces)
        return "face-minimum" if faces else "local-minimum"

    def read_duals(self, group: Group, faces: list[tuple[int, int]]) -> int:
        """Checks the multipliers of faces; how many faces have a q."""
        inst = self.inst
        items = dict(zip(faces, group.fields["duals"].items(len(faces))))
        duals = {face: item.vector(inst.n_p) for face, item in items.items() if isinstance(item.value, list)}
        given = {face: item.quantity() for face, item in items.items() if face not in duals}
        for (i, d), item in items.items():
            price = self.price(i, d)
            own_ = [(c, q) for (k, c), q in duals.items() if k == i]
            if (i, d) in given:
                spanned = combination([(dot(q, inst.wp[d]), inst.wp[c]) for c, q in own_], inst.n_p) == inst.wp[d]
                item.need(spanned, "wrong-dual", "w_d = sum <q_c, w_d> w_c")
                m = enclosed(given[i, d])
            else:
                q = duals[i, d]
                fits = all(dot(q, inst.wp[c]) == (1 if c == d else 0) for c, _ in own_)
                item.need(fits, "wrong-dual", "<q, w_d> = 1, and 0 for the other faces with a q")
                m = (0, 0)
                for c in self.shown(group, i):
                    m = add(m, opposite(mul(self.price(i, c), enclosed(dot(q, inst.wp[c])))))
                for (k, c), value in given.items():
                    if k == i:
                        m = add(m, opposite(enclosed(value * dot(q, inst.wp[c]))))
            item.need(m[0] > 0 and m[1] < price[0], "no-price", "0 < m < -2 M_d <rho_d, u_i>")
        return len(duals)

    def rest(self, at: At) -> None:
        """Kinks that no group answers for."""
        lossless = {d for group in self.groups if group.kind == "zero-loss" for d in group.features}
        for i, d in sorted(self.kinks - self.answered):
            costs = d in lossless or dot_ends(self.residual(d), self.u[i])[1] < 0
            at.need(costs, "no-price", f"<rho_d, u_i> < 0 at the kink of neuron {i + 1} and feature {d + 1}")


def read_direction(at: At, width: int) -> Vector:
    """A vector of a slice: written out, or the number of a coordinate."""
    if isinstance(at.value, list):
        return at.vector(width)
    k = at.index(1, width) - 1
    return tuple(ONE if j == k else ZERO for j in range(width))


def read_groups(inst: Instance, c: Configuration, at: At) -> list[Group]:
    groups = []
    for item in at.items():
        fields = item.keys(("neurons", "features", "class", "proof"))
        neurons = tuple(x.index(1, inst.neurons) - 1 for x in fields["neurons"].items())
        increasing = all(a < b for a, b in zip(neurons, neurons[1:]))
        fields["neurons"].need(increasing, "not-increasing", "increasing neurons")
        features, kind, proof = fields["features"].features(inst.n), fields["class"].word(CLASSES), fields["proof"]
        proof.need(proof.has("rule"), "missing-key", "rule")
        rule = proof.child("rule").word(LANDING_RULES)
        ends = (("descent",) if proof.has("descent") else ("root",)) if rule == "newton" else ()
        required, optional = LANDING_RULES[rule]
        fields["features"].need(len(features) > 0, "not-a-partition", "a feature")
        group = Group(item, neurons, features, kind, rule, proof.keys(("rule", *required, *ends), optional))
        if "slice" in group.fields:
            width = (inst.n_p + inst.n_r) * len(neurons)
            count = len(group.fields["slice"].items())
            small = count <= width and count * width <= 1 << 22
            group.fields["slice"].need(small, "too-large", "no more directions than coordinates, 2^22 entries")
            group.slice = tuple(read_direction(vector, width) for vector in group.fields["slice"].items())
            group.radius = group.fields["radius"].positive()
        groups.append(group)
    named = [d for group in groups for d in group.features]
    wanted = [d for d in range(inst.n) if c.active[d]]
    at.need(sorted(named) == wanted, "not-a-partition", "each feature with an active neuron in one group")
    named = [i for group in groups for i in group.neurons]
    at.need(len(set(named)) == len(named), "not-a-partition", "no neuron in two groups")
    by_others = {i for group in groups if group.rule not in ("zero-loss", "lossless") for i in group.neurons}
    for group in groups:
        active = {i for d in group.features for i in c.active[d]}
        if group.rule in ("zero-loss", "lossless"):
            active -= by_others
        group.at.need(active == set(group.neurons), "not-a-partition", "the neurons active on the group's features")
    return groups


def check_landing(document: At) -> Fact:
    names = ("format", "instance", "run", "gradient", "distance", "we", "wd", "components", "class", "id")
    fields = document.keys(names)
    inst = read_instance(fields["instance"])
    found = document_id(document.value)
    fields["id"].need(fields["id"].string() == found, "wrong-id", found)
    trained = inst.kind in ("relu", "jumprelu", "topk")
    document.need(trained, "wrong-rule", "an activation relu, jumprelu or topk", inst.kind)

    end = own(inst)
    weights = document_id({key: fields["instance"].value[key] for key in ("wd", "we")})
    run = fields["run"].keys(("backend", "seed", "index", "steps", "settings", "weights"))
    run["weights"].need(run["weights"].string() == weights, "wrong-id", weights)
    given: Fact = {"given": True} if run["backend"].value == "given" else {}
    fields["gradient"].need(fields["gradient"].quantity() == end.slope_square, "does-not-hold", show(end.slope_square))

    c = read_configuration(inst, fields)
    landing = Landing(inst, c, read_groups(inst, c, fields["components"]), document)
    distance = fields["distance"].quantity()
    apart = 0
    for i, far in enumerate(landing.far):
        before, after = (*end.encoder.we[i], *end.columns[i]), (*c.encoder.we[i], *c.columns[i])
        steps = zip(before, after, landing.within[i], strict=True)
        apart = max(apart, *(size(add(enclosed(x), opposite(enclosed(y)))) + f for x, y, f in steps))
        near = all(abs(x - y) + f <= distance for x, y, f in zip(before, after, far, strict=True))
        fields["distance"].need(near, "too-far", f"neuron {i + 1} within the distance")
    for group in landing.groups:
        is_ = getattr(landing, group.rule.replace("-", "_"))(group)
        group.at.child("class").word((is_,))
    landing.rest(document)
    kinds = {group.kind for group in landing.groups}
    covered = {d for group in landing.groups for d in group.features}
    needed = {d for d in range(inst.n) if inst.weight[d] > 0 and any(inst.wr[d])}
    order = [word for word in ("saddle", "face-minimum") if word in kinds]
    whole = "zero-loss" if kinds <= {"zero-loss"} and needed <= covered else (order or ["local-minimum"])[0]
    fields["class"].word((whole,))
    return {
        "class": whole,
        "gradient": str(end.slope_square),
        "apart": str(Fraction(apart, 1 << SHIFT)),
        "distance": str(distance),
        "components": [
            {"neurons": numbered(g.neurons), "features": numbered(g.features), "class": g.kind} for g in landing.groups
        ],
        "uncovered": [d + 1 for d in range(inst.n) if d not in covered],
        "dead": [i + 1 for i in range(inst.neurons) if not any(i in active for active in c.active)],
    } | given | what_it_has(inst)
