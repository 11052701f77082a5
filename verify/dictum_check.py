#!/usr/bin/env python3
"""The second checker of Dictum: replays certificates, and believes nothing but its own two files and the two documents.

Written from docs/certificate-format.md ("format" below) and docs/claims.md ("claims"), not from the TypeScript
checker, so that a certificate both accept does not rest on either. Python 3.11 or later, standard library only.

    python3 verify/dictum_check.py PATH... [--json]     files, or folders searched for *.json
    python3 verify/dictum_check.py --lines < NDJSON     one certificate a line in, one JSON result a line out

Exit codes: 0 all accepted, 1 some invalid, 2 some malformed (or nothing to check).
Landings (format 8) are in dictum_landings.py beside it, loaded where one is met; all else is here.
The two tables to read first: RULES, from rule name to function, and CLAIMS, from claim and reading to goals.
Features and neurons are counted from 1 in documents and from 0 here.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import signal
import struct
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, cmp_to_key, partial
from itertools import combinations, combinations_with_replacement
from math import ceil, comb, floor, gcd, lcm, prod
from pathlib import Path
from typing import Any, NoReturn

sys.set_int_max_str_digits(0)  # format 1 sets its own limit on digits, before any conversion

# ---------------------------------------------------------------------------------------------------------------------
# Rejections (format 7)
# ---------------------------------------------------------------------------------------------------------------------

MALFORMED = frozenset(
    "not-json duplicate-key too-large too-deep wrong-type wrong-size missing-key unknown-key unknown-word out-of-range "
    "not-a-number float zero-direction duplicate-label unknown-feature not-increasing".split()
)


class Reject(Exception):
    """Why a document is no certificate: what is missing is a rejection."""

    def __init__(
        self, code: str, path: str, expected: str, found: object = "something else", judged: bool = False
    ) -> None:
        super().__init__(code)
        self.code, self.path, self.expected, self.found = code, path, expected, show(found)
        self.judged = judged  # invalid whatever the code: what takes more than reading to see

    @property
    def kind(self) -> str:
        return "malformed" if self.code in MALFORMED and not self.judged else "invalid"


def show(value: object) -> str:
    """A value for a message, never long: a rejected document may hold numbers of any size."""
    if isinstance(value, Fraction) and value.numerator.bit_length() + value.denominator.bit_length() > 400:
        return "a number of many digits"
    text = str(value)
    return text if len(text) <= 120 else text[:117] + "..."


# ---------------------------------------------------------------------------------------------------------------------
# Text (format 1)
# ---------------------------------------------------------------------------------------------------------------------

MAX_CHARACTERS = 33_554_432  # UTF-16 code units, and bytes
MAX_LEVELS = 64
MAX_DIGITS = 20_000
MAX_EXPONENT = 1_000
MAX_INDEX = 999_999_999
MAX_DENOMINATOR = 10**100_000

QUANTITY = re.compile(r"(-?[0-9]+)(?:/([0-9]*[1-9][0-9]*)|(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,5}))?)")
INTEGER = re.compile("-?[0-9]+")
INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Number:
    """A JSON number, as the text it was written as."""

    text: str

    def __str__(self) -> str:
        return self.text


def parse(data: bytes) -> Any:
    """JSON text to dict, list, str, Number, bool or None; strict, as format 1 asks."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Reject("not-json", "$", "UTF-8", error.reason) from None
    if len(data) > MAX_CHARACTERS or len(text) + sum(1 for c in text if c > "\uffff") > MAX_CHARACTERS:
        raise Reject("too-large", "$", f"at most {MAX_CHARACTERS} bytes and UTF-16 code units", len(data))

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in items:
            if key in result:
                raise Reject("duplicate-key", "$", "each key once", key)
            result[key] = value
        return result

    def constant(name: str) -> NoReturn:
        raise Reject("not-json", "$", "JSON (RFC 8259)", name)

    try:
        document = json.loads(
            text, object_pairs_hook=pairs, parse_int=Number, parse_float=Number, parse_constant=constant
        )
    except RecursionError:
        raise Reject("too-deep", "$", f"at most {MAX_LEVELS} levels") from None
    except json.JSONDecodeError as error:
        raise Reject("not-json", "$", "JSON (RFC 8259)", str(error)) from None
    level: list[Any] = [document]
    depth = 0
    while level:
        for value in level:
            for string in value if isinstance(value, dict) else (value,):
                if isinstance(string, str) and SURROGATE.search(string):
                    raise Reject("not-json", "$", "no lone surrogate", ascii(string))
        containers = [value for value in level if isinstance(value, (dict, list))]
        depth += bool(containers)
        if depth > MAX_LEVELS:
            raise Reject("too-deep", "$", f"at most {MAX_LEVELS} levels")
        level = [child for c in containers for child in (c.values() if isinstance(c, dict) else c)]
    return document


def canonical(value: Any) -> str:
    """Canonical JSON (RFC 8785) of a document whose numbers are indices."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return value.text if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)


def document_id(document: dict[str, Any]) -> str:
    rest = {key: value for key, value in document.items() if key != "id"}
    return hashlib.sha256(canonical(rest).encode()).hexdigest()


@dataclass(frozen=True)
class At:
    """A value of the document and where it stands; every read of untrusted text goes through here."""

    value: Any
    path: str = "$"

    def child(self, step: str | int) -> At:
        return At(self.value[step], f"{self.path}[{step}]" if isinstance(step, int) else f"{self.path}.{step}")

    def reject(self, code: str, expected: str, found: object = None, judged: bool = False) -> NoReturn:
        raise Reject(code, self.path, expected, self.value if found is None else found, judged)

    def need(self, true: object, code: str, expected: str, found: object = None, judged: bool = False) -> None:
        if not true:
            self.reject(code, expected, found, judged)

    def has(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def keys(self, required: Iterable[str], optional: Iterable[str] = ()) -> Fields:
        """An object with all the required keys and none but these."""
        self.need(isinstance(self.value, dict), "wrong-type", "an object")
        required = tuple(required)
        for key in self.value:
            known = key in required or key in optional
            self.need(known, "unknown-key", f"one of {', '.join((*required, *optional))}", key)
        for key in required:
            self.need(key in self.value, "missing-key", key, "no such key")
        return {key: self.child(key) for key in self.value}

    def items(self, length: int | None = None) -> list[At]:
        self.need(isinstance(self.value, list), "wrong-type", "an array")
        self.need(length in (None, len(self.value)), "wrong-size", f"{length} entries", len(self.value))
        return [self.child(k) for k in range(len(self.value))]

    def string(self) -> str:
        self.need(isinstance(self.value, str), "wrong-type", "a string")
        return str(self.value)

    def word(self, words: Iterable[str]) -> str:
        self.need(self.string() in words, "unknown-word", f"one of {', '.join(words)}")
        return self.string()

    def index(self, low: int, high: int = MAX_INDEX) -> int:
        """An index from low to high (format 1: every JSON number of a certificate)."""
        self.need(isinstance(self.value, Number), "wrong-type", "a JSON number")
        text: str = self.value.text
        self.need(not set(text) & set(".eE"), "float", "an integer without point and exponent")
        self.need(INDEX.fullmatch(text) and low <= int(text) <= high, "out-of-range", f"from {low} to {high}")
        return int(text)

    def quantity(self) -> Fraction:
        """An exact rational: a string, or in its place a JSON number (format 1)."""
        if isinstance(self.value, Number):
            return Fraction(self.index(0))
        text = self.string()
        # "digits" read as the characters of the whole text, which rejects more
        self.need(len(text) <= MAX_DIGITS, "too-large", f"at most {MAX_DIGITS} digits")
        match = QUANTITY.fullmatch(text)
        if match is None:
            self.reject("not-a-number", "an integer, a fraction or a decimal, as a string")
        whole, denominator, decimals, exponent = match.groups(default="")
        if denominator:
            return Fraction(int(whole), int(denominator))
        power = int(exponent or "0")
        self.need(abs(power) <= MAX_EXPONENT, "too-large", f"an exponent of at most {MAX_EXPONENT}")
        return int(whole + decimals) * Fraction(10) ** (power - len(decimals))

    def positive(self) -> Fraction:
        value = self.quantity()
        self.need(value > 0, "not-positive", "a quantity > 0")
        return value

    def common(self, x: Sequence[Fraction]) -> None:
        """The common denominator of a vector, or of a matrix column, is not too long."""
        small = sum(v.denominator.bit_length() for v in x) < 300_000  # spares the division
        fits = small or lcm(*(v.denominator for v in x)) < MAX_DENOMINATOR
        self.need(fits, "too-large", "a common denominator of at most 100,000 digits")

    def vector(self, length: int | None) -> Vector:
        x = tuple(item.quantity() for item in self.items(length))
        self.common(x)
        return x

    def matrix(self, rows: int, columns: int) -> Matrix:
        m = tuple(item.vector(columns) for item in self.items(rows))
        for column in zip(*m):
            self.common(column)
        return m

    def features(self, n: int) -> tuple[int, ...]:
        """A set of features: feature numbers in strictly increasing order."""
        numbers = tuple(item.index(1, n) - 1 for item in self.items())
        increasing = all(a < b for a, b in zip(numbers, numbers[1:]))
        self.need(increasing, "not-increasing", "strictly increasing feature numbers")
        return numbers


Fields = dict[str, At]

# ---------------------------------------------------------------------------------------------------------------------
# Exact linear algebra
# ---------------------------------------------------------------------------------------------------------------------

Vector = tuple[Fraction, ...]
Matrix = tuple[Vector, ...]
ZERO, ONE = Fraction(0), Fraction(1)


LONG = 8  # entries, from which on sums over one denominator take less time than sums of fractions


def dot(x: Sequence[Fraction], y: Sequence[Fraction]) -> Fraction:
    if len(x) < LONG:
        return sum((a * b for a, b in zip(x, y, strict=True) if a and b), ZERO)
    (a, c), (b, d) = over_one_denominator(x), over_one_denominator(y)
    return Fraction(sum(s * t for s, t in zip(a, b, strict=True)), c * d)


def over_one_denominator(x: Sequence[Fraction]) -> tuple[list[int], int]:
    common = lcm(*(v.denominator for v in x))
    return [v.numerator * (common // v.denominator) for v in x], common


def square(x: Sequence[Fraction]) -> Fraction:
    return dot(x, x)


def combination(terms: Iterable[tuple[Fraction, Sequence[Fraction]]], length: int) -> Vector:
    """The sum of factor * vector."""
    terms = [(factor, vector) for factor, vector in terms if factor]
    if len(terms) >= LONG and all(len(vector) == length for _, vector in terms):
        factors = [factor for factor, _ in terms]
        return tuple(dot(factors, column) for column in zip(*(vector for _, vector in terms)))
    total = [ZERO] * length
    for factor, vector in terms:
        for k, entry in enumerate(vector):
            if entry:
                total[k] += factor * entry
    return tuple(total)


def minus(x: Sequence[Fraction], y: Sequence[Fraction]) -> Vector:
    return tuple(a - b for a, b in zip(x, y, strict=True))


def times(matrix: Sequence[Vector], vector: Sequence[Fraction]) -> Vector:
    return tuple(dot(row, vector) for row in matrix)


def transpose(matrix: Sequence[Vector]) -> Matrix:
    return tuple(zip(*matrix))


def product(left: Sequence[Vector], right: Sequence[Vector]) -> Matrix:
    columns = transpose(right)
    return tuple(tuple(dot(row, column) for column in columns) for row in left)


def mixed(s: Fraction, x: Matrix, t: Fraction, y: Matrix) -> Matrix:
    """s X + t Y."""
    return tuple(combination([(s, a), (t, b)], len(a)) for a, b in zip(x, y, strict=True))


def outer(terms: Sequence[tuple[Fraction, Vector, Vector]], rows: int, columns: int) -> Matrix:
    """The sum of factor * x y^T."""
    return tuple(combination([(m * x[k], y) for m, x, y in terms], columns) for k in range(rows))


def eliminate(rows: Sequence[Sequence[Fraction]]) -> tuple[int, Fraction]:
    """The rank, and the product of the pivots with the sign of the exchanges: the determinant, if square and regular."""
    left, rank, pivots = [list(row) for row in rows], 0, ONE
    for column in range(len(left[0]) if left else 0):
        pivot = next((k for k in range(rank, len(left)) if left[k][column]), None)
        if pivot is None:
            continue
        if pivot != rank:
            left[rank], left[pivot], pivots = left[pivot], left[rank], -pivots
        pivots *= left[rank][column]
        for k in range(rank + 1, len(left)):
            if left[k][column]:
                factor = left[k][column] / left[rank][column]
                left[k] = [x - factor * y for x, y in zip(left[k], left[rank])]
        rank += 1
    return rank, pivots


def rank_of(rows: Sequence[Sequence[Fraction]]) -> int:
    return eliminate(rows)[0]


def determinant(matrix: Sequence[Sequence[Fraction]]) -> Fraction:
    rank, pivots = eliminate(matrix)
    return pivots if rank == len(matrix) else ZERO


# ---------------------------------------------------------------------------------------------------------------------
# Real algebraic numbers (format 6, "Critical points of separate sets": roots and elements)
# ---------------------------------------------------------------------------------------------------------------------

MAX_DEGREE = 256
Polynomial = tuple[Fraction, ...]  # lowest coefficient first, the highest not 0; () is 0


def polynomial(coefficients: Iterable[Fraction]) -> Polynomial:
    trimmed = list(coefficients)
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return tuple(trimmed)


def plus(*terms: tuple[Fraction, Polynomial]) -> Polynomial:
    """The sum of factor * polynomial."""
    size = max((len(p) for _, p in terms), default=0)
    return polynomial(combination(terms, size))


def remainder(p: Polynomial, f: Polynomial) -> Polynomial:
    left = list(p)
    while len(left) >= len(f):
        factor, shift = left[-1] / f[-1], len(left) - len(f)
        for k, c in enumerate(f):
            left[shift + k] -= factor * c
        left.pop()
    return polynomial(left)


def distinct_roots(p: Polynomial) -> int:
    """deg p - deg gcd(p, p'), the number of different complex roots."""
    a, b = p, polynomial(k * c for k, c in enumerate(p) if k)
    while b:
        a, b = b, remainder(a, b)
    return len(p) - len(a)


def characteristic(a: Matrix, b: Matrix) -> Polynomial:
    """det(A - t B), interpolated (Newton) from its values at t = 0 .. size."""
    size = len(a)
    table = [determinant(mixed(ONE, a, Fraction(-t), b)) for t in range(size + 1)]
    for step in range(1, size + 1):
        for t in range(size, step - 1, -1):
            table[t] = (table[t] - table[t - 1]) / step
    p: Polynomial = ()
    for t in range(size, -1, -1):
        p = plus((ONE, (ZERO, *p)), (Fraction(-t), p), (table[t], (ONE,)))
    return p


@dataclass(frozen=True)
class Interval:
    low: Fraction
    high: Fraction

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        ends = [x * y for x in (self.low, self.high) for y in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def over(self, divisor: Interval) -> Interval:
        """The quotient by an interval of positive numbers."""
        return self * Interval(1 / divisor.high, 1 / divisor.low)


def exactly(x: Fraction) -> Interval:
    return Interval(x, x)


def total(intervals: Iterable[Interval]) -> Interval:
    return sum(intervals, exactly(ZERO))


def spread(factors: Sequence[Fraction], values: Sequence[Interval]) -> Interval:
    return total(exactly(f) * v for f, v in zip(factors, values, strict=True) if f)


@dataclass(frozen=True)
class Root:
    """A root of f between the ends, which are equal where it is given as a quantity."""

    f: Polynomial
    ends: Interval
    at: At

    def is_quantity(self, value: Fraction) -> bool:
        return self.ends == exactly(value)

    def reduce(self, p: Polynomial) -> Polynomial:
        return remainder(p, self.f)

    def enclose(self, p: Polynomial) -> Interval:
        """Horner's scheme on the ends, for a reduced polynomial."""
        value = exactly(ZERO)
        for c in reversed(p):
            value = value * self.ends + exactly(c)
        return value

    def sign(self, p: Polynomial, at: At) -> int:
        p = self.reduce(p)
        value = self.enclose(p)
        settled = not p or value.low > 0 or value.high < 0
        at.need(settled, "too-wide", "an interval of the root that settles the sign", self.at.path)
        return (value.low > 0) - (value.high < 0)


def read_root(at: At) -> Root:
    if not isinstance(at.value, dict):
        at.string()  # a quantity, and no JSON number
        value = at.quantity()
        return Root((-value, ONE), exactly(value), at)
    fields = at.keys(("f", "in"))
    f = polynomial(fields["f"].vector(None))
    at.need(len(f) <= MAX_DEGREE + 1, "too-large", f"a degree of at most {MAX_DEGREE}")
    low, high = fields["in"].vector(2)
    values = [sum((c * x**k for k, c in enumerate(f)), ZERO) for x in (low, high)]
    at.need(low < high and values[0] * values[1] < 0, "no-sign-change", "a < b and f(a) f(b) < 0")
    return Root(f, Interval(low, high), at)


def complete(roots: Sequence[Root], p: Polynomial, at: At) -> None:
    """The roots are all there are of p, one by one."""
    for root in roots:
        root.at.need(not remainder(p, root.f), "not-a-root", "a divisor of the polynomial of the basis")
    for one, other in zip(roots, roots[1:]):
        beyond = one.ends.high < other.ends.low
        other.at.need(beyond, "not-increasing", "an interval beyond that of the root before", judged=True)
    at.need(len(roots) == distinct_roots(p), "missing-root", f"{distinct_roots(p)} roots", len(roots))


Element = tuple[Polynomial, ...]  # a vector over Q(lambda), each entry reduced modulo f


def read_element(at: At, length: int, root: Root) -> Element:
    powers = [item.vector(length) for item in at.items()]
    at.need(len(powers) <= MAX_DEGREE, "too-large", f"at most {MAX_DEGREE} vectors")
    return tuple(root.reduce(polynomial(x[k] for x in powers)) for k in range(length))


def inner(w: Sequence[Fraction], x: Element) -> Polynomial:
    return plus(*((c, p) for c, p in zip(w, x, strict=True) if c))


# ---------------------------------------------------------------------------------------------------------------------
# Instances and reports (format 2)
# ---------------------------------------------------------------------------------------------------------------------

Pattern = tuple[tuple[int, ...], ...]  # F_1 .. F_q

PARAMETER = {
    "relu": (), "jumprelu": ("theta",), "identity": (), "gated": (), "topk": ("k",), "topk-pure": ("k",),
    "batchtopk": ("k",),
}  # fmt: skip
MAX_INPUTS = 100_000


@dataclass(frozen=True)
class Encoder:
    """Encoder rows; for a gated activation also the gates."""

    we: Matrix
    gate: Matrix = ()
    bias: Vector = ()


def present(part: Any, what: str) -> Any:
    if part is None:
        raise Reject("missing-data", "$.instance", f"an instance with {what}", "none")
    return part


@dataclass(frozen=True)
class Added:
    """What an instance of the second format has beyond the first."""

    lengths: Matrix  # whose length counts: what the encoder reads; with biases, the directions as they stand in the document
    beyond: tuple[str, ...]
    constant: Fraction | None  # of inputs


@dataclass(frozen=True)
class Instance:
    wp: Matrix  # w_d, one row a feature
    wr: Matrix  # r_d
    weight: Vector  # M_d
    kind: str  # of the activation
    theta: Fraction  # 0 where there is none
    k: int  # 0 where there is none
    neurons: int
    given_pattern: Pattern | None = None
    given_encoder: Encoder | None = None  # the instance's own configuration, with wd
    given_wd: Matrix | None = None
    given_joint: dict[Vector, Fraction] | None = None  # the inputs x != 0 of the distribution, and their probabilities
    marginals: list[dict[Fraction, Fraction]] | None = None  # for independent features: value > 0 to probability
    given_anchors: tuple[int, ...] | None = None
    radius: Fraction | None = None
    labels: tuple[str, ...] = ()
    hierarchy: tuple[tuple[str, tuple[int, ...]], ...] = ()  # parents, and which features are their sub-concepts
    added: Added | None = None  # of the second format

    # What a goal that needs an optional part of the instance reads: without it, missing-data.

    @property
    def pattern(self) -> Pattern:
        return present(self.given_pattern, "a pattern")

    @property
    def encoder(self) -> Encoder:
        return present(self.given_encoder, "a configuration")

    @property
    def wd(self) -> Matrix:
        return present(self.given_wd, "a configuration")

    @property
    def joint(self) -> dict[Vector, Fraction]:
        return present(self.given_joint, "a distribution")

    @property
    def anchors(self) -> tuple[int, ...]:
        return present(self.given_anchors, "anchors")

    @property
    def n(self) -> int:
        return len(self.wp)

    @cached_property
    def n_p(self) -> int:
        return len(self.wp[0])

    @cached_property
    def n_r(self) -> int:
        return len(self.wr[0])

    @property
    def encoder_keys(self) -> tuple[str, ...]:
        return ("we", "gate", "bias") if self.kind == "gated" else ("we",)

    @property
    def configuration_keys(self) -> tuple[str, ...]:
        return (*self.encoder_keys, "wd")

    def read_encoder(self, fields: Fields, rows: int) -> Encoder:
        we = fields["we"].matrix(rows, self.n_p)
        if self.kind != "gated":
            return Encoder(we)
        return Encoder(we, fields["gate"].matrix(rows, self.n_p), fields["bias"].vector(rows))

    def read_decoder(self, fields: Fields) -> Matrix:
        return fields["wd"].matrix(self.n_r, self.neurons)


def read_instance(at: At) -> Instance:
    """An instance of either format."""
    second = at.has("format") and at.value["format"] == SECOND
    return read_second(at) if second else read_first(at)


def read_first(at: At) -> Instance:
    fields = at.keys(
        ("format", "name", "features", "activation", "neurons"),
        ("hierarchy", "pattern", "we", "wd", "gate", "bias", "distribution", "anchors", "radius"),
    )
    fields["format"].word(("dictum/instance@1",))
    fields["name"].string()
    labels, wp, wr, weight = listed_features(fields["features"], False)
    kind, theta, k = read_activation(fields["activation"])
    inst = Instance(wp, wr, weight, kind, theta, k, fields["neurons"].index(1, 1_000_000), labels=labels)
    inst = read_rest(inst, fields, at)
    if "distribution" in fields:
        joint, marginals = read_distribution(fields["distribution"], inst.n)
        inst = replace(inst, given_joint=joint, marginals=marginals)
    if "anchors" in fields:
        inst = replace(inst, given_anchors=fields["anchors"].features(inst.n))
        few = len(inst.anchors) <= inst.neurons
        fields["anchors"].need(few, "wrong-size", f"at most {inst.neurons} anchors", len(inst.anchors))
    if "radius" in fields:
        inst = replace(inst, radius=fields["radius"].quantity())
    return inst


def listed_features(at: At, zeros: bool) -> tuple[tuple[str, ...], Matrix, Matrix, Vector]:
    """Labels, directions, targets and weights; `zeros`: a direction may be 0."""
    rows = [item.keys(("label", "wp"), ("wr", "weight")) for item in at.items()]
    at.need(rows, "wrong-size", "at least one feature", 0)
    labels: dict[str, None] = {}
    wp: list[Vector] = []
    wr: list[Vector] = []
    weight: list[Fraction] = []
    for row in rows:
        row["label"].need(row["label"].string() not in labels, "duplicate-label", "each label once")
        labels[row["label"].value] = None
        wp.append(row["wp"].vector(len(wp[0]) if wp else None))
        row["wp"].need(wp[-1], "wrong-size", "at least one entry", 0)
        row["wp"].need(zeros or any(wp[-1]), "zero-direction", "a direction that is not zero")
        target = row.get("wr", row["wp"])
        wr.append(target.vector(len(wr[0]) if wr else None))
        target.need(wr[-1], "wrong-size", "at least one entry", 0)
        weight.append(row["weight"].quantity() if "weight" in row else ONE)
        row.get("weight", target).need(weight[-1] >= 0, "out-of-range", "a weight >= 0")
    return tuple(labels), tuple(wp), tuple(wr), tuple(weight)


def read_activation(at: At) -> tuple[str, Fraction, int]:
    """Kind, theta and k, these 0 where there are none."""
    if not at.has("kind"):
        at.keys(("kind",))
    kind = at.child("kind").word(PARAMETER)
    parameter = at.keys(("kind", *PARAMETER[kind]))
    theta = parameter["theta"].quantity() if "theta" in parameter else ZERO
    at.need(theta >= 0, "out-of-range", "theta >= 0")
    return kind, theta, parameter["k"].index(1, 1_000_000) if "k" in parameter else 0


def read_rest(inst: Instance, fields: Fields, at: At) -> Instance:
    """What both formats have beside features and activation."""
    hierarchy = []
    for parent in fields["hierarchy"].items() if "hierarchy" in fields else ():
        entry = parent.keys(("parent", "children"))
        entry["parent"].string()
        children = entry["children"].items()
        for label in children:
            label.need(label.string() in inst.labels, "unknown-feature", "the label of a feature")
        hierarchy.append((entry["parent"].string(), tuple(inst.labels.index(label.string()) for label in children)))
    inst = replace(inst, hierarchy=tuple(hierarchy))
    if "pattern" in fields:
        sets = tuple(item.features(inst.n) for item in fields["pattern"].items(inst.neurons))
        inst = replace(inst, given_pattern=sets)
    given = [key for key in ("we", "wd", "gate", "bias") if key in fields]
    for key in given:
        at.need(key in inst.configuration_keys, "unknown-key", "no gates: the activation is not gated", key)
    if given:
        at.keys(inst.configuration_keys, fields)  # all of them together
        encoder, wd = inst.read_encoder(fields, inst.neurons), inst.read_decoder(fields)
        inst = replace(inst, given_encoder=encoder, given_wd=wd)
    return inst


SECOND = "dictum/instance@2"


def read_second(at: At) -> Instance:
    """Format 2, "Biases, thresholds, inputs": read as an instance in the form of the first format."""
    fields = at.keys(
        ("format", "name", "features", "activation", "neurons"),
        ("subject", "encoderBias", "inputBias", "decoderBias", "hierarchy", "pattern", "we", "wd"),
    )
    fields["name"].string()
    inputs = "subject" in fields and fields["subject"].word(("features", "inputs")) == "inputs"
    at.need(not (inputs and "hierarchy" in fields), "unknown-key", "no hierarchy of inputs", "hierarchy")
    labels, given, targets, weight = listed_features(fields["features"], inputs)
    neurons = fields["neurons"].index(1, 1_000_000)

    activation, thresholds = fields["activation"], None
    gated = activation.has("kind") and activation.value["kind"] == "gated"
    activation.need(not gated, "unknown-word", "an activation without gates")
    several = activation.has("theta") and isinstance(activation.value["theta"], list)
    if several and activation.has("kind") and activation.value["kind"] == "jumprelu":
        parts = activation.keys(("kind", "theta"))
        thresholds = parts["theta"].vector(neurons)
        parts["theta"].need(all(theta > 0 for theta in thresholds), "out-of-range", "thresholds > 0")
        kind, theta, k = "jumprelu", ONE, 0
    else:
        kind, theta, k = read_activation(activation)
    alone = not (inputs and kind == "batchtopk")
    activation.need(alone, "unknown-word", "an activation of one input at a time", "batchtopk")

    biased = "encoderBias" in fields and fields["encoderBias"].word(("none", "free")) == "free"
    wp, wr = given, targets
    beyond = ["encoder-bias"] if biased else []
    if "inputBias" in fields:
        shift = fields["inputBias"].vector(len(given[0]))
        wp = tuple(minus(w, shift) for w in wp)
        beyond.append("input-bias")
    if "decoderBias" in fields:
        shift = fields["decoderBias"].vector(len(targets[0]))
        wr = tuple(minus(r, shift) for r in wr)
        beyond.append("decoder-bias")
    beyond += ["thresholds"] * (thresholds is not None) + ["inputs"] * inputs
    if biased:
        wp = tuple((*w, ONE) for w in wp)
    constant = None
    if inputs:
        labels, wp, wr, weight, constant = on_rays(labels, wp, wr, weight, not biased and theta == 0)
    fields["features"].need(wp and all(map(any, wp)), "zero-direction", "directions that are not zero")
    added = Added(given if biased else wp, tuple(beyond), constant)
    inst = Instance(wp, wr, weight, kind, theta, k, neurons, labels=labels, added=added)
    inst = read_rest(inst, fields, at)
    if thresholds is None or inst.given_encoder is None or inst.given_wd is None:
        return inst
    we = tuple(tuple(x / theta for x in e) for e, theta in zip(inst.given_encoder.we, thresholds))
    wd = tuple(tuple(x * theta for x, theta in zip(row, thresholds)) for row in inst.given_wd)
    return replace(inst, given_encoder=Encoder(we), given_wd=wd)


def on_rays(
    labels: Sequence[str], xs: Matrix, ys: Matrix, weight: Vector, scaled: bool
) -> tuple[tuple[str, ...], Matrix, Matrix, Vector, Fraction]:
    """One feature for the inputs on one ray, or for equal ones; what the loss is beyond L~."""
    constant = ZERO
    rays: dict[Vector, list[tuple[int, Fraction]]] = {}
    for s, x in enumerate(xs):
        size = next((abs(v) for v in x if v), ZERO)
        if not size:
            constant += weight[s] * square(ys[s])
            continue
        ray = tuple(v / size for v in x) if scaled else x
        rays.setdefault(ray, []).append((s, size))
    names, wp, wr, masses = [], [], [], []
    for members in rays.values():
        first, unit = members[0]
        scales = [(s, size / unit if scaled else ONE) for s, size in members]
        mass = sum((weight[s] * a * a for s, a in scales), ZERO)
        pulled = combination(((weight[s] * a, ys[s]) for s, a in scales), len(ys[first]))
        target = tuple(v / mass for v in pulled) if mass else ys[first]
        constant += sum((weight[s] * square(ys[s]) for s, _ in scales), ZERO) - mass * square(target)
        names.append(labels[first])
        wp.append(xs[first])
        wr.append(target)
        masses.append(mass)
    return tuple(names), tuple(wp), tuple(wr), tuple(masses), constant


def read_distribution(at: At, n: int) -> tuple[dict[Vector, Fraction], list[dict[Fraction, Fraction]] | None]:
    """The inputs x != 0, equal ones added up; for independent features also the marginals."""

    def chances(items: list[At], key: str, value_of: Callable[[At], Any]) -> dict[Any, Fraction]:
        found: dict[Any, Fraction] = {}
        for item in items:
            entry = item.keys(("probability", key))
            probability, value = entry["probability"].quantity(), value_of(entry[key])
            entry["probability"].need(probability > 0, "out-of-range", "a probability > 0")
            found[value] = found.get(value, ZERO) + probability
        whole = sum(found.values())
        at.need(whole <= 1, "out-of-range", "probabilities that add up to at most 1", whole)
        return found

    def input_of(x_at: At) -> Vector:
        x = x_at.vector(n)
        x_at.need(all(v >= 0 for v in x), "out-of-range", "entries >= 0")
        return x

    def value_of(value_at: At) -> Fraction:
        value = value_at.quantity()
        value_at.need(value > 0, "out-of-range", "a value > 0")
        return value

    if not at.has("independent"):
        joint = chances(at.keys(("joint",))["joint"].items(), "x", input_of)
        return {x: p for x, p in joint.items() if any(x)}, None
    lists = [item.items() for item in at.keys(("independent",))["independent"].items(n)]
    # "zeros counted" read as one more for every feature, also where its list adds up to 1, which rejects more
    at.need(prod(len(values) + 1 for values in lists) <= MAX_INPUTS, "too-large", f"at most {MAX_INPUTS} inputs")
    marginals = [chances(values, "value", value_of) for values in lists]
    joint = {(): ONE}
    for marginal in marginals:
        outcomes = [*marginal.items(), (ZERO, 1 - sum(marginal.values()))]
        joint = {(*x, v): p * q for x, p in joint.items() for v, q in outcomes if q}
    return {x: p for x, p in joint.items() if any(x)}, marginals


@dataclass(frozen=True)
class Report:
    """A dictum/report@1: reported figures, each as the interval it was rounded from."""

    tau: Fraction
    recovery: tuple[Fraction, Fraction]  # as a fraction, not in percent
    mean: tuple[Fraction, Fraction]
    denominators: tuple[int, ...]
    recovery_text: str  # as printed
    mean_text: str


FIGURE = re.compile(r"[0-9]{1,9}(?:\.([0-9]{1,9}))?")


def rounded(figure: At, unit: int) -> tuple[Fraction, Fraction]:
    match = FIGURE.fullmatch(figure.string())
    if match is None:
        figure.reject("not-a-number", "1 to 9 digits, perhaps with a point and 1 to 9 more")
    value, half = Fraction(figure.value), Fraction(1, 2 * 10 ** len(match[1] or ""))
    return max(value - half, ZERO) / unit, (value + half) / unit


@dataclass(frozen=True)
class Comparison:
    """A dictum/comparison@1: of each figure the ends of the interval it was rounded from, and its factor."""

    terms: tuple[tuple[tuple[Fraction, Fraction], Fraction], ...]
    relation: str


def read_comparison(at: At) -> Comparison:
    fields = at.keys(("format", "name", "source", "says", "terms", "relation"))
    fields["format"].word(("dictum/comparison@1",))
    for name in ("name", "source", "says"):
        fields[name].string()
    items = fields["terms"].items()
    fields["terms"].need(len(items) > 0, "wrong-size", "a figure at least")
    terms, named = [], set()
    for item in items:
        term = item.keys(("figure", "printed", "times"))
        term["figure"].need(term["figure"].string() not in named, "repeated-row", "each figure once")
        named.add(term["figure"].string())
        terms.append((rounded(term["printed"], 1), term["times"].quantity()))
    return Comparison(tuple(terms), fields["relation"].word((">=", ">", "=")))


@dataclass(frozen=True)
class Latents:
    """A dictum/latents@1: of each latent its name, row, constant, threshold and column; of each input its label, x and target."""

    latents: tuple[tuple[str, Vector, Fraction, Fraction, Vector], ...]
    inputs: tuple[tuple[str, Vector, Vector], ...]
    strengths: tuple[Fraction, ...]
    sums: tuple[int, Fraction] | None


def read_latents(at: At) -> Latents:
    fields = at.keys(("format", "name", "source", "latents", "inputs"), ("strengths", "sums"))
    fields["format"].word(("dictum/latents@1",))
    for name in ("name", "source"):
        fields[name].string()

    def named(item: At, seen: set[str]) -> str:
        item.need(item.string() not in seen, "repeated-row", "each name once")
        seen.add(item.string())
        return item.string()

    def least(item: At, strictly: bool) -> Fraction:
        value = item.quantity()
        item.need(value > 0 or (value == 0 and not strictly), "out-of-range", "above 0" if strictly else "at least 0")
        return value

    latents: list[tuple[str, Vector, Fraction, Fraction, Vector]] = []
    seen: set[str] = set()
    for item in fields["latents"].items():
        latent = item.keys(("name", "row", "constant", "threshold", "column"))
        row = latent["row"].vector(len(latents[0][1]) if latents else None)
        column = latent["column"].vector(len(latents[0][4]) if latents else None)
        bias, theta = latent["constant"].quantity(), least(latent["threshold"], False)
        latents.append((named(latent["name"], seen), row, bias, theta, column))
    fields["latents"].need(len(latents) > 0, "wrong-size", "a latent at least")
    inputs: list[tuple[str, Vector, Vector]] = []
    labels: set[str] = set()
    for item in fields["inputs"].items():
        given = item.keys(("label", "x"), ("target",))
        x = given["x"].vector(len(latents[0][1]))
        target = given.get("target", given["x"]).vector(len(latents[0][4]))
        inputs.append((named(given["label"], labels), x, target))
    fields["inputs"].need(len(inputs) > 0, "wrong-size", "an input at least")
    strengths = tuple(least(item, True) for item in fields["strengths"].items(2)) if "strengths" in fields else ()
    sums = None
    if "sums" in fields:
        both = fields["sums"].keys(("most", "strength"))
        sums = both["most"].index(1, len(inputs)), least(both["strength"], False)
    return Latents(tuple(latents), tuple(inputs), strengths, sums)


def read_report(at: At) -> Report:
    fields = at.keys(("format", "name", "source", "tau", "recovery", "mean", "denominators"))
    fields["format"].word(("dictum/report@1",))
    fields["name"].string()
    fields["source"].string()
    tau = fields["tau"].quantity()
    fields["tau"].need(tau >= 0, "out-of-range", "tau >= 0")
    denominators = tuple(item.index(1) for item in fields["denominators"].items())
    printed = fields["recovery"].string(), fields["mean"].string()
    return Report(tau, rounded(fields["recovery"], 100), rounded(fields["mean"], 1), denominators, *printed)


class Scale:
    """A dictum/scale@1: an encoder too large to be written out, generated row after row.

    An entry v is kept as the byte v + a. Dot products with all directions at once are sums of long integers, which hold
    one direction's value in each 32 bits.
    """

    kind = "relu"

    def __init__(self, at: At) -> None:
        names = ("format", "name", "features", "dimensions", "neurons", "entries", "directions", "encoder")
        fields = at.keys(names, ("anchors",))
        fields["format"].word(("dictum/scale@1",))
        fields["name"].string()
        self.n, self.n_p = fields["features"].index(1, 2_047), fields["dimensions"].index(1, 10_000)
        self.neurons, self.a = fields["neurons"].index(1, 100_000), fields["entries"].index(1, 100)
        small = self.n_p * self.a**2 <= 3_000_000 and self.n * self.n_p * self.neurons <= 20_000_000_000
        at.need(small, "too-large", "n_p a^2 <= 3,000,000 and n n_p n_q <= 20,000,000,000")
        self.anchored = fields["anchors"].index(0, min(self.n - 1, self.neurons)) if "anchors" in fields else 0
        self.seed = fields["directions"].keys(("seed",))["seed"].index(1)
        encoder = fields["encoder"].keys(("seed",), ("overrides",))
        self.encoder_seed = encoder["seed"].index(1)
        self.overrides: dict[int, bytes] = {}
        for item in encoder["overrides"].items() if "overrides" in encoder else ():
            entry = item.keys(("neuron", "row"))
            i = entry["neuron"].index(1, self.neurons) - 1
            entry["neuron"].need(i > max(self.overrides, default=-1), "not-increasing", "increasing neurons")
            row = [item.string() for item in entry["row"].items(self.n_p)]
            whole = all(len(v) <= MAX_DIGITS and INTEGER.fullmatch(v) and abs(int(v)) <= self.a for v in row)
            entry["row"].need(whole, "out-of-range", f"integers from -{self.a} to {self.a}")
            self.overrides[i] = bytes(int(v) + self.a for v in row)

    def generate(self, x: int, rows: int) -> list[bytes]:
        """xorshift32, and from it the entries."""
        m, entries = 2 * self.a + 1, bytearray(rows * self.n_p)
        for k in range(len(entries)):
            x ^= x << 13 & 0xFFFFFFFF
            x ^= x >> 17
            x ^= x << 5 & 0xFFFFFFFF
            entries[k] = (x >> 8) % m
        return [bytes(entries[k : k + self.n_p]) for k in range(0, len(entries), self.n_p)]

    @cached_property
    def directions(self) -> list[bytes]:
        return self.generate(self.seed, self.n)

    @cached_property
    def encoder(self) -> list[bytes]:
        rows = self.generate(self.encoder_seed, self.neurons)
        for i, row in self.overrides.items():
            rows[i] = row
        rows[: self.anchored] = self.directions[: self.anchored]
        return rows

    @cached_property
    def columns(self) -> list[int]:
        """For each coordinate, its entries of all directions."""
        packed = (b"".join(bytes((w[k], 0, 0, 0)) for w in self.directions) for k in range(self.n_p))
        return [int.from_bytes(column, "little") for column in packed]

    @cached_property
    def levels(self) -> int:
        """a (n_p a - sum of w_d + a), which turns products of bytes into dot products up to a constant of the row."""
        size, a = self.n_p * self.a, self.a
        slots = ((a * (3 * size - sum(w))).to_bytes(4, "little") for w in self.directions)
        return int.from_bytes(b"".join(slots), "little")

    def products(self, row: bytes) -> tuple[tuple[int, ...], int]:
        """<row, w_d> + c for every d, and c."""
        groups = [0] * (2 * self.a + 1)
        for v, column in zip(row, self.columns):
            groups[v] += column
        packed = sum(v * group for v, group in enumerate(groups)) + self.levels
        # sum_k (e + a)(w + a) + a (3 n_p a - sum_k (w + a)) = <e, w> + a sum_k (e + a) + 2 n_p a^2
        shift = self.a * sum(row) + 2 * self.n_p * self.a**2
        return struct.unpack(f"<{self.n}I", packed.to_bytes(4 * self.n, "little")), shift

    def norm(self, row: bytes) -> int:
        return sum((v - self.a) ** 2 for v in row)

    @cached_property
    def recovered(self) -> int:
        """How many d > k have some i with |e_i|^2 |w_d|^2 > 0 and 100 <e_i, w_d>^2 >= 81 |e_i|^2 |w_d|^2."""
        found: set[int] = set()
        norms = list(map(self.norm, self.directions))[self.anchored :]
        least = min(filter(None, norms), default=0)
        for row in self.encoder:
            values, shift = self.products(row)
            values, norm = values[self.anchored :], self.norm(row)
            if 100 * max(shift - min(values), max(values) - shift) ** 2 < 81 * norm * least:
                continue  # none does, whatever its length
            pairs = enumerate(zip(values, norms))
            found |= {d for d, (v, w) in pairs if norm * w and 100 * (v - shift) ** 2 >= 81 * norm * w}
        return len(found)


# ---------------------------------------------------------------------------------------------------------------------
# Model (format 3)
# ---------------------------------------------------------------------------------------------------------------------


def let_through(values: list[tuple[Any, Any]], k: int) -> list[Any]:
    """The names of the k largest of (value, name); where the last in equals the first out there is a tie."""
    values.sort(key=lambda pair: pair[0], reverse=True)
    if len(values) > k and values[k - 1][0] == values[k][0]:
        raise Reject("tie", "$", "no equality between the last let through and the first left out", values[k][0])
    return [name for _, name in values[:k]]


def active_sets(inst: Instance, z: Sequence[Sequence[Any]], gates: Matrix, zero: Any, theta: Any) -> list[set[int]]:
    """A(d) for every d, from z_{i,d} and the gates' values.

    The values may be of any ordered type: numbers, or tuples of coefficients, which compare by the lowest that differs,
    as the values of polynomials do at small t > 0.
    """
    neurons, features, k = range(len(z)), range(inst.n), inst.k
    match inst.kind:
        case "identity":
            return [set(neurons) for _ in features]
        case "relu":
            return [{i for i in neurons if z[i][d] > zero} for d in features]
        case "jumprelu":
            return [{i for i in neurons if z[i][d] > theta} for d in features]
        case "gated":
            return [{i for i in neurons if gates[i][d] > 0 and z[i][d] > zero} for d in features]
        case "topk":
            return [set(let_through([(z[i][d], i) for i in neurons if z[i][d] > zero], k)) for d in features]
        case "topk-pure":
            return [set(let_through([(z[i][d], i) for i in neurons], k)) for d in features]
    positive = [(z[i][d], (i, d)) for i in neurons for d in features if z[i][d] > zero]  # batchtopk
    through = let_through(positive, k * inst.n)
    return [{i for i, e in through if e == d} for d in features]


def positive_places(values: Matrix) -> Pattern:
    return tuple(tuple(d for d, value in enumerate(row) if value > 0) for row in values)


MOST_PAIRS = 4_000_000  # so many pre-activations are kept (format 1)


class Shown:
    """What an encoder does on the features alone: pre-activations, active sets, the pattern, the kinks."""

    def __init__(self, inst: Instance, encoder: Encoder) -> None:
        self.inst, self.encoder = inst, encoder
        if inst.kind == "gated" and not encoder.gate:
            raise Reject("missing-data", "$.instance", "gates", "a gated activation without gates")
        if len(encoder.we) * inst.n > MOST_PAIRS:
            raise Reject("too-much-work", "$", f"at most {MOST_PAIRS} pairs of neuron and feature", "more")

    @cached_property
    def z(self) -> Matrix:
        return tuple(tuple(dot(e, w) for w in self.inst.wp) for e in self.encoder.we)

    @cached_property
    def gates(self) -> Matrix:
        gates = zip(self.encoder.gate, self.encoder.bias)
        return tuple(tuple(dot(g, w) + b for w in self.inst.wp) for g, b in gates)

    @cached_property
    def active(self) -> list[set[int]]:
        return active_sets(self.inst, self.z, self.gates, ZERO, self.inst.theta)

    @cached_property
    def pattern(self) -> Pattern:
        """F_i = {d : i in A(d)}, but for identity."""
        if self.inst.kind == "identity":
            return positive_places(self.z)
        return tuple(tuple(d for d in range(self.inst.n) if i in self.active[d]) for i in range(len(self.z)))

    @cached_property
    def kinks(self) -> list[tuple[int, int]]:
        """The pairs (i, d) near which the active sets may change."""
        z, k = self.z, self.inst.k
        pairs = [(i, d) for i in range(len(z)) for d in range(self.inst.n)]
        match self.inst.kind:
            case "relu":
                return [(i, d) for i, d in pairs if z[i][d] == 0]
            case "jumprelu":
                return [(i, d) for i, d in pairs if z[i][d] == self.inst.theta]
            case "gated":
                return [(i, d) for i, d in pairs if z[i][d] == 0 or self.gates[i][d] == 0]
            case "topk":
                return [(i, d) for i, d in pairs if z[i][d] == 0 and len(self.active[d]) < k]
            case "batchtopk":
                full = sum(map(len, self.active)) >= k * self.inst.n
                return [(i, d) for i, d in pairs if z[i][d] == 0 and not full]
        return []


class Configuration(Shown):
    """An encoder with a decoder."""

    def __init__(self, inst: Instance, encoder: Encoder, wd: Matrix) -> None:
        super().__init__(inst, encoder)
        self.wd = wd

    @cached_property
    def columns(self) -> Matrix:
        """The decoder columns u_i."""
        return transpose(self.wd)

    @cached_property
    def residuals(self) -> Matrix:
        """rho_d = r_d - sum_{i in A(d)} z_{i,d} u_i."""
        return tuple(
            minus(r, combination([(self.z[i][d], self.columns[i]) for i in self.active[d]], len(r)))
            for d, r in enumerate(self.inst.wr)
        )

    @cached_property
    def loss(self) -> Fraction:
        """L~ = sum_d M_d |rho_d|^2."""
        return sum((m * square(rho) for m, rho in zip(self.inst.weight, self.residuals) if m), ZERO)

    @property
    def gradients(self) -> Iterator[tuple[Vector, Vector]]:
        """Of L~ by e_i and u_i for each neuron, active sets held fixed."""
        inst, rho = self.inst, self.residuals
        for i, u in enumerate(self.columns):
            on = [d for d in range(inst.n) if i in self.active[d]]
            by_e = combination([(-2 * inst.weight[d] * dot(rho[d], u), inst.wp[d]) for d in on], inst.n_p)
            yield by_e, combination([(-2 * inst.weight[d] * self.z[i][d], rho[d]) for d in on], inst.n_r)

    @cached_property
    def slope_square(self) -> Fraction:
        """|grad L~|^2"""
        return sum((square(x) for pair in self.gradients for x in pair), ZERO)

    @cached_property
    def stationary(self) -> bool:
        return not any(any(by_e) or any(by_u) for by_e, by_u in self.gradients)


def read_configuration(inst: Instance, fields: Fields) -> Configuration:
    return Configuration(inst, inst.read_encoder(fields, inst.neurons), inst.read_decoder(fields))


def own(inst: Instance) -> Configuration:
    """The instance's configuration."""
    return Configuration(inst, inst.encoder, inst.wd)


def polysemantic(pattern: Pattern) -> bool:
    return any(len(features) >= 2 for features in pattern)


def disjoint(pattern: Pattern) -> bool:
    features = [d for set_ in pattern for d in set_]
    return len(set(features)) == len(features)


def sets_of_active(inst: Instance, pattern: Pattern) -> list[set[int]]:
    """A(d) = {i : d in F_i}."""
    return [{i for i, features in enumerate(pattern) if d in features} for d in range(inst.n)]


def written(pattern: Pattern) -> str:
    return "(" + ",".join("{" + ",".join(str(d + 1) for d in features) + "}" for features in pattern) + ")"


class Sampled:
    """The instance's configuration on a distribution, its own if no other is given: L, and L~ with the solo weights."""

    def __init__(self, inst: Instance, joint: dict[Vector, Fraction] | None = None) -> None:
        self.inst, self.joint = inst, joint if joint is not None else inst.joint

    @cached_property
    def on_inputs(self) -> Configuration:
        """The model with the inputs in the place of the features, and p(x) in that of M_d."""
        if self.inst.kind == "batchtopk":
            raise Reject("missing-data", "$.instance", "an activation that has a true loss", "batchtopk")
        read, aim = ([combination(zip(x, w), len(w[0])) for x in self.joint] for w in (self.inst.wp, self.inst.wr))
        return own(replace(self.inst, wp=tuple(read), wr=tuple(aim), weight=tuple(self.joint.values())))

    @property
    def loss(self) -> Fraction:
        return self.on_inputs.loss

    @property
    def penalty(self) -> Fraction:
        """The sum over inputs of p(x) times the sum of what the active neurons pass."""
        point = self.on_inputs
        passed = (p * sum(point.z[i][x] for i in point.active[x]) for x, p in enumerate(point.inst.weight))
        return sum(passed, ZERO)

    @cached_property
    def largest_error(self) -> Fraction:
        """C."""
        return max(map(square, self.on_inputs.residuals), default=ZERO)

    def chance(self, event: Callable[[Vector], object]) -> Fraction:
        return sum((p for x, p in self.joint.items() if event(x)), ZERO)

    @cached_property
    def density(self) -> Fraction:
        """1 - S."""
        return max(self.chance(lambda x: x[d]) for d in range(self.inst.n))

    @cached_property
    def together(self) -> Fraction:
        """Pr(|x| >= 2)."""
        return self.chance(lambda x: sum(map(bool, x)) >= 2)

    def solo(self, d: int) -> Fraction:
        """M_d = Pr(x = x_d e_d, x_d > 0) E[x_d^2 | x_d > 0]."""
        firing, alone = self.chance(lambda x: x[d]), self.chance(lambda x: x[d] and sum(map(bool, x)) == 1)
        power = sum((p * x[d] ** 2 for x, p in self.joint.items()), ZERO)
        return alone * power / firing if firing else ZERO

    @cached_property
    def approximate(self) -> Fraction:
        """L~ with the solo weights."""
        return own(replace(self.inst, weight=tuple(map(self.solo, range(self.inst.n))))).loss


def responding(region: str, shown: Shown) -> Pattern:
    """The features that each neuron responds to, in the reading of the region; W_E is in Omega_P if they are P."""
    inst, z, active = shown.inst, shown.z, shown.active  # a tie is invalid in every reading

    def responds(i: int, d: int) -> bool:
        if region == "threshold":
            return z[i][d] > inst.theta
        return i in active[d] and (region == "active" or z[i][d] > 0)

    return tuple(tuple(d for d in range(inst.n) if responds(i, d)) for i in range(len(z)))


# ---------------------------------------------------------------------------------------------------------------------
# Goals and proofs (format 5)
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class All:
    parts: Sequence[Goal]


@dataclass(frozen=True)
class Some:
    parts: Sequence[Goal]


Fact = dict[str, Any]  # format 9: what was established, as JSON


@dataclass(frozen=True)
class Computed:
    value: Callable[[], bool]
    fact: Callable[[], Fact]
    sign: bool = True


@dataclass(frozen=True)
class Judgement:
    kind: str
    subject: Any
    sign: bool = True
    what: Any = None  # what its fact says beside the subject


@dataclass(frozen=True)
class Property:
    """Of a configuration, for "exists"; there is none with it where `unless` holds."""

    of: Callable[[Configuration], Goal]
    unless: Callable[[], Goal] | None = None


Goal = All | Some | Computed | Judgement


def negated(goal: Goal) -> Goal:
    match goal:
        case All(parts):
            return Some([negated(part) for part in parts])
        case Some(parts):
            return All([negated(part) for part in parts])
        case Computed(value, fact, sign):
            return Computed(value, fact, not sign)
        case Judgement(kind, subject, sign, what):
            return Judgement(kind, subject, not sign, what)


def prove(inst: Any, goal: Goal, proof: At) -> list[Fact]:
    """Walks the proof along the goal; returns the facts if it proves the goal, and rejects otherwise."""
    match goal:
        case All(parts):
            return [fact for part, item in zip(parts, proof.items(len(parts))) for fact in prove(inst, part, item)]
        case Some(parts):
            fields = proof.keys(("choose", "proof"))
            return prove(inst, parts[fields["choose"].index(1, len(parts)) - 1], fields["proof"])
        case Computed(value, fact, sign):
            proof.word(("compute",))
            proof.need(value() == sign, "does-not-hold", "the opposite", fact())
            return [fact()]
        case Judgement(kind, subject, sign, what):
            if not proof.has("rule"):
                proof.keys(("rule",))
            name = proof.child("rule").word(RULES)
            rule = RULES[name]
            proves = kind in rule.proves and rule.sign in (sign, None)
            proves = proves and (rule.activations is None or inst.kind in rule.activations)
            proof.need(proves, "wrong-rule", f"a proof of {'' if sign else 'not '}{kind} for {inst.kind}")
            fields = proof.keys(("rule", *(rule.keys(inst) if callable(rule.keys) else rule.keys)), rule.optional)
            if rule.check is blocks:  # proves one kind in another way than another
                subject = (subject, kind)
            given = subject if rule.sign is not None else (subject, sign)
            evidence = rule.check(inst, given, fields, proof)
            return [stated(inst, goal) | {"truth": sign, "by": name} | (evidence or {})]


def numbered(features: Iterable[int]) -> list[int]:
    return [d + 1 for d in features]


def sets_of(pattern: Iterable[Iterable[int]]) -> list[list[int]]:
    return [numbered(features) for features in pattern]


def texts(values: Iterable[Fraction]) -> list[str]:
    return list(map(str, values))


def exact(x: Fraction) -> list[str]:
    return [str(x), str(x)]


def stated(inst: Any, goal: Judgement) -> Fact:
    """What a judgement says, with every condition of it (format 9)."""
    relation_, _, as_ = goal.kind.partition(" ") if goal.kind.startswith("critical") else (goal.kind, "", "")
    fact: Fact = {"relation": relation_.replace(" ", "-")}
    gates = inst.kind == "gated"
    match goal.kind:
        case "realizable":
            return fact | {"pattern": sets_of(goal.subject), "gates": gates}
        case "partial minimum":
            return fact | {"pattern": sets_of(goal.subject.pattern), "stationary": goal.subject.zero_gradients}
        case "critical any" | "critical minimum" | "critical saddle":
            return fact | {"pattern": sets_of(goal.subject.pattern), "as": as_}
        case "strict trap" | "some weights" | "refuted near":
            return fact | {"pattern": sets_of(goal.subject)}
        case "biconvex":
            pattern = () if goal.subject == "everywhere" else inst.pattern
            return fact | {"pattern": sets_of(pattern), "region": goal.subject, "gates": gates}
        case "global minimum":
            return fact | {"of": goal.what or "instance"}
        case "valley exit":
            return fact | {"to": goal.subject[1]}
        case "counted":
            return fact | {"of": goal.subject, "gates": gates}
        case "definite":
            return fact | {"what": goal.what}
        case "unique codes":
            return fact | {"k": goal.subject[0], "signed": goal.subject[1]}
        case "best loss at most":
            return fact | {"left": sets_of(goal.subject[0]), "right": sets_of(goal.subject[1])}
        case "independent codes":
            return fact | {"features": inst.n, "anchors": inst.anchored}
    return fact


def quantity(name: str, value: Fraction | int) -> dict[str, str]:
    return {"name": name, "value": str(value)}


def order(
    left: str, a: Fraction | int, right: str, b: Fraction | int, where: dict[str, Fraction] | None = None
) -> Fact:
    """left = a <, = or > b = right."""
    sign = "<" if a < b else ">" if a > b else "="
    fact = {"relation": "order", "left": quantity(left, a), "order": sign, "right": quantity(right, b)}
    return fact | ({"where": [quantity(name, x) for name, x in where.items()]} if where else {})


def trait(name: str, truth: bool, values: dict[str, Fraction | int] | None = None, **of: Any) -> Fact:
    """That something has the property, or has not."""
    fact = {"relation": "property", "property": name, "truth": truth, **of}
    return fact | ({"values": [quantity(symbol, x) for symbol, x in values.items()]} if values else {})


def first_failing(name: str, failing: Iterable[int]) -> Fact:
    """A property of every feature, with the first that has it not."""
    d = next(iter(failing), None)
    return trait(name, True) if d is None else trait(name, False, features=[d + 1])


# ---------------------------------------------------------------------------------------------------------------------
# Rules (format 6). Each takes the instance, the judgement's subject, the rule object's fields and the object itself.
# ---------------------------------------------------------------------------------------------------------------------


def shows(inst: Instance, pattern: Pattern, encoder: Encoder, at: At) -> None:
    shown = Shown(inst, encoder).pattern
    at.need(shown == pattern, "wrong-pattern", f"the pattern {written(pattern)}", written(shown))


def realizes(inst: Instance, pattern: Pattern, fields: Fields, at: At) -> Fact | None:
    encoder = inst.read_encoder(fields, len(pattern))
    if inst.kind != "gated":
        shows(inst, pattern, encoder, at)
        return None
    open_on = positive_places(Shown(inst, encoder).gates)
    at.need(open_on == pattern, "wrong-pattern", f"gates open on {written(pattern)}", written(open_on))
    return None


Terms = dict[int, Fraction]  # feature to weight


def read_terms(inst: Instance, at: At) -> Terms:
    """Terms {feature, weight} with increasing features and weights > 0."""
    terms: Terms = {}
    for item in at.items():
        fields = item.keys(("feature", "weight"))
        feature = fields["feature"].index(1, inst.n) - 1
        fields["feature"].need(feature > max(terms, default=-1), "not-increasing", "increasing features")
        terms[feature] = fields["weight"].positive()
    return terms


def relation_of(inst: Instance, fields: Fields, at: At, strict_off: bool = False) -> tuple[Terms, Terms]:
    """The terms of `on` and `off`, whose features cannot be all active and all not; strictly so, `on` may be empty."""
    on, off = read_terms(inst, fields["on"]), read_terms(inst, fields["off"])
    fields["on"].need(on or (strict_off and off), "empty-farkas", "at least one term", 0)
    left, right = (combination([(terms[d], inst.wp[d]) for d in terms], inst.n_p) for terms in (on, off))
    at.need(left == right, "farkas-unequal", "sum_on weight w = sum_off weight w")
    if inst.theta > 0:
        at.need(sum(off.values()) <= sum(on.values()), "farkas-threshold", "sum_off weight <= sum_on weight")
    if inst.kind == "gated":
        at.need(sum(off.values()) == sum(on.values()), "farkas-unequal", "sum_off weight = sum_on weight")
    return on, off


def farkas(inst: Instance, pattern: Pattern, fields: Fields, at: At) -> Fact | None:
    i = fields["neuron"].index(1, len(pattern)) - 1
    on, off = relation_of(inst, fields, at)
    fields["on"].need(on.keys() <= set(pattern[i]), "wrong-side", "features in F_i")
    fields["off"].need(off.keys().isdisjoint(pattern[i]), "wrong-side", "features outside F_i")

    def side(terms: Terms) -> list[Fact]:
        return [{"feature": d + 1, "weight": str(weight)} for d, weight in terms.items()]

    return {"neuron": i + 1, "on": side(on), "off": side(off)}


def capacity(inst: Instance, pattern: Pattern, fields: Fields, at: At) -> Fact | None:
    sizes = [len(active) for active in sets_of_active(inst, pattern)]
    lets = min(inst.k, len(pattern))  # n_q read as that of the pattern
    beyond = [d for d, size in enumerate(sizes) if (size > inst.k if inst.kind == "topk" else size != lets)]
    batch = inst.kind == "batchtopk"
    broken = sum(sizes) > inst.k * inst.n if batch else beyond
    at.need(broken, "within-capacity", "other numbers of active neurons than k lets through")
    if batch:
        return {"lets": inst.k * inst.n, "has": sum(sizes)}
    return {"lets": lets, "has": sizes[beyond[0]], "feature": beyond[0] + 1}


def farkas_joint(inst: Instance, pattern: Pattern, fields: Fields, at: At) -> Fact | None:
    kind, k = inst.kind, inst.k
    active = sets_of_active(inst, pattern)
    terms: list[list[tuple[Fraction, Vector]]] = [[] for _ in pattern]
    weights = {"on": ZERO, "off": ZERO, "compare": ZERO}
    for row in fields["rows"].items():
        over = ("over",) if row.has("kind") and row.value["kind"] == "compare" else ()
        entry = row.keys(("kind", "neuron", "feature", *over, "weight"))
        side = entry["kind"].word(weights)
        i = entry["neuron"].index(1, len(pattern)) - 1
        d = entry["feature"].index(1, inst.n) - 1
        weight = entry["weight"].positive()
        if side == "on":
            implied = i in active[d] and kind != "topk-pure"
        elif side == "off":
            implied = i not in active[d] and (kind == "batchtopk" or kind == "topk" and len(active[d]) < k)
        else:
            j = entry["over"].index(1, len(pattern)) - 1
            implied = i in active[d] and j not in active[d] and kind != "batchtopk" and len(active[d]) == k
            terms[j].append((-weight, inst.wp[d]))
        row.need(implied, "not-implied", f"a row implied by {written(pattern)}")
        terms[i].append((-weight if side == "off" else weight, inst.wp[d]))
        weights[side] += weight
    fields["rows"].need(weights["on"] or weights["compare"], "empty-farkas", "a row on or compare", "none")
    cancel = not any(any(combination(rows, inst.n_p)) for rows in terms)
    at.need(cancel, "farkas-unequal", "rows that add up to 0 for every neuron")
    if kind == "batchtopk" and sum(map(len, active)) >= k * inst.n:
        at.need(weights["off"] <= weights["on"], "farkas-threshold", "off weights at most the on weights")
    return None


def configuration(inst: Instance, wanted: Property, fields: Fields, at: At) -> Fact | None:
    return {"facts": prove(inst, wanted.of(read_configuration(inst, fields)), fields["proof"])}


def excluded(inst: Instance, wanted: Property, fields: Fields, at: At) -> Fact | None:
    if wanted.unless is None:
        at.need(False, "wrong-rule", "a statement of what excludes them", "none")
    return {"facts": prove(inst, wanted.unless(), fields["proof"])}


def zero_loss(inst: Instance, point: Configuration, fields: Fields, at: At) -> Fact | None:
    at.need(point.loss == 0, "does-not-hold", "L~ = 0", f"L~ = {show(point.loss)}")
    return {"loss": exact(ZERO)}


def lower_loss(inst: Instance, point: Configuration, fields: Fields, at: At) -> Fact | None:
    other = read_configuration(inst, fields)
    at.need(other.loss < point.loss, "does-not-hold", f"L~ < {show(point.loss)}", f"L~ = {show(other.loss)}")
    return {"loss": exact(point.loss), "lower": str(other.loss)}


def moments(inst: Instance, features: Sequence[int]) -> tuple[Matrix, Matrix, Matrix]:
    """A, B, C: B = sum_F M_d w_d w_d^T, C = sum_F M_d r_d w_d^T, A = C^T C."""
    b = outer([(inst.weight[d], inst.wp[d], inst.wp[d]) for d in features], inst.n_p, inst.n_p)
    c = outer([(inst.weight[d], inst.wr[d], inst.wp[d]) for d in features], inst.n_r, inst.n_p)
    return product(transpose(c), c), b, c


def factored(symmetric: Matrix, fields: Fields) -> None:
    """`l` diag(`d`) `l`^T is the matrix, and d >= 0."""
    size = len(symmetric)
    lower, pivots = fields["l"].matrix(size, size), fields["d"].vector(size)
    fields["d"].need(all(pivot >= 0 for pivot in pivots), "negative-pivot", "quantities >= 0")
    scaled = [tuple(entry * pivot for entry, pivot in zip(row, pivots)) for row in lower]
    equal = product(scaled, transpose(lower)) == symmetric
    fields["l"].need(equal, "wrong-factors", "l diag(d) l^T equal to the matrix")


def top_eigenvalue(inst: Instance, point: Configuration, fields: Fields, at: At) -> Fact | None:
    at.need(not point.kinks, "at-a-kink", "no pair at a kink", point.kinks[:1])
    single = all(len(active) <= 1 for active in point.active)
    at.need(single, "not-a-partition", "each feature active in at most one neuron")
    sets = [[d for d in range(inst.n) if i in point.active[d]] for i in range(inst.neurons)]
    alive = [i for i, features in enumerate(sets) if features]
    bound = sum((m * square(r) for m, r in zip(inst.weight, inst.wr)), ZERO)
    lambdas = []
    for i, item in zip(alive, fields["definite"].items(len(alive))):
        a, b, _ = moments(inst, sets[i])
        e = point.encoder.we[i]
        s = dot(e, times(b, e))
        item.need(s > 0, "not-positive", "e^T B e > 0", s)
        value = dot(e, times(a, e)) / s
        factored(mixed(value, b, -ONE, a), item.keys(("l", "d")))
        bound -= value
        lambdas.append(value)
    at.need(point.loss == bound, "does-not-hold", f"L~ = {show(bound)}", point.loss)
    return {"loss": exact(bound), "lambdas": texts(lambdas)}


def descent_curve(inst: Instance, point: Configuration, fields: Fields, at: At) -> Fact | None:
    steps = len(fields["we"].items())
    we = [point.encoder.we, *(item.matrix(inst.neurons, inst.n_p) for item in fields["we"].items())]
    wd = [point.wd, *(item.matrix(inst.n_r, inst.neurons) for item in fields["wd"].items(steps))]
    # z_{i,d}(t) as a tuple of its coefficients of t^0 .. t^m
    z = [[tuple(dot(m[i], w) for m in we) for w in inst.wp] for i in range(inst.neurons)]
    zero = (ZERO,) * len(we)
    active = active_sets(inst, z, point.gates, zero, (inst.theta, *zero[1:]))
    change = [-point.loss] + [ZERO] * (4 * steps)
    for d, r in enumerate(inst.wr):
        for row, target in enumerate(r):
            rho = [target] + [ZERO] * (2 * steps)
            for i in active[d]:
                for a, za in enumerate(z[i][d]):
                    for b, matrix in enumerate(wd):
                        rho[a + b] -= za * matrix[row][i]
            for a, x in enumerate(rho):
                for b, y in enumerate(rho):
                    change[a + b] += inst.weight[d] * x * y
    lowest = next((c for c in change if c), ZERO)
    at.need(lowest < 0, "no-descent", "a negative lowest coefficient of the change of L~", lowest)
    return {"curve": texts([change[0] + point.loss, *change[1:]])}


def paired_rows(inst: Instance, point: Configuration, fields: Fields, at: At) -> Fact | None:
    e, u = point.encoder.we, point.columns
    used: set[int] = set()
    reached = [(ZERO,) * inst.n_r for _ in range(inst.n)]
    for key, sign in (("pairs", -1), ("cancelling", 1)):
        for pair in fields[key].items() if key in fields else ():
            i, j = (k.index(1, inst.neurons) - 1 for k in pair.items(2))
            pair.need(i != j and used.isdisjoint((i, j)), "not-a-pair", "each neuron in at most one pair")
            used |= {i, j}
            fit = all(b == sign * a for a, b in zip(e[i], e[j])) and all(b == -a for a, b in zip(u[i], u[j]))
            pair.need(fit, "not-a-pair", f"e_j = {'-' if sign < 0 else ''}e_i and u_j = -u_i")
            if key == "pairs":
                reached = [combination([(ONE, x), (dot(e[i], w), u[i])], inst.n_r) for x, w in zip(reached, inst.wp)]
    rest = not any(any(u[i]) for i in range(inst.neurons) if i not in used)
    fields["pairs"].need(rest, "not-a-pair", "u = 0 for every neuron in no pair")
    at.need(tuple(reached) == inst.wr, "does-not-hold", "sum over pairs <e_i, w_d> u_i = r_d for every d")
    return None


# Counts

MAX_COORDINATES = 250_000_000
MAX_FACES = 5_000


def compare_count(found: int, at: At) -> Fact:
    at.need(at.string() == str(found), "wrong-count", str(found))
    return {"count": str(found)}


def lines(vectors: Iterable[Sequence[int]]) -> list[tuple[int, ...]]:
    """One vector of each line, in order: with coprime entries, the first that is not 0 positive."""
    found: dict[tuple[int, ...], None] = {}
    for vector in vectors:
        divisor = gcd(*vector) * (1 if next(filter(None, vector)) > 0 else -1)
        found[tuple(x // divisor for x in vector)] = None
    return list(found)


# 2^k - 1 is prime for these k (Mersenne primes, OEIS A000043)
MERSENNE = (
    *(7, 13, 17, 19, 31, 61, 89, 107, 127, 521, 607, 1279, 2203, 2281, 3217, 4253, 4423, 9689, 9941, 11213, 19937),
    *(21701, 23209, 44497, 86243, 110503, 132049, 216091, 756839, 859433, 1257787),
)


class Chambers:
    """r(V), the number of chambers of the hyperplanes orthogonal to V, by deletion and restriction modulo a prime.

    r depends on nothing but which subsets of V are dependent, and obeys the same recursion over every field. Modulo a prime above
    all minors (the product of the longest vectors is one bound: Hadamard) the subsets are the same.
    """

    def __init__(self, at: At, v: Sequence[tuple[int, ...]]) -> None:
        self.at, self.computed = at, 0
        self.known: dict[frozenset[tuple[int, ...]], int] = {}
        longest = sorted((sum(x * x for x in row) for row in v), reverse=True)[: len(v[0])]
        bound, primes = prod(longest), ((1 << k) - 1 for k in MERSENNE)
        p = next((p for p in primes if p * p > bound), None)
        if p is None:
            at.reject("too-much-work", "numbers below the largest prime in use", "longer ones")
        self.p = p
        self.table: list[int] = [0, 1] if p < 1 << 20 else []
        for x in range(2, p if self.table else 0):
            self.table.append((p - p // x) * self.table[p % x] % p)

    def inverse(self, x: int) -> int:
        return self.table[x] if self.table else pow(x, -1, self.p)

    def charge(self, coordinates: int) -> None:
        self.computed += coordinates
        self.at.need(self.computed <= MAX_COORDINATES, "too-much-work", f"at most {MAX_COORDINATES} coordinates")

    def whole(self, v: Sequence[tuple[int, ...]]) -> int:
        # zeros first: then restrictions are equal most often
        ordered = sorted(v, key=lambda row: [(abs(x), x) for x in row])
        return self.count(self.reduced([[x % self.p for x in row] for row in ordered]))

    def reduced(self, rows: Iterable[Sequence[int]]) -> list[tuple[int, ...]]:
        """One vector of each line, in order: the first entry that is not 0 is 1."""
        p, found = self.p, dict[tuple[int, ...], None]()
        for row in rows:
            factor = self.inverse(next(filter(None, row)))
            found[tuple(row) if factor == 1 else tuple([x * factor % p for x in row])] = None
        return list(found)

    def count(self, v: list[tuple[int, ...]]) -> int:
        if len(v) < 3 or len(v[0]) == 2:
            return 2 * len(v) or 1
        key = frozenset(v)
        if key not in self.known:
            d = len(v[0])
            self.charge(len(v) * (len(v) - 1) // 2 * (1 if d == 3 and self.table else d - 1))
            if d == 3 and self.table:
                self.known[key] = 1 + sum(self.on_line(v[:k], v[k]) for k in range(len(v)))
            else:
                self.known[key] = 1 + sum(self.count(self.projections(v[:k], v[k])) for k in range(len(v)))
        return self.known[key]

    def on_line(self, v: list[tuple[int, ...]], normal: tuple[int, ...]) -> int:
        """r of the projections in dimension 3: twice the number of their slopes, or 1 without any."""
        p, table, i = self.p, self.table, normal.index(1)
        a, b = (k for k in range(3) if k != i)
        x, y = normal[a], normal[b]
        # the difference of two entries 0 .. p - 1 is an index of the table, from its end if it is negative
        if all(row[i] < 2 for row in v):
            ends = [(row[a] - x, row[b] - y) if row[i] else (row[a], row[b]) for row in v]
        else:
            ends = [((row[a] - row[i] * x) % p, row[b] - row[i] * y) for row in v]
        return 2 * len({t * table[s] % p if s else p for s, t in ends}) or 1

    def projections(self, v: Sequence[tuple[int, ...]], normal: tuple[int, ...]) -> list[tuple[int, ...]]:
        """Along the first coordinate that is not 0 in the normal, which is 1, onto its hyperplane."""
        p, i = self.p, normal.index(1)
        rest = normal[:i] + normal[i + 1 :]
        return self.reduced(
            [
                [(x - row[i] * y) % p for x, y in zip(row[:i] + row[i + 1 :], rest)] if row[i] else row[:i] + row[i + 1 :]
                for row in v
            ]
        )


def independent_subsets(rows: Sequence[Sequence[int]], p: int, charge: Callable[[int], None]) -> bool:
    """Whether every set of at most d of the rows of length d is independent modulo the prime p."""
    d = len(rows[0]) if rows else 0
    for k in range(max(0, len(rows) - 1) if len(rows) <= d else 0, len(rows)):
        i = next((j for j, x in enumerate(rows[k]) if x), None)
        if i is None:
            return False
        if d == 1:
            continue
        charge(k * (d - 1))
        pivot, last = rows[k][i], [*rows[k][:i], *rows[k][i + 1 :]]
        below = [
            [(pivot * x - row[i] * y) % p for x, y in zip([*row[:i], *row[i + 1 :]], last)] for row in rows[:k]
        ]
        if not independent_subsets(below, p, charge):
            return False
    return True


def covers(n: int, d: int) -> int:
    return 2 * sum(comb(n - 1, k) for k in range(d))


def chambers(at: At, vectors: Iterable[Sequence[int]]) -> int:
    v = lines(vectors)
    if len(v) < 3 or len(v[0]) == 2:
        return 2 * len(v) or 1
    n, d = len(v), len(v[0])
    counter = Chambers(at, v)
    # Independent modulo some prime, independent over the rationals; Cover's number tells how many chambers there are then.
    prime = (1 << 31) - 1
    if not counter.table and (n <= min(d, 500) or comb(n, min(n // 2, d)) <= 20_000_000):
        if independent_subsets([[x % prime for x in row] for row in v], prime, counter.charge):
            return covers(n, d)
    return counter.whole(v)


def deletion_restriction(inst: Instance, what: str, fields: Fields, at: At) -> Fact | None:
    affine = inst.kind == "jumprelu" and inst.theta > 0
    last = {"gated": (ONE,), "jumprelu": (-inst.theta,) if affine else ()}.get(inst.kind, ())
    vectors = [(*w, *last) for w in inst.wp] + ([(ZERO,) * inst.n_p + (ONE,)] if affine else [])
    scaled = [[int(x * lcm(*(y.denominator for y in v))) for x in v] for v in vectors]
    r = chambers(at, scaled) // (2 if affine else 1)
    keyed = what == "sets" and inst.kind != "gated" and not affine
    at.need(len(fields) == 2 + keyed, "missing-data", "just one of side and dependency" if keyed else "no other key")
    if "side" in fields:
        ahead = all(value > 0 for value in times(inst.wp, fields["side"].vector(inst.n_p)))
        fields["side"].need(ahead, "does-not-hold", "<x, w_d> > 0 for every d")
    if "dependency" in fields:
        positive = all(x > 0 for x in relation(inst, fields["dependency"]))
        fields["dependency"].need(positive, "not-positive", "weights > 0")
        generic = r == covers(inst.n, inst.n_p)
        at.need(generic, "does-not-hold", "as many chambers as of directions in general position", r)
        r += 1
    return compare_count(r, fields["count"])


def pattern_tree(inst: Instance, what: str, fields: Fields, at: At) -> Fact | None:
    strict = what == "chambers"
    relations = [relation_of(inst, item.keys(("on", "off")), item, strict) for item in fields["farkas"].items()]
    leaves, used, counted = fields["leaves"].items(), 0, 0
    stack: list[tuple[frozenset[int], frozenset[int]]] = [(frozenset(), frozenset())]
    while stack:  # the second visit is pushed first
        on, off = stack.pop()
        if used == len(leaves):
            fields["leaves"].reject("missing-data", "a leaf for every branch", used)
        leaf, d = leaves[used], len(on) + len(off)
        if isinstance(leaf.value, Number):
            positive, negative = relations[leaf.index(1, len(relations)) - 1]
            if positive.keys() <= on and negative.keys() <= off:
                used += 1
                continue
        if d < inst.n:
            stack += [(on, off | {d}), (on | {d}, off)]
            continue
        point = leaf.vector(inst.n_p + (inst.kind == "gated"))
        bias = point[-1] if inst.kind == "gated" else -inst.theta
        values = [dot(point[: inst.n_p], w) + bias for w in inst.wp]
        shown = {k for k, value in enumerate(values) if value > 0} == on and (not strict or all(values))
        leaf.need(shown, "wrong-pattern", f"a point of {written((tuple(sorted(on)),))}")
        used, counted = used + 1, counted + 1
    fields["leaves"].need(used == len(leaves), "wrong-size", f"{used} leaves", len(leaves), judged=True)
    return compare_count(counted, fields["count"])


# Paper scale


def rank_mod_p(scale: Scale, subject: None, fields: Fields, at: At) -> Fact | None:
    p = fields["p"].index(2, 2_097_152)
    rows = [item.index(scale.anchored + 1, scale.neurons) - 1 for item in fields["rows"].items(scale.n)]
    fields["rows"].need(len(set(rows)) == len(rows), "repeated-row", "different neurons")
    regular((shifted(scale, i, p) for i in rows), scale.n, p, fields["rows"])
    return {"modulo": p}


def shifted(scale: Scale, i: int, p: int) -> Iterator[int]:
    values, shift = scale.products(scale.encoder[i])
    return (max(v - shift, 0) % p for v in values)


def regular(rows: Iterable[Iterable[int]], n: int, p: int, at: At) -> None:
    """Every one of n rows of n residues, n at most 2,047, has a pivot that is a unit modulo p."""
    pivots: list[tuple[int, int]] = []  # a row scaled to 1 at its pivot, in 64 bits an entry, and 64 times the column
    for column, entries in enumerate(rows):
        # "without exchanging rows" read as: nor columns, so that the pivots are on the diagonal, which rejects more
        row = pack(entries, n)
        for pivot, place in pivots:  # entries stay below p + 2,047 p^2 < 2^64
            row += -(row >> place & 0xFFFFFFFFFFFFFFFF) % p * pivot
        reduced = [v % p for v in struct.unpack(f"<{n}Q", row.to_bytes(8 * n, "little"))]
        at.need(gcd(reduced[column], p) == 1, "no-pivot", f"pivots that are units modulo {p}", reduced[column])
        inverse = pow(reduced[column], -1, p)
        pivots.append((pack((v * inverse % p for v in reduced), n), 64 * column))


def pack(values: Iterable[int], n: int) -> int:
    return int.from_bytes(struct.pack(f"<{n}Q", *values), "little")


# Biconvexity


def fixed_active_sets(inst: Instance, region: str, fields: Fields, at: At) -> Fact | None:
    if region == "everywhere":
        every_one = inst.kind == "identity" or (inst.kind == "topk-pure" and inst.neurons <= inst.k)
        at.need(every_one, "does-not-hold", "active sets that never change", inst.kind)
        return None
    sizes = [len(active) for active in sets_of_active(inst, inst.pattern)]
    fixed = {
        "topk": region != "threshold" or max(sizes) <= inst.k,
        "batchtopk": region != "threshold" or sum(sizes) <= inst.k * inst.n,
        "topk-pure": region == "active" or inst.neurons <= inst.k or set(sizes) == {inst.k},
    }
    at.need(fixed.get(inst.kind, True), "does-not-hold", "active sets that the region fixes", region)
    return None


def convexity_violation(inst: Instance, region: str, fields: Fields, at: At) -> Fact | None:
    wd = inst.read_decoder(fields)
    ends = [fields[key].matrix(inst.neurons, inst.n_p) for key in ("from", "to")]
    t = fields["at"].quantity()
    fields["at"].need(0 < t < 1, "out-of-range", "0 < t < 1")
    start, end, middle = (
        Configuration(inst, replace(inst.encoder, we=we), wd) for we in (*ends, mixed(1 - t, ends[0], t, ends[1]))
    )
    for point, key in ((start, "from"), (end, "to")):
        inside = region == "everywhere" or responding(region, point) == inst.pattern
        fields[key].need(inside, "wrong-pattern", "an encoder in Omega_P")
    if region != "everywhere" and responding(region, middle) != inst.pattern:
        return None
    chord = (1 - t) * start.loss + t * end.loss
    at.need(middle.loss > chord, "does-not-hold", "a point between outside Omega_P, or of larger L~")
    return {"ends": texts((start.loss, end.loss)), "between": str(middle.loss), "chord": str(chord)}


# Best losses


def best_losses(inst: Instance, goal: tuple[tuple[Pattern, Pattern], bool], fields: Fields, at: At) -> Fact | None:
    (p, q), sign = goal
    x, y = (p, q) if sign else (q, p)
    wide = replace(inst, neurons=len(x))
    point = read_configuration(wide, fields)
    shows(wide, x, point.encoder, at)
    at.need(disjoint(y), "not-a-partition", "sets that do not meet")
    bound = sum((m * square(r) for m, r in zip(inst.weight, inst.wr)), ZERO)
    sets = [features for features in y if features]
    for features, item in zip(sets, fields["bounds"].items(len(sets))):
        entry = item.keys(("lambda", "products", "definite"))
        value = entry["lambda"].quantity()
        entry["lambda"].need(value >= 0, "not-positive", "lambda >= 0")
        a, b, _ = moments(inst, features)
        g = [w if d in features else combination([(-ONE, w)], inst.n_p) for d, w in enumerate(inst.wp)]
        terms: list[tuple[Fraction, Vector, Vector]] = []
        for product_at in entry["products"].items():
            factor = product_at.keys(("left", "right", "weight"))
            c, d = (factor[key].index(1, inst.n) - 1 for key in ("left", "right"))
            weight = factor["weight"].positive()
            terms += [(weight, g[c], g[d]), (weight, g[d], g[c])]
        rest = mixed(ONE, mixed(value, b, -ONE, a), -ONE, outer(terms, inst.n_p, inst.n_p))
        factored(rest, entry["definite"].keys(("l", "d")))
        bound -= value
    below = point.loss <= bound if sign else point.loss < bound
    at.need(below, "does-not-hold", f"L~ {'at most' if sign else 'below'} {show(bound)}", point.loss)
    return {"reached": str(point.loss), "bound": str(bound)}


# Definite matrices


def ldl(inst: Instance, symmetric: Matrix, fields: Fields, at: At) -> Fact | None:
    factored(symmetric, fields["definite"].keys(("l", "d")))
    return None


def negative_direction(inst: Instance, symmetric: Matrix, fields: Fields, at: At) -> Fact | None:
    x = fields["x"].vector(len(symmetric))
    value = dot(x, times(symmetric, x))
    fields["x"].need(value < 0, "does-not-hold", "x^T G x < 0")
    return {"row": texts(x), "value": str(value)}


# Critical points of separate sets


@dataclass(frozen=True)
class Target:
    """The pattern of a critical point or partial minimum, and what else is asked of it."""

    pattern: Pattern
    positive_loss: bool = False
    zero_gradients: bool = False


def partial_minimum(inst: Instance, target: Target, fields: Fields, at: At) -> Fact | None:
    point = read_configuration(inst, fields)
    shows(inst, target.pattern, point.encoder, at)
    at.need(point.stationary, "does-not-hold", "both gradients 0")
    at.need(point.loss > 0, "does-not-hold", "L~ > 0")
    return {"loss": exact(point.loss), "face": False}


def held(inst: Instance, pattern: Pattern) -> set[int]:
    """For topk, the features in k or more sets, which no other neuron can pass; else none."""
    if inst.kind != "topk":
        return set()
    return {d for d in range(inst.n) if sum(d in features for features in pattern) >= inst.k}


class Separate:
    """A neuron whose set F is not empty, meets no other set and has a feature of weight > 0."""

    def __init__(self, inst: Instance, pattern: Pattern, i: int, at: At) -> None:
        self.inst, self.neuron, self.features = inst, i, pattern[i]
        self.weighted = [d for d in self.features if inst.weight[d] > 0]  # F'
        self.held = held(inst, pattern)
        self.off = [d for d in range(inst.n) if d not in self.features]
        self.free = [d for d in self.off if d not in self.held]
        apart = not any(set(other) & set(self.features) for k, other in enumerate(pattern) if k != i)
        at.need(apart, "not-a-partition", f"a set of neuron {i + 1} that meets no other")
        at.need(self.weighted, "not-positive", f"a feature of weight > 0 in the set of neuron {i + 1}")
        self.a, self.b, self.c = moments(inst, self.features)
        self.targets = sum((inst.weight[d] * square(inst.wr[d]) for d in self.features), ZERO)  # sum_F M_d |r_d|^2

    def spans(self, features: Iterable[int], d: int) -> bool:
        """w_d is in the span of the w of these features."""
        rows = [self.inst.wp[k] for k in features]
        return rank_of([*rows, self.inst.wp[d]]) == rank_of(rows)

    def balance(self, x: Element, c: Element, root: Root) -> Element:
        """(A - lambda B) x + sum_d c_d w_d, reduced."""
        columns = transpose(self.inst.wp)
        return tuple(
            root.reduce(plus((ONE, inner(a, x)), (-ONE, (ZERO, *inner(b, x))), (ONE, inner(w, c))))
            for a, b, w in zip(self.a, self.b, columns)
        )

    def face(self, tight: Sequence[int], at: At) -> Polynomial:
        """The polynomial of a basis for T."""
        rows = [self.inst.wp[t] for t in tight]
        size = rank_of([*rows, *(self.inst.wp[d] for d in self.weighted)]) - rank_of(rows)
        basis = at.matrix(size, self.inst.n_p)
        orthogonal = not any(dot(v, w) for v in basis for w in rows)
        at.need(orthogonal, "wrong-basis", "vectors orthogonal to every w_t of T")
        a, b = (tuple(tuple(dot(x, times(m, y)) for y in basis) for x in basis) for m in (self.a, self.b))
        at.need(determinant(b), "wrong-basis", "a restriction of B with a determinant other than 0")
        return characteristic(a, b)


class Live:
    """A neuron of a point with a non-empty set."""

    def __init__(self, neuron: Separate, fields: Fields) -> None:
        inst, root = neuron.inst, read_root(fields["lambda"])
        self.set, self.root = neuron, root
        self.e = read_element(fields["e"], inst.n_p, root)
        self.mu = read_element(fields["mu"], inst.n, root)
        below = (-inst.theta,)

        def sign(d: int) -> int:
            """That of <e, w_d> - theta."""
            return root.sign(plus((ONE, inner(inst.wp[d], self.e)), (ONE, polynomial(below))), fields["e"])

        shown = all(sign(d) > 0 for d in neuron.features) and all(sign(d) <= 0 for d in neuron.free)
        fields["e"].need(shown, "wrong-pattern", "<e, w_d> > theta on F, and inactive off F")
        mu_signs = [root.sign(value, fields["mu"]) for value in self.mu]
        self.kinks = [t for t in neuron.free if sign(t) == 0]
        self.tight = [t for t in self.kinks if mu_signs[t] > 0 and inst.theta == 0]
        priced = all(sign == 0 or t in self.tight for t, sign in enumerate(mu_signs))
        fields["mu"].need(priced, "wrong-multiplier", "mu_t >= 0, and 0 but at kinks")
        opposite = tuple(plus((-ONE, value)) for value in self.mu)
        at_rest = not any(neuron.balance(self.e, opposite, root))
        fields["e"].need(at_rest, "not-critical", "(A - lambda B) e = sum_t mu_t w_t")

        # what is not rational, as intervals from those of e
        rows = [root.enclose(p) for p in self.e]
        self.z = {d: spread(inst.wp[d], rows) for d in neuron.features}
        self.s = total(x * spread(row, rows) for x, row in zip(rows, neuron.b))  # e^T (B e)
        fields["e"].need(self.s.low > 0, "too-wide", "an interval of lambda on which e^T B e > 0")
        self.ce = [spread(row, rows) for row in neuron.c]  # s u
        self.u = [entry.over(self.s) for entry in self.ce]


class Dead:
    """A neuron of a point with an empty set."""

    def __init__(self, inst: Instance, fields: Fields, pattern: Pattern) -> None:
        values, u = times(inst.wp, fields["e"].vector(inst.n_p)), fields["u"].vector(inst.n_r)
        below = all(value <= inst.theta for value in values)
        fields["e"].need(below, "wrong-pattern", "<e, w_d> <= theta for every d")
        self.kinks = [d for d, value in enumerate(values) if value == inst.theta and d not in held(inst, pattern)]
        self.u, self.at_rest = list(map(exactly, u)), not any(u)


class Point:
    """A point given by `live` and `dead`."""

    def __init__(self, inst: Instance, pattern: Pattern, fields: Fields, at: At, *more: str) -> None:
        self.inst = inst
        alive = [i for i, features in enumerate(pattern) if features]
        empty = [i for i, features in enumerate(pattern) if not features]
        self.entries = [
            item.keys(("lambda", "e", "mu", *([key for key in more if item.has(key)] or more)[:1]))
            for item in fields["live"].items(len(alive))
        ]
        resting = [item.keys(("e", "u")) for item in fields["dead"].items(len(empty))]
        self.live = {i: Live(Separate(inst, pattern, i, at), entry) for i, entry in zip(alive, self.entries)}
        self.dead = {i: Dead(inst, entry, pattern) for i, entry in zip(empty, resting)}
        for i, live in self.live.items():
            for d in set(live.set.features) & live.set.held:
                mine, *others = (
                    x.root.enclose(x.root.reduce(inner(inst.wp[d], x.e)))
                    for x in (live, *(other for j, other in self.live.items() if j != i))
                )
                above = all(mine.low > other.high for other in others)
                fields["live"].need(above, "wrong-pattern", f"neuron {i + 1} above the others on feature {d + 1}")

    @property
    def loss(self) -> Interval:
        """L~ = sum_d M_d |r_d|^2 - sum lambda."""
        whole = sum((m * square(r) for m, r in zip(self.inst.weight, self.inst.wr)), ZERO)
        return exactly(whole) - total(live.root.ends for live in self.live.values())

    @property
    def evidence(self) -> Fact:
        return {"loss": bounds_of(self.loss), "face": any(live.tight for live in self.live.values())}

    def owner(self, d: int) -> Live | None:
        return next((live for live in self.live.values() if d in live.set.features), None)

    def settled(self, d: int) -> bool:
        """rho_d counts as 0."""
        owner = self.owner(d)
        done = owner.root.is_quantity(owner.set.targets) if owner else not any(self.inst.wr[d])
        return done or not self.inst.weight[d]

    def slope(self, t: int, u: Sequence[Interval]) -> Interval:
        """M_t <rho_t, u>."""
        owner = self.owner(t)
        rho = [exactly(entry) for entry in self.inst.wr[t]]
        if owner:
            rho = [entry - owner.z[t] * v for entry, v in zip(rho, owner.u)]
        return exactly(self.inst.weight[t]) * total(x * y for x, y in zip(rho, u, strict=True))


def whole_loss(inst: Instance) -> Fraction:
    """sum_d M_d |r_d|^2"""
    return sum((m * square(r) for m, r in zip(inst.weight, inst.wr)), ZERO)


def bounds_of(loss: Interval) -> list[str]:
    """The ends of L~, which is at least 0."""
    return texts((max(loss.low, ZERO), loss.high))


def critical_point(inst: Instance, target: Target, fields: Fields, at: At) -> Fact | None:
    point = Point(inst, target.pattern, fields, at)
    at.need(not target.positive_loss or point.loss.low > 0, "does-not-hold", "L~ > 0")
    still = not target.zero_gradients or not any(live.tight for live in point.live.values())
    at.need(still, "wrong-multiplier", "every mu_t = 0, for both gradients to be 0")
    return point.evidence


def minimum(inst: Instance, target: Target, fields: Fields, at: At) -> Fact | None:
    point = Point(inst, target.pattern, fields, at, "top", "joint")
    neurons: list[Live | Dead] = [*point.live.values(), *point.dead.values()]
    joint = {
        i: joint_kinks(point, live, entry["joint"]) if "joint" in entry else ()
        for (i, live), entry in zip(point.live.items(), point.entries)
    }
    at.need(inst.theta == 0 or not any(neuron.kinks for neuron in neurons), "at-a-kink", "no kinks")
    if inst.kind == "topk":
        for t in {t for i, live in point.live.items() for t in live.tight if t not in joint[i]}:
            near = sum(t in neuron.kinks for neuron in neurons) + (point.owner(t) is not None)
            at.need(near <= inst.k, "no-price", f"at most {inst.k} neurons at or above the kink of feature {t + 1}")
    for neuron in neurons:
        together = joint[neuron.set.neuron] if isinstance(neuron, Live) else ()
        for t in neuron.kinks:
            dear = t in together or point.settled(t) or point.slope(t, neuron.u).high < 0
            at.need(dear, "no-price", f"-M_t <rho_t, u> > 0 at the kink of feature {t + 1}")
    for (i, live), entry in zip(point.live.items(), point.entries):
        tight = [t for t in live.tight if t not in joint[i]]
        for t in tight:
            below = (live.root.enclose(live.mu[t]) + point.slope(t, live.ce)).high < 0  # mu_t < s c_t
            entry["mu"].need(not point.settled(t) and below, "no-price", f"mu_t < s c_t for feature {t + 1}")
        if "joint" in entry:
            priced_together(live, joint[i], tight, entry["joint"])
            continue
        top = entry["top"].keys(("basis", "roots"))
        roots = [*map(read_root, top["roots"].items()), live.root]
        complete(roots, live.set.face(tight, top["basis"]), top["roots"])
    return point.evidence


def joint_kinks(point: Point, live: Live, at: At) -> tuple[int, ...]:
    """Kinks of this neuron alone, at features of no set."""
    neurons: list[Live | Dead] = [*point.live.values(), *point.dead.values()]
    others = {t for neuron in neurons if neuron is not live for t in neuron.kinks}
    if live.root.is_quantity(live.set.targets):
        at.need(not others & set(live.set.weighted), "no-price", "no other kink on a set that is reconstructed")
    features = at.features(point.inst.n)
    alone = all(t in live.kinks and t not in others and point.owner(t) is None for t in features)
    at.need(alone, "wrong-side", "kinks of this neuron alone, at features of no set")
    return features


def priced_together(live: Live, joint: Sequence[int], tight: Sequence[int], at: At) -> None:
    """phi_J >= 0 in all cones between the kinks of J and T, and q <= 0 where it is 0."""
    wp, root = live.set.inst.wp, live.root
    for lines, rays in sectors([wp[t] for t in (*joint, *tight)], live.set.inst.n_p, at):
        awake = [t for t in joint if any(dot(r, wp[t]) > 0 for r in rays)]
        level = []
        for r in rays:
            h = slope_row(live.set, awake, r)
            pulls = {t: dot(r, wp[t]) for t in tight}
            phi = plus(
                *((ONE, multiplied(p, x)) for p, x in zip(h, live.e, strict=True)),
                *((pull, live.mu[t]) for t, pull in pulls.items()),
            )
            sign = root.sign(phi, at)
            at.need(sign >= 0, "no-price", "a loss that falls along no ray between the kinks")
            if sign == 0 and not any(pulls.values()):
                level.append(r)
        settled = never_gains(live.set, awake, lines, level, root, at)
        at.need(settled, "no-price", "no gain to second order in a cone between kinks")


def saddle(inst: Instance, target: Target, fields: Fields, at: At) -> Fact | None:
    point = Point(inst, target.pattern, fields, at)
    waking = fields["down"].has("way") and fields["down"].value["way"] == "wake"
    down = fields["down"].keys(("way", "neuron", "v", *(("u",) if waking else ())))
    way = down["way"].word(("turn", "bend", "cross", "wake"))
    down["way"].need(inst.theta == 0 or way == "turn", "no-descent", "turn, with a threshold > 0")
    k = down["neuron"].index(1, len(target.pattern)) - 1
    v = down["v"].vector(inst.n_p)
    rises = times(inst.wp, v)
    if waking:
        u = list(map(exactly, down["u"].vector(inst.n_r)))
        asleep = k in point.dead and point.dead[k].at_rest
        down["neuron"].need(asleep, "no-descent", "a dead neuron with u = 0")
        kinks = [t for t in point.dead[k].kinks if not point.settled(t)]
        gain = total(exactly(max(rises[t], ZERO)) * point.slope(t, u) for t in kinks)
        at.need(gain.low > 0, "no-descent", "sum of M_t max(<v, w_t>, 0) <rho_t, u> > 0")
        return point.evidence | {"neuron": k + 1}
    down["neuron"].need(k in point.live, "no-descent", "a neuron with a non-empty set")
    live = point.live[k]
    if way == "turn":
        stays = all(rises[t] <= 0 and (rises[t] == 0 or t not in live.tight) for t in live.kinks)
        down["v"].need(stays, "no-descent", "<v, w_t> <= 0 at kinks, = 0 where mu_t > 0")
        steeper = dot(v, times(live.set.a, v)) > live.root.ends.high * dot(v, times(live.set.b, v))
        down["v"].need(steeper, "no-descent", "v^T A v > b v^T B v")
        return point.evidence | {"neuron": k + 1}
    if way == "bend":
        awake = [t for t in live.kinks if rises[t] > 0 and inst.weight[t] > 0]
        down["v"].need(all(point.owner(t) is None for t in awake), "wrong-side", "kinks at features of no set")
        h = slope_row(live.set, awake, v)
        phi = plus(*((ONE, multiplied(p, x)) for p, x in zip(h, live.e, strict=True)))
        falls = live.root.sign(phi, down["v"]) <= 0
        falls = falls and live.root.sign(costs(live.set, awake, [v])[0][0], down["v"]) < 0
        down["v"].need(falls, "no-descent", "phi(v) <= 0 < q(v)")
        return point.evidence | {"neuron": k + 1}
    prices = {t: exactly(ZERO) if point.settled(t) else -point.slope(t, live.ce) for t in live.kinks}  # s c_t
    change = total(
        exactly(max(rises[t], ZERO)) * price - exactly(rises[t]) * live.root.enclose(live.mu[t])
        for t, price in prices.items()
    )
    down["v"].need(change.high < 0, "no-descent", "sum of s c_t max(<v, w_t>, 0) - mu_t <v, w_t> < 0")
    return point.evidence | {"neuron": k + 1}


def no_critical_point(inst: Instance, target: Target, fields: Fields, at: At) -> Fact | None:
    listed: list[Separate] = []
    spared: list[bool] = []
    for item in fields["neurons"].items():
        entry = item.keys(("neuron", "faces"))
        i = entry["neuron"].index(1, len(target.pattern)) - 1
        later = not listed or i > listed[-1].neuron
        entry["neuron"].need(later, "not-increasing", "increasing neurons", judged=True)
        listed.append(Separate(inst, target.pattern, i, item))
        spared.append(faces_excluded(listed[-1], target, entry["faces"]))
    fields["neurons"].need(listed, "missing-data", "at least one neuron", 0)
    if all(spared):  # each may come to loss 0: then all of L~ does
        covered = {d for neuron in listed for d in neuron.features}
        at_zero = target.positive_loss and all(d in covered for d, m in enumerate(inst.weight) if m > 0)
        at.need(at_zero, "missing-root", "a neuron without spared roots, or L~ = 0 if all are spared ones")
    return {"neurons": [neuron.neuron + 1 for neuron in listed]}


def faces_excluded(neuron: Separate, target: Target, faces_at: At) -> bool:
    """Goes through the sets T of a neuron; whether a root was spared."""
    spared: list[bool] = []

    def excluded_root(tight: tuple[int, ...], item: At) -> Root:
        alone = isinstance(item.value, dict) and set(item.value) == {"lambda"}
        fields = item.keys(("lambda",) if alone else ("lambda", "y", "c"))
        root = read_root(fields["lambda"])
        if alone:
            item.need(root.is_quantity(neuron.targets), "missing-data", "y and c, or the quantity sum_F M_d |r_d|^2")
            spared.append(True)
        else:
            CriticalRows(neuron, tight, root).excluded(fields, item)
        return root

    through_faces(neuron, target.zero_gradients or neuron.inst.theta > 0, faces_at, excluded_root)
    return bool(spared)


def through_faces(
    neuron: Separate, only_empty: bool, faces_at: At, on_root: Callable[[tuple[int, ...], At], Root]
) -> None:
    """Goes through the sets T of a neuron; each root of each T that is not empty is handed over, and comes back."""
    inst, wp, f, off = neuron.inst, neuron.inst.wp, neuron.weighted, neuron.free
    candidates = [t for t in off if neuron.spans([*f, *(d for d in off if d != t)], t)]
    if only_empty:
        candidates = []
    faces = iter(faces_at.items())
    stack: list[tuple[int, ...]] = [()]
    seen = 0
    while stack:  # preorder: the children are pushed last to first
        tight, seen = stack.pop(), seen + 1
        faces_at.need(seen <= MAX_FACES, "too-much-work", f"at most {MAX_FACES} sets T")
        if rank_of([wp[t] for t in tight]) < len(tight) or all(neuron.spans(tight, d) for d in f):
            continue
        below = [(*tight, t) for t in reversed(candidates) if not tight or t > tight[-1]]
        if all(neuron.spans([*f, *(d for d in tight if d != t)], t) for t in tight):
            item = next(faces, None)
            if item is None:
                faces_at.reject("missing-data", f"an entry for T = {written((tight,))}", "none")
            entry = item.keys(("tight", "empty") if item.has("empty") else ("tight", "basis", "roots"))
            named = entry["tight"].features(inst.n) == tight
            entry["tight"].need(named, "wrong-pattern", f"the next T, {written((tight,))}")
            if "empty" in entry:
                c = entry["empty"].vector(inst.n)
                rows = CriticalRows(neuron, tight)
                strict = rows.separates([(x > 0) - (x < 0) for x in c], entry["empty"])
                entry["empty"].need(strict, "empty-farkas", "c not all 0 on F")
                entry["empty"].need(inst.theta == 0 or sum(c) >= 0, "farkas-threshold", "sum_d c_d >= 0")
                cancel = not any(combination(zip(c, wp), inst.n_p))
                entry["empty"].need(cancel, "farkas-unequal", "sum_d c_d w_d = 0")
                continue
            roots = [on_root(tight, root) for root in entry["roots"].items()]
            complete(roots, neuron.face(tight, entry["basis"]), entry["roots"])
        stack += below
    faces_at.need(next(faces, None) is None, "missing-data", "no entries but those asked for")


@dataclass(frozen=True)
class CriticalRows:
    """The critical rows of a face at a root, or those with <e, w_t> = theta on `zero` and < theta on `below`."""

    neuron: Separate
    tight: tuple[int, ...]
    root: Root | None = None
    more: tuple[int, ...] = ()  # zero beyond T
    below: tuple[int, ...] = ()

    @property
    def zero(self) -> tuple[int, ...]:
        return (*self.tight, *self.more)

    def separates(self, signs: Sequence[int], at: At) -> bool:
        """c >= 0 on F, c <= 0 on features neither in F nor in `zero`; whether it is not 0 somewhere on F or below."""
        neuron, zero = self.neuron, self.zero
        sided = all(signs[d] >= 0 for d in neuron.features)
        sided = sided and all(signs[d] <= 0 for d in neuron.off if d not in zero)
        sided = sided and not any(signs[d] for d in neuron.off if d in neuron.held)
        at.need(sided, "wrong-side", "c >= 0 on F, c <= 0 off F and T")
        return any(signs[d] for d in (*neuron.features, *self.below))

    def combined(self, fields: Fields, rest: Sequence[Polynomial], at: At) -> bool:
        """y and c with (A - lambda B) y + sum_d c_d w_d + rest = 0; whether the sum is > 0 on all rows."""
        assert self.root is not None
        neuron, inst, root = self.neuron, self.neuron.inst, self.root
        y = read_element(fields["y"], inst.n_p, root)
        c = read_element(fields["c"], inst.n, root)
        strict = self.separates([root.sign(p, fields["c"]) for p in c], fields["c"])
        whole = inst.theta == 0 or root.sign(plus(*((ONE, p) for p in c)), fields["c"]) >= 0
        fields["c"].need(whole, "farkas-threshold", "sum_d c_d >= 0")
        upward = all(root.sign(inner(inst.wp[t], y), fields["y"]) >= 0 for t in self.tight)
        fields["y"].need(upward, "wrong-side", "<y, w_t> >= 0 on T")
        balance = neuron.balance(y, c, root)
        left = [root.reduce(plus((ONE, p), (ONE, extra))) for p, extra in zip(balance, rest, strict=True)]
        at.need(not any(left), "farkas-unequal", "(A - lambda B) y + sum_d c_d w_d and what else there is add up to 0")
        return strict

    def excluded(self, fields: Fields, at: At) -> None:
        strict = self.combined(fields, [()] * self.neuron.inst.n_p, at)
        fields["c"].need(strict, "empty-farkas", "c not all 0 on F")


# Small moves of one row: the cones between its kinks, and what a move costs there


def direction_of(v: Vector) -> tuple[int, ...]:
    """The coprime integers in the direction of v."""
    scale = lcm(*(x.denominator for x in v))
    numbers = [int(x * scale) for x in v]
    common = gcd(*numbers)
    return tuple(x // common for x in numbers) if common else tuple(numbers)


MAX_RAYS = 4096


def sectors(normals: Sequence[Vector], dimension: int, at: At) -> list[tuple[Matrix, Matrix]]:
    """(lines, rays) of each cone into which the hyperplanes cut the space (format 6, Cones)."""
    axes = tuple(tuple(ONE if i == j else ZERO for j in range(dimension)) for i in range(dimension))
    cones: list[tuple[Matrix, Matrix]] = [(axes, ())]
    for w in normals:
        cut: list[tuple[Matrix, Matrix]] = []
        for lines, rays in cones:
            across = next((k for k, line in enumerate(lines) if dot(line, w)), None)
            if across is None:
                sides = {s: [r for r in rays if (dot(r, w) > 0) - (dot(r, w) < 0) == s] for s in (1, 0, -1)}
                if not sides[1] or not sides[-1]:
                    cut.append((lines, rays))
                    continue
                mixed_rays = (
                    tuple(-dot(y, w) * a + dot(x, w) * b for a, b in zip(x, y)) for x in sides[1] for y in sides[-1]
                )
                inside = [*sides[0], *(tuple(map(Fraction, direction_of(r))) for r in mixed_rays if any(r))]
                cut += [(lines, (*sides[s], *inside)) for s in (1, -1)]
                continue
            line = lines[across]
            rise = dot(line, w)

            def level(x: Vector) -> Vector:
                share = dot(x, w) / rise
                return tuple(map(Fraction, direction_of(tuple(a - share * b for a, b in zip(x, line)))))

            rest = tuple(level(x) for k, x in enumerate(lines) if k != across)
            flat = [r for r in map(level, rays) if any(r)]
            up = line if rise > 0 else tuple(-x for x in line)
            cut += [(rest, (*flat, up)), (rest, (*flat, tuple(-x for x in up)))]
        cones = cut
        at.need(sum(len(a) + len(b) for a, b in cones) <= MAX_RAYS, "too-much-work", f"at most {MAX_RAYS} lines and rays")
    return cones


def multiplied(p: Polynomial, q: Polynomial) -> Polynomial:
    return plus(*((a, (ZERO,) * k + q) for k, a in enumerate(p) if a))


def slope_row(neuron: Separate, woken: Iterable[int], v: Vector) -> tuple[Polynomial, ...]:
    """h with phi(v) = <h, e>: -(A - lambda B) v - sum_S M_t <v, w_t> C^T r_t."""
    inst = neuron.inst
    pull = combination(((inst.weight[t] * dot(v, inst.wp[t]), inst.wr[t]) for t in woken), inst.n_r)
    felt = times(transpose(neuron.c), pull)
    return tuple(
        polynomial((-x - z, y)) for x, y, z in zip(times(neuron.a, v), times(neuron.b, v), felt, strict=True)
    )


def costs(neuron: Separate, woken: Sequence[int], vectors: Sequence[Vector]) -> list[list[Polynomial]]:
    """v^T (lambda B_S - A_S) w for any two of the vectors, S awake."""
    inst = neuron.inst
    _, b, c = moments(inst, [*neuron.features, *woken])
    out = [times(c, v) for v in vectors]
    return [
        [polynomial((-dot(x, y), dot(v, times(b, w)))) for y, w in zip(out, vectors, strict=True)]
        for x, v in zip(out, vectors, strict=True)
    ]


def interpolated(values: Sequence[Fraction]) -> Polynomial:
    """The polynomial with these values at 0, 1, 2, .. (Newton)."""
    table = list(values)
    for step in range(1, len(table)):
        for t in range(len(table) - 1, step - 1, -1):
            table[t] = (table[t] - table[t - 1]) / step
    p: Polynomial = ()
    for t in range(len(table) - 1, -1, -1):
        p = plus((ONE, (ZERO, *p)), (Fraction(-t), p), (table[t], (ONE,)))
    return p


def never_gains(neuron: Separate, woken: Sequence[int], lines: Matrix, rays: Sequence[Vector], root: Root, at: At) -> bool:
    """q <= 0 on the lines and rays, term by term or on all of their span."""
    form = costs(neuron, woken, [*lines, *rays])
    size, flat = len(form), len(lines)
    places = [(i, j) for i in range(size) for j in range(size)]

    def fits(i: int, j: int) -> bool:
        sign = root.sign(form[i][j], at)
        return sign == 0 if min(i, j) < flat else sign >= 0

    if all(fits(i, j) for i, j in places):
        return True
    # det(s I + N) for lambda = 0, 1, .., size, and each of its coefficients as a polynomial in lambda
    minus_identity = tuple(tuple(-ONE if i == j else ZERO for j in range(size)) for i in range(size))
    rows: list[list[Fraction]] = []
    for t in range(size + 1):
        at_t = tuple(tuple(sum((c * t**k for k, c in enumerate(p)), ZERO) for p in row) for row in form)
        p = characteristic(at_t, minus_identity)
        rows.append([*p, *([ZERO] * (size + 1 - len(p)))])
    return all(root.sign(interpolated([row[size - k] for row in rows]), at) >= 0 for k in range(1, size + 1))


class Leaf:
    """A part of the rows of a face at a root, and what its data may refer to."""

    def __init__(self, rows: CriticalRows, pattern: Pattern) -> None:
        self.rows, self.neuron, self.inst = rows, rows.neuron, rows.neuron.inst
        self.weighted = [t for t in self.neuron.free if self.inst.weight[t] > 0]
        self.known = {*rows.zero, *rows.below}
        self.in_sets = {d for features in pattern for d in features}

    def woken(self, v: Vector, at: At) -> list[int]:
        raised = [t for t in self.weighted if dot(v, self.inst.wp[t]) > 0]
        at.need(all(t in self.known for t in raised), "missing-data", "a side for every feature that v raises")
        awake = [t for t in raised if t in self.rows.zero]
        free = self.inst.theta == 0 and not self.in_sets & set(awake)
        at.need(free or not awake, "wrong-side", "kinks at features of no set")
        return awake

    def minima(self, at: At) -> set[int]:
        """Every row is a local minimum of what its neuron costs with the kinks, which are returned."""
        rows, root = self.rows, self.rows.root
        assert root is not None
        at.need(all(t in self.known for t in self.weighted), "missing-data", "a side for every feature of weight > 0")
        counted = [t for t in rows.zero if t in self.weighted]
        at.need(not self.in_sets & set(counted), "wrong-side", "kinks at features of no set")
        strict: dict[tuple[int, ...], bool] = {}
        for item in at.keys(("rays",))["rays"].items():
            fields = item.keys(("v", "y", "c"))
            v = fields["v"].vector(self.inst.n_p)
            against = [plus((-ONE, p)) for p in slope_row(self.neuron, self.woken(v, item), v)]
            strict[direction_of(v)] = rows.combined(fields, against, item)
        for lines, rays in sectors([self.inst.wp[t] for t in rows.zero], self.inst.n_p, at):
            at.need(all(direction_of(r) in strict for r in rays), "missing-data", "a proof for every ray")
            level = [r for r in rays if not strict[direction_of(r)]]
            awake = [t for t in counted if any(dot(r, self.inst.wp[t]) > 0 for r in rays)]
            settled = never_gains(self.neuron, awake, lines, level, root, at)
            at.need(settled, "no-price", "no gain to second order in a cone between kinks")
        return set(counted)


def through_rows(neuron: Separate, pattern: Pattern, faces_at: At, on_leaf: Callable[[Leaf, At], None]) -> None:
    """All critical rows of a neuron: by face and root, and then by the sides that `split` tells apart."""

    def walk(rows: CriticalRows, at: At) -> None:
        if not at.has("split"):
            on_leaf(Leaf(rows, pattern), at)
            return
        fields = at.keys(("split", "zero", "below"))
        t = fields["split"].index(1, neuron.inst.n) - 1
        fresh = t in neuron.free and t not in (*rows.zero, *rows.below)
        fields["split"].need(fresh, "wrong-side", "a feature off F whose side is open")
        walk(CriticalRows(neuron, rows.tight, rows.root, (*rows.more, t), rows.below), fields["zero"])
        walk(CriticalRows(neuron, rows.tight, rows.root, rows.more, (*rows.below, t)), fields["below"])

    def on_root(tight: tuple[int, ...], item: At) -> Root:
        fields = item.keys(("lambda", "rows"))
        root = read_root(fields["lambda"])
        walk(CriticalRows(neuron, tight, root), fields["rows"])
        return root

    through_faces(neuron, neuron.inst.theta > 0, faces_at, on_root)


def no_minimum(inst: Instance, target: Target, fields: Fields, at: At) -> Fact | None:
    k = fields["neuron"].index(1, len(target.pattern)) - 1
    neuron = Separate(inst, target.pattern, k, fields["neuron"])

    def leaf(part: Leaf, leaf_at: At) -> None:
        root = part.rows.root
        assert root is not None
        entry = leaf_at.keys(("y", "c", "ways"))
        rest: list[Polynomial] = [()] * inst.n_p
        strict = False
        for item in entry["ways"].items():
            way = item.keys(("v", "weight"))
            v = way["v"].vector(inst.n_p)
            (weight,) = read_element(way["weight"], 1, root)
            awake = part.woken(v, item)
            sign = root.sign(weight, way["weight"])
            way["weight"].need(sign >= 0, "not-positive", "a weight >= 0")
            strict = strict or (sign > 0 and root.sign(costs(neuron, awake, [v])[0][0], item) < 0)
            h = slope_row(neuron, awake, v)
            rest = [plus((ONE, p), (ONE, multiplied(weight, x))) for p, x in zip(rest, h, strict=True)]
        positive = part.rows.combined(entry, rest, leaf_at)
        leaf_at.need(positive or strict, "empty-farkas", "not all of c on F and below, and of the ways that gain, 0")

    through_rows(neuron, target.pattern, fields["faces"], leaf)
    return {"neuron": k + 1}


def no_saddle(inst: Instance, target: Target, fields: Fields, at: At) -> Fact | None:
    at.need(inst.theta == 0, "wrong-rule", "a threshold of 0")
    at.need(all(target.pattern), "missing-data", "no empty set")
    owners: dict[int, int] = {}
    for i, item in enumerate(fields["neurons"].items(len(target.pattern))):
        neuron = Separate(inst, target.pattern, i, item)

        def leaf(part: Leaf, leaf_at: At) -> None:
            if leaf_at.has("y"):
                part.rows.excluded(leaf_at.keys(("y", "c")), leaf_at)
                return
            for t in part.minima(leaf_at):
                alone = owners.setdefault(t, part.neuron.neuron) == part.neuron.neuron
                leaf_at.need(alone, "wrong-side", "kinks of one neuron only")

        through_rows(neuron, target.pattern, item.keys(("faces",))["faces"], leaf)
    return None


def blocks(inst: Instance, subject: tuple[Target, str], fields: Fields, at: At) -> Fact | None:
    target, kind = subject
    pattern = target.pattern
    different = list(dict.fromkeys(features for features in pattern if features))
    apart = equal_or_apart(pattern)
    at.need(apart, "not-a-partition", "sets that are equal or do not meet")
    loads = [sum(d in features for features in pattern) for d in range(inst.n)]
    at.need(inst.kind != "topk" or max(loads) <= inst.k, "wrong-pattern", f"no feature in more than {inst.k} sets")
    for item in fields["dead"].items(sum(not features for features in pattern)):
        asleep = all(value < inst.theta for value in times(inst.wp, item.vector(inst.n_p)))
        item.need(asleep, "at-a-kink", "<e, w_d> < theta for every d")
    loss = exactly(whole_loss(inst))
    for features, item in zip(different, fields["blocks"].items(len(different))):
        entry = item.keys(("eigen", "rows"))
        a, b, _ = moments(inst, features)
        weighted = [d for d in features if inst.weight[d] > 0]
        r, k = rank_of([inst.wp[d] for d in weighted]), pattern.count(features)
        item.need(r > 0, "not-a-partition", "a feature of weight > 0")
        pairs: list[tuple[Root, Element]] = []
        for eigen in entry["eigen"].items(r):
            parts = eigen.keys(("lambda", "v"))
            root = read_root(parts["lambda"])
            v = read_element(parts["v"], inst.n_p, root)
            rest = (
                root.reduce(plus((ONE, inner(x, v)), (-ONE, (ZERO, *inner(y, v))))) for x, y in zip(a, b, strict=True)
            )
            parts["v"].need(not any(rest), "not-critical", "(A - lambda B) v = 0")
            parts["v"].need(root.enclose(form(b, v, v, root)).low > 0, "too-wide", "v^T B v > 0")
            pairs.append((root, v))
        for m, (one, v) in enumerate(pairs):
            for other, w in pairs[:m]:
                split = one.ends.high < other.ends.low or other.ends.high < one.ends.low
                same = same_root(one, other) and not form(b, v, w, one)
                entry["eigen"].need(split or same, "wrong-basis", "different roots, or v^T B v' = 0")
        q = min(k, r)
        rows = [x.keys(("t", "flat")) for x in entry["rows"].items(k)]
        shares = [row["t"].vector(q) for row in rows]
        entry["rows"].need(rank_of(shares) == q, "wrong-basis", f"combinations of rank {q}")
        for row, t in zip(rows, shares):
            flat = row["flat"].vector(inst.n_p)
            row["flat"].need(not any(dot(flat, inst.wp[d]) for d in weighted), "wrong-basis", "<flat, w_d> = 0 on F'")
            for d, w in enumerate(inst.wp):
                z = exactly(dot(flat, w) - inst.theta)
                for share, (root, v) in zip(t, pairs):
                    z = z + exactly(share) * root.enclose(root.reduce(inner(w, v)))
                fits = z.low > 0 if d in features else z.high < 0
                row["t"].need(fits, "wrong-pattern", f"a row on its side of feature {d + 1}")
        used, rest_ = [root for root, _ in pairs[:q]], [root for root, _ in pairs[q:]]
        loss = loss - total(root.ends for root in used)
        if kind == "critical minimum":
            top = all(same_root(x, y) or x.ends.low >= y.ends.high for x in used for y in rest_)
            entry["eigen"].need(top, "missing-root", "the largest lambda in use")
        elif any(x.ends.high < y.ends.low for x in used for y in rest_):
            kind = "critical any"  # for a saddle one block is enough
    at.need(kind != "critical saddle", "no-descent", "some lambda in use below one that is not")
    return {"loss": bounds_of(loss)}


def enclosed_minimum(inst: Instance, target: Target, fields: Fields, at: At) -> Fact | None:
    pattern = target.pattern
    alive = [i for i, features in enumerate(pattern) if features]
    for item in fields["dead"].items(len(pattern) - len(alive)):
        asleep = all(value < inst.theta for value in times(inst.wp, item.vector(inst.n_p)))
        item.need(asleep, "at-a-kink", "<e, w_d> < theta for every d")
    loss = exactly(whole_loss(inst))
    for i, item in zip(alive, fields["live"].items(len(alive))):
        neuron, entry = Separate(inst, pattern, i, item), item.keys(("e", "beta", "sigma", "y", "definite", "parts"))
        e, y = entry["e"].vector(inst.n_p), entry["y"].vector(inst.n_p)
        beta, sigma = entry["beta"].quantity(), entry["sigma"].quantity()
        ae, be = times(neuron.a, e), times(neuron.b, e)
        s = dot(e, be)
        entry["e"].need(s > 0, "not-positive", "e^T B e > 0", show(s))
        rho = dot(e, ae) / s
        entry["beta"].need(rho > beta, "not-critical", f"a quantity below {show(rho)}")
        shifted = tuple(
            tuple(beta * b - a + sigma * p * q for a, b, q in zip(row_a, row_b, be))
            for row_a, row_b, p in zip(neuron.a, neuron.b, be)
        )
        factored(shifted, entry["definite"].keys(("l", "d")))
        f = minus(ae, tuple(rho * x for x in be))
        entry["y"].need(times(neuron.b, y) == f, "not-critical", "B y = (A - rho B) e")
        size, weighted = dot(y, f), [(inst.weight[k], inst.wp[k]) for k in neuron.weighted]
        for d, part in enumerate(entry["parts"].items(inst.n)):
            a = part.vector(len(weighted))
            rest = minus(inst.wp[d], combination(zip(a, (w for _, w in weighted)), inst.n_p))
            part.need(not any(dot(rest, w) for _, w in weighted), "wrong-basis", "w_d - sum a_k w_k orthogonal to F'")
            x = dot(e, inst.wp[d]) - inst.theta
            reach = sum((c * c / m for c, (m, _) in zip(a, weighted)), ZERO)
            sided = x > 0 if d in neuron.features else x < 0
            settled = (x * (rho - beta)) ** 2 > size * reach
            part.need(sided and settled, "wrong-pattern", f"an eigenvector on its side of feature {d + 1}")
        loss = loss - Interval(rho, rho + size / ((rho - beta) * s))
    return {"loss": bounds_of(loss), "face": False}


def equal_or_apart(pattern: Pattern) -> bool:
    return all(x == y or set(x).isdisjoint(y) for k, x in enumerate(pattern) for y in pattern[:k])


def same_root(x: Root, y: Root) -> bool:
    return (x.f, x.ends) == (y.f, y.ends)


def form(b: Matrix, v: Element, w: Element, root: Root) -> Polynomial:
    """v^T B w, reduced."""
    terms: Polynomial = ()
    for row, left in zip(b, v):
        right = root.reduce(inner(row, w))
        shifted = [(c, (ZERO,) * k + right) for k, c in enumerate(left) if c]
        terms = plus((ONE, terms), *shifted)
    return root.reduce(terms)


def relation(inst: Instance, at: At) -> Vector:
    """n quantities c_d with sum c_d w_d = 0."""
    c = at.vector(inst.n)
    at.need(not any(combination(zip(c, inst.wp), inst.n_p)), "farkas-unequal", "sum c_d w_d = 0")
    return c


def spanning_relation(inst: Instance, subject: Any, fields: Fields, at: At) -> Fact | None:
    positive = all(x > 0 for x in relation(inst, fields["combination"]))
    fields["combination"].need(positive, "not-positive", "quantities > 0")
    at.need(rank_of(inst.wp) == inst.n_p, "does-not-hold", "directions that span the space")
    return None


def half_space_row(inst: Instance, subject: None, fields: Fields, at: At) -> Fact | None:
    e = fields["e"].vector(inst.n_p)
    fields["e"].need(any(e) and max(times(inst.wp, e)) <= 0, "does-not-hold", "e not 0, <e, w_d> <= 0 for every d")
    return {"row": texts(e)}


def no_strict_trap(inst: Instance, pattern: Pattern, fields: Fields, at: At) -> Fact | None:
    spanning_relation(inst, pattern, fields, at)
    at.need(not all(pattern), "does-not-hold", "an empty set")
    several = "neurons" in fields
    at.keys(("rule", "combination", "neurons" if several else "neuron"))
    n = len(pattern)
    chosen = fields["neurons"].features(n) if several else (fields["neuron"].index(1, n) - 1,)
    blocks = [moments(inst, pattern[i])[2] for i in chosen]
    columns = [tuple(row[q] for row in c) for c in blocks for q in range(inst.n_p)]
    met = {d for i in chosen for d in pattern[i]}
    meeting = sum(not met.isdisjoint(features) for features in pattern)
    at.need(rank_of(columns) > meeting, "does-not-hold", f"a rank above {meeting}")
    return {"neurons": numbered(chosen)} if several else {"neuron": chosen[0] + 1}


def strict_minimum(inst: Instance, pattern: Pattern, fields: Fields, at: At) -> Fact | None:
    point = read_configuration(inst, fields)
    shows(inst, pattern, point.encoder, at)
    live = [i for i, features in enumerate(pattern) if features]
    at.need(all(all(point.z[i]) for i in live), "at-a-kink", "no <e_i, w_d> = 0 of a neuron that is not dead")
    return {"facts": prove(inst, Judgement("local minimum", point), fields["proof"])}


# Valleys


def code_of(inst: Instance, v: Vector) -> Vector:
    """What a neuron with row v passes on the features of weight > 0."""
    products = (dot(v, w) for w, m in zip(inst.wp, inst.weight) if m)
    return tuple(z if z > inst.theta else ZERO for z in products)


def code_rank(inst: Instance) -> int:
    """rank Z."""
    return rank_of([code_of(inst, e) for e in inst.encoder.we])


class Codes(dict[int, Vector]):
    """Those of a configuration's rows, when they are asked for."""

    def __init__(self, point: Configuration) -> None:
        super().__init__()
        self.point = point

    def __missing__(self, i: int) -> Vector:
        if len(self) * self.point.inst.n > MOST_PAIRS:
            raise Reject("too-much-work", "$", f"at most {MOST_PAIRS} pairs of neuron and feature", "more")
        self[i] = code_of(self.point.inst, self.point.encoder.we[i])
        return self[i]


def freed(codes: Codes, items: Sequence[At]) -> dict[int, Vector]:
    """The neurons whose columns can go to 0 while others make up for it, each with its new row."""
    inst = codes.point.inst
    parts = [item.keys(("neuron", "code", "row")) for item in items]
    rows: dict[int, Vector] = {}
    for part in parts:
        j = part["neuron"].index(1, inst.neurons) - 1
        part["neuron"].need(j not in rows, "repeated-row", "different neurons", j + 1)
        rows[j] = part["row"].vector(inst.n_p)
    for j, part in zip(list(rows), parts):
        terms = []
        for item in part["code"].items():
            term = item.keys(("neuron", "weight"))
            b = term["neuron"].index(1, inst.neurons) - 1
            term["neuron"].need(b not in rows, "wrong-side", "a neuron that keeps its row", b + 1)
            terms.append((term["weight"].quantity(), codes[b]))
        same = combination(terms, len(codes[j])) == codes[j]
        part["code"].need(same, "does-not-hold", f"the code of neuron {j + 1}")
    return rows


def valley_exit(inst: Instance, subject: tuple[Configuration, str], fields: Fields, at: At) -> Fact | None:
    point, to = subject
    at.keys(("rule", "moved", "p", "rows") if to == "zero" else ("rule", "moved"))
    codes = Codes(point)
    rows = freed(codes, fields["moved"].items(None if to == "zero" else 1))
    if to == "zero":
        p = fields["p"].index(2, 2_097_152)
        n = sum(map(bool, inst.weight))
        at.need(n <= 2_047, "too-much-work", "at most 2,047 features of weight > 0", n)
        neurons = [item.index(1, inst.neurons) - 1 for item in fields["rows"].items(n)]
        fields["rows"].need(len(set(neurons)) == n, "repeated-row", "different neurons")
        new = {j: code_of(inst, v) for j, v in rows.items()}
        taken = (new[i] if i in new else codes[i] for i in neurons)
        regular((residues(code, p) for code in taken), n, p, fields["rows"])
        return {"loss": exact(point.loss), "neurons": numbered(rows), "modulo": p}
    ((j, v),) = rows.items()
    weights, rho = zip(*((m, r) for m, r in zip(inst.weight, point.residuals) if m)) if any(inst.weight) else ((), ())
    f = code_of(inst, v)
    phi = combination([(m * x, r) for m, x, r in zip(weights, f, rho)], inst.n_r)
    at.need(any(phi), "no-descent", "a row v with sum_d M_d f_d(v) rho_d not 0", texts(v))
    lower = point.loss - square(phi) / sum(m * x * x for m, x in zip(weights, f))
    return {"loss": exact(point.loss), "lower": str(lower), "neuron": j + 1, "row": texts(v)}


def steps(inst: Instance, subject: tuple[Configuration, str], fields: Fields, at: At) -> Fact | None:
    point, to = subject
    before = point
    for part in fields["steps"].items():
        given = part.keys(("wd",) if part.has("wd") else ("we",))
        if "wd" in given:
            after = Configuration(inst, before.encoder, inst.read_decoder(given))
        else:
            after = Configuration(inst, Encoder(given["we"].matrix(inst.neurons, inst.n_p)), before.wd)
            pairs = (
                (x, y)
                for was, is_ in zip(before.z, after.z)
                for x, y, m in zip(was, is_, inst.weight)
                if m
            )
            theta = inst.theta
            same = all((x > theta) == (y > theta) if theta else x * y >= 0 for x, y in pairs)
            given["we"].need(same, "wrong-side", "pre-activations that stay on their sides")
        changes = zip(inst.weight, before.residuals, after.residuals)
        slope = sum((m * dot(new, minus(new, old)) for m, old, new in changes if m), ZERO)
        part.need(slope <= 0, "does-not-hold", "L~ that does not rise at the end of the step", show(slope))
        before = after
    down = before.loss == 0 if to == "zero" else before.loss < point.loss
    at.need(down, "no-descent", "a smaller L~ at the end", show(before.loss))
    return {"loss": exact(point.loss), "lower": str(before.loss), "count": str(len(fields["steps"].items()))}


def no_zero_loss(inst: Instance, subject: tuple[Configuration, str], fields: Fields, at: At) -> Fact | None:
    at.need(subject[1] == "zero", "wrong-rule", "a rule for no way to less")
    if "features" not in fields:
        rank = rank_of([r for r, m in zip(inst.wr, inst.weight) if m])
        at.need(rank > inst.neurons, "does-not-hold", "targets of a rank above n_q", rank)
        return {"count": str(rank)}
    homogeneous = inst.kind in ("relu", "jumprelu") and inst.theta == 0
    at.need(homogeneous, "wrong-rule", "ReLU, or a threshold of 0", inst.kind)
    c, d = (item.index(1, inst.n) - 1 for item in fields["features"].items(2))
    s = dot(inst.wp[c], inst.wp[d]) / square(inst.wp[c])
    scaled = [tuple(s * x for x in v) for v in (inst.wp[c], inst.wr[c])]
    told = s > 0 and scaled[0] == inst.wp[d] and scaled[1] != inst.wr[d] and inst.weight[c] and inst.weight[d]
    fields["features"].need(told, "does-not-hold", "features on one ray, of positive weight, whose targets are not")
    return {"on": [{"feature": c + 1, "weight": str(s)}], "off": [{"feature": d + 1, "weight": "1"}]}


def residues(code: Vector, p: int) -> list[int]:
    """Of the entries times their common denominator."""
    return [x % p for x in over_one_denominator(code)[0]]


# Weights of one's own choice


def own_weights(inst: Instance, pattern: Pattern, fields: Fields, at: At) -> Fact | None:
    items = fields["weights"].items(inst.n)
    weights = tuple(item.positive() for item in items)
    proof = fields["proof"]
    proof.need(proof.has("rule"), "missing-key", 'the key "rule"')
    name = proof.child("rule").word(RULES)
    proof.need(name == "partial-minimum", "wrong-rule", "rule partial-minimum", name)
    goal = Judgement(PARTIAL, Target(pattern, True, True))
    return {"weights": texts(weights), "facts": prove(replace(inst, weight=weights), goal, proof)}


def no_own_weights(inst: Instance, pattern: Pattern, fields: Fields, at: At) -> Fact | None:
    i = fields["neuron"].index(1, len(pattern)) - 1
    features = pattern[i]
    others = {d for j, set_ in enumerate(pattern) if j != i for d in set_}
    fields["neuron"].need(not others & set(features), "not-a-partition", "a set that meets no other", written(pattern))
    w, r = ([vectors[d] for d in features] for vectors in (inst.wp, inst.wr))
    none, no_y = (ZERO,) * inst.n_p, (ZERO,) * len(features)
    proportional = [(*wd, *(-dot(rd, rc) for rc in r)) for wd, rd in zip(w, r)]
    if any(without_solution(inst, features, proportional, fields["active"])[: len(features)]):
        fields["active"].need(rank_of(w) == len(features), "does-not-hold", "independent directions of the set")
    cancelling = [(*none, *(rd[q] for rd in r)) for q in range(inst.n_r)]
    without_solution(inst, features, cancelling, fields["silent"])
    return {"neuron": i + 1}


def without_solution(inst: Instance, features: Sequence[int], equations: Sequence[Vector], at: At) -> Vector:
    """Multipliers of the equations, of the features and of y > 0, which show that no (e, y) satisfies them all."""
    n, k = inst.n, len(features)
    at_features = [(*w, *(ZERO,) * k) for w in inst.wp]
    at_y = [(*(ZERO,) * inst.n_p, *(Fraction(int(a == b)) for b in range(k))) for a in range(k)]
    c = at.vector(len(equations) + n + k)
    of_feature, of_y = c[len(equations) : len(equations) + n], c[len(equations) + n :]
    signs = [x >= 0 if d in features else x <= 0 for d, x in enumerate(of_feature)] + [x >= 0 for x in of_y]
    at.need(all(signs), "wrong-side", "multipliers of the signs of their inequalities")
    total = combination(zip(c, (*equations, *at_features, *at_y)), inst.n_p + k)
    at.need(not any(total), "farkas-unequal", "multiples that add up to 0")
    at.need(any(of_y) or any(of_feature[d] for d in features), "empty-farkas", "a strict inequality among them")
    return c


# All instances within a radius


Box = tuple[Interval, ...]  # a vector of each of them


def cells(inst: Instance, pattern: Pattern, fields: Fields, at: At) -> Fact | None:
    rho = inst.radius
    if rho is None or rho <= 0:
        raise Reject("missing-data", "$.instance.radius", "a radius > 0", rho)

    def around(x: Fraction) -> Interval:
        return Interval(x - rho, x + rho)

    def boxes(vectors: Iterable[Vector]) -> list[Box]:
        return [tuple(map(around, v)) for v in vectors]

    w = boxes(inst.wp)
    for e, features in zip(fields["we"].matrix(len(pattern), inst.n_p), pattern):
        for d, box in enumerate(w):
            z = spread(e, box)
            sure = z.low > 0 if d in features else z.high <= 0
            fields["we"].need(sure, "wrong-pattern", "a row that keeps its sides within the radius", show(d + 1))
    i = fields["neuron"].index(1, len(pattern)) - 1
    own_set = pattern[i]
    others = {d for j, features in enumerate(pattern) if j != i for d in features}
    alone = len(own_set) > 1 and not others & set(own_set)
    fields["neuron"].need(alone, "not-a-partition", "two features or more, of no other set", written(pattern))
    m = [around(inst.weight[d]) for d in own_set]
    fields["neuron"].need(all(x.low > 0 for x in m), "does-not-hold", "weights > 0 within the radius")
    r = boxes(inst.wr[d] for d in own_set)
    size = len(own_set)

    def pairs(c: int, d: int, v: Vector) -> Callable[[Interval, Interval], Interval]:
        return lambda of_c, of_d: exactly(v[c]) * of_d - exactly(v[d]) * of_c

    def product_of(a: Sequence[Interval], b: Sequence[Interval]) -> Interval:
        return total(x * y for x, y in zip(a, b, strict=True))

    def trilinear(three: Sequence[Vector], y: Sequence[Interval]) -> Interval:
        p = [[total(m[b] * exactly(v[b]) * r[b][q] for b in range(size)) for q in range(inst.n_r)] for v in three]
        value = exactly(ZERO)
        for c in range(size):
            for d in range(c + 1, size):
                beside = [[pairs(c, d, v)(r[c][q], r[d][q]) for q in range(inst.n_r)] for v in three]
                turns = (
                    pairs(c, d, three[j])(y[c], y[d])
                    * (product_of(p[k], beside[l]) + product_of(p[l], beside[k]))
                    for j, k, l in ((0, 1, 2), (1, 2, 0), (2, 0, 1))
                )
                value += m[c] * m[d] * total(turns)
        return value

    def along(rays: Sequence[Vector], part: At) -> None:
        h = part.vector(inst.n_p)
        y = [spread(h, box) for box in w]
        held = all(y[d].high <= 0 for d in range(inst.n) if d not in own_set)
        part.need(held, "wrong-side", "<h, w_t> <= 0 off the set, within the radius")
        chosen = [y[d] for d in own_set]
        for j, k, l in combinations_with_replacement(range(size), 3):
            value = trilinear((rays[j], rays[k], rays[l]), chosen)
            part.need(value.low > 0, "does-not-hold", "T > 0 at any three rays, within the radius", show(value.low))

    def without_rows(rays: Sequence[Vector], part: At) -> None:
        part.need(inst.n_p <= 8, "too-much-work", "determinants of at most 8 directions", inst.n_p)
        list_ = [item.index(1, inst.n) - 1 for item in part.items(inst.n_p + 1)]
        k = [determinant_of([w[d] for d in (*list_[:s], *list_[s + 1 :])]) for s in range(len(list_))]
        k = [-x if s % 2 else x for s, x in enumerate(k)]
        sides = all(x.high <= 0 for x, d in zip(k, list_) if d not in own_set)
        part.need(sides, "wrong-side", "multipliers <= 0 off the set, within the radius")
        for v in rays:
            value = total(x * exactly(v[own_set.index(d)]) for x, d in zip(k, list_) if d in own_set)
            part.need(value.low > 0, "empty-farkas", "a sum > 0 at every ray, within the radius", show(value.low))

    def settle(rays: Sequence[Vector], part: At) -> int:
        if part.has("split"):
            cut = part.keys(("split", "parts"))
            items = [item.keys(("ray", "weight")) for item in cut["split"].items(2)]
            j, k = (item["ray"].index(1, size) - 1 for item in items)
            cut["split"].need(j != k, "repeated-row", "two rays", "one")
            new = combination([(item["weight"].positive(), rays[x]) for item, x in zip(items, (j, k))], size)
            kept = [[new if x == gone else v for x, v in enumerate(rays)] for gone in (k, j)]
            return sum(settle(one, half) for one, half in zip(kept, cut["parts"].items(2)))
        if part.has("excluded"):
            without_rows(rays, part.keys(("excluded",))["excluded"])
        else:
            along(rays, part.keys(("direction",))["direction"])
        return 1

    units = [tuple(Fraction(int(a == b)) for b in range(size)) for a in range(size)]
    return {"neuron": i + 1, "radius": str(rho), "count": str(settle(units, fields["cell"]))}


def determinant_of(rows: Sequence[Box]) -> Interval:
    """Along the first row."""
    if not rows:
        return exactly(ONE)
    terms = (x * determinant_of([(*row[:c], *row[c + 1 :]) for row in rows[1:]]) for c, x in enumerate(rows[0]))
    return total(-x if c % 2 else x for c, x in enumerate(terms))


# The least loss of one neuron


def least_loss(inst: Instance, subject: None, fields: Fields, at: At) -> Fact | None:
    at.need(inst.neurons == 1, "wrong-rule", "an instance with one neuron", inst.neurons)
    root = read_root(fields["lambda"])
    e = read_element(fields["e"], inst.n_p, root)
    z = [root.reduce(inner(w, e)) for w in inst.wp]
    on = [d for d, value in enumerate(z) if root.sign(value, fields["e"]) > 0]
    p = [plus(*((inst.weight[d] * inst.wr[d][q], z[d]) for d in on)) for q in range(inst.n_r)]
    s = root.reduce(plus(*((inst.weight[d], multiplied(z[d], z[d])) for d in on)))
    gained = plus(*((ONE, multiplied(x, x)) for x in p), (-ONE, (ZERO, *s)))
    live = root.is_quantity(ZERO) or root.sign(s, fields["e"]) > 0
    fields["e"].need(live and not root.reduce(gained), "does-not-hold", "a row that gains lambda")
    rows = fields["by"].word(("row", "column")) == "row"
    size = inst.n_p if rows else inst.n_r
    normals = inst.wp if rows else inst.wr

    def squares(matrix: list[list[Polynomial]], factors: At, here: Root) -> None:
        for item in factors.items():
            part = item.keys(("d", "l"))
            d, l = scalar(part["d"], here), read_element(part["l"], size_of(matrix), here)
            take(matrix, [[multiplied(d, here.reduce(multiplied(x, y))) for y in l] for x in l])
        factors.need(not any(here.reduce(x) for row in matrix for x in row), "wrong-factors", "squares of that sum")

    def scalar(part: At, here: Root) -> Polynomial:
        (x,) = read_element(part, 1, here)
        part.need(here.sign(x, part) >= 0, "negative-pivot", "a number >= 0")
        return x

    def settle(sides: list[tuple[Vector, bool]], chosen: dict[int, bool], part: At) -> int:
        """Each side a vector g, with <g, x> > 0 (True) or <= 0."""
        if part.has("parts"):
            by_feature = part.has("feature")
            cut = part.keys(("feature" if by_feature else "cut", "parts"))
            d = cut["feature"].index(1, inst.n) - 1 if by_feature else -1
            g = normals[d] if by_feature else cut["cut"].vector(size)
            total_ = 0
            for half, above in zip(cut["parts"].items(2), (True, False)):
                # a feature split by twice is, in a cell, off if it was so once, whatever else
                told = {**chosen, d: above and chosen.get(d, True)} if by_feature else chosen
                total_ += settle([*sides, (g, above)], told, half)
            return total_
        if part.has("empty"):
            listed = part.keys(("empty",))["empty"]
            c = listed.vector(len(sides))
            right = all(x >= 0 if above else x <= 0 for x, (_, above) in zip(c, sides))
            listed.need(right, "wrong-side", "multipliers of the signs of their inequalities")
            zero = combination([(x, g) for x, (g, _) in zip(c, sides)], size)
            listed.need(not any(zero), "farkas-unequal", "multiples that add up to 0")
            listed.need(any(x for x, (_, above) in zip(c, sides) if above), "empty-farkas", "a strict inequality")
            return 1
        as_targets = rows and part.has("targets")
        name = "targets" if as_targets else "factors"
        leaf = part.keys((name,), ("below",) if as_targets else ("below", "products"))
        here = root
        if "below" in leaf:
            here = read_root(leaf["below"])
            leaf["below"].need(here.ends.high <= root.ends.low, "does-not-hold", "at most lambda")
        open_ = [d for d in range(inst.n) if chosen.get(d, True)]
        if rows and not as_targets:
            undecided = [d for d in open_ if d not in chosen and inst.weight[d]]
            part.need(not undecided, "wrong-side", "a side for each feature", undecided)
            both = [d for d in open_ if d in chosen]
            a, b, _ = moments(inst, both)
        else:
            a = outer([(inst.weight[d], inst.wr[d], inst.wr[d]) for d in open_], inst.n_r, inst.n_r)
            b = tuple(tuple(Fraction(int(j == k)) for k in range(inst.n_r)) for j in range(inst.n_r))
        matrix = [[polynomial((-x, y)) for x, y in zip(of_a, of_b)] for of_a, of_b in zip(a, b)]
        for item in leaf["products"].items() if "products" in leaf else []:
            factor = item.keys(("left", "right", "weight"))
            pair = [sides[factor[key].index(1, len(sides)) - 1] for key in ("left", "right")]
            g, h = (v if above else tuple(-x for x in v) for v, above in pair)
            weight = scalar(factor["weight"], here)
            take(matrix, [[plus((x * y + u * v, weight)) for y, v in zip(h, g)] for x, u in zip(g, h)])
        squares(matrix, leaf[name], here)
        return 1

    count = settle([], {}, fields["tree"])
    loss = exactly(whole_loss(inst)) - root.ends
    evidence: Fact = {"loss": bounds_of(loss), "count": str(count)}
    if len(fields["e"].items()) > 1:
        return evidence
    row = [value_of(x) for x in e]
    divisor = value_of(s)
    column = [value_of(x) / divisor if divisor else ZERO for x in p]
    return evidence | {"row": texts(row), "column": texts(column)}


def rank_bound(inst: Instance, subject: None, fields: Fields, at: At) -> Fact | None:
    """tr C - tr P C is least where P projects on the largest eigenvectors of C; X and t bound what these gain."""
    t = fields["t"].quantity()
    fields["t"].need(t >= 0, "does-not-hold", "t >= 0", t)
    x = fields["x"].matrix(inst.n_r, inst.n_r)
    c = outer([(m, r, r) for m, r in zip(inst.weight, inst.wr)], inst.n_r, inst.n_r)
    rest = tuple(
        tuple(x[i][j] + (t if i == j else ZERO) - c[i][j] for j in range(inst.n_r)) for i in range(inst.n_r)
    )
    for matrix, item in zip((x, rest), fields["definite"].items(2)):
        factored(matrix, item.keys(("l", "d")))
    least = sum((c[i][i] - x[i][i] for i in range(inst.n_r)), ZERO) - t * inst.neurons
    return {"loss": texts((max(least, ZERO), read_configuration(inst, fields).loss))}


def value_of(p: Polynomial) -> Fraction:
    """Of a polynomial without lambda."""
    return p[0] if p else ZERO


def size_of(matrix: Sequence[Sequence[Polynomial]]) -> int:
    return len(matrix)


def take(matrix: list[list[Polynomial]], less: Sequence[Sequence[Polynomial]]) -> None:
    for row, taken in zip(matrix, less, strict=True):
        row[:] = [plus((ONE, x), (-ONE, y)) for x, y in zip(row, taken, strict=True)]


# Signs of a row on all directions


def negative_row(inst: Instance, subject: None, fields: Fields, at: At) -> Fact | None:
    e = fields["e"].vector(inst.n_p)
    fields["e"].need(max(times(inst.wp, e)) < 0, "does-not-hold", "<e, w_d> < 0 for every d")
    return {"row": texts(e)}


def hull_relation(inst: Instance, subject: None, fields: Fields, at: At) -> Fact | None:
    c = relation(inst, fields["combination"])
    fields["combination"].need(min(c) >= 0 and any(c), "not-positive", "quantities >= 0, not all 0")
    return None


def columns_of_two(inst: Instance, k: int) -> int:
    return min(2 * k, inst.n)


def dependent_columns(inst: Instance, k: int) -> tuple[int, ...] | None:
    """The first set of as many columns as two k-sparse codes can use that is dependent."""
    size = columns_of_two(inst, k)
    for columns in combinations(range(inst.n), size):
        if rank_of([inst.wp[d] for d in columns]) < size:
            return columns
    return None


def two_codes(inst: Instance, codes: tuple[int, bool], fields: Fields, at: At) -> Fact | None:
    k, signed = codes
    on, off = read_terms(inst, fields["on"]), read_terms(inst, fields["off"])
    fields["off"].need(on.keys().isdisjoint(off), "wrong-side", "features that are not on the other side")
    sparse = len(on) + len(off) <= 2 * k if signed else max(len(on), len(off)) <= k
    at.need((on or off) and sparse, "does-not-hold", f"two different {k}-sparse codes")
    left, right = (combination([(terms[d], inst.wp[d]) for d in terms], inst.n_p) for terms in (on, off))
    at.need(left == right, "farkas-unequal", "sum_on weight w = sum_off weight w")

    def side(terms: Terms) -> list[Fact]:
        return [{"feature": d + 1, "weight": str(weight)} for d, weight in terms.items()]

    return {"on": side(on), "off": side(off)}


def independent_columns(inst: Instance, codes: tuple[int, bool], fields: Fields, at: At) -> Fact | None:
    found = dependent_columns(inst, codes[0])
    at.need(found is None, "does-not-hold", "independent columns", found)
    return {"count": str(columns_of_two(inst, codes[0]))}


def separating_rows(inst: Instance, codes: tuple[int, bool], fields: Fields, at: At) -> Fact | None:
    k, signed = codes
    at.need(not signed, "wrong-rule", "a rule for codes >= 0")
    rows = [item.vector(inst.n_p) for item in fields["rows"].items()]
    positive = [{d for d, w in enumerate(inst.wp) if dot(e, w) > 0} for e in rows]
    negative = [{d for d, w in enumerate(inst.wp) if dot(e, w) < 0} for e in rows]
    for columns in combinations(range(inst.n), columns_of_two(inst, k)):
        for count in range(max(0, len(columns) - k), min(k, len(columns)) + 1):
            for above in map(set, combinations(columns, count)):
                below = set(columns) - above
                split = any(above <= p and below <= q for p, q in zip(positive, negative))
                at.need(split, "does-not-hold", "a row that separates two codes", sorted(above))
    return {"count": str(len(rows))}


@dataclass(frozen=True)
class Rule:
    proves: tuple[str, ...]
    sign: bool | None  # None: either; the subject then comes with the sign asked for
    activations: tuple[str, ...] | None  # None: every activation
    keys: tuple[str, ...] | Callable[[Instance], tuple[str, ...]]
    check: Callable[[Any, Any, Fields, At], Fact | None]  # returns the evidence of the fact
    optional: tuple[str, ...] = ()


RELU = ("relu",)
DECIDED = ("relu", "jumprelu", "topk")  # by critical points
SEPARATE = ("relu", "identity", "jumprelu", "gated")  # each neuron by itself
TOP = ("topk", "topk-pure", "batchtopk")
CRITICAL = ("critical any", "critical minimum", "critical saddle")
PARTIAL = "partial minimum"

RULES: dict[str, Rule] = {
    "realizes": Rule(("realizable",), True, None, lambda inst: inst.encoder_keys, realizes),
    "farkas": Rule(("realizable",), False, SEPARATE, ("neuron", "on", "off"), farkas),
    "capacity": Rule(("realizable",), False, TOP, (), capacity),
    "farkas-joint": Rule(("realizable",), False, TOP, ("rows",), farkas_joint),
    "deletion-restriction": Rule(
        ("counted",), True, SEPARATE, ("count",), deletion_restriction, ("side", "dependency")
    ),
    "pattern-tree": Rule(("counted",), True, SEPARATE, ("count", "farkas", "leaves"), pattern_tree),
    "configuration": Rule(("exists",), True, None, lambda inst: (*inst.configuration_keys, "proof"), configuration),
    "excluded": Rule(("exists",), False, None, ("proof",), excluded),
    "zero-loss": Rule(("global minimum",), True, None, (), zero_loss),
    "no-loss": Rule(("local minimum",), True, None, (), zero_loss),
    "lower-loss": Rule(("global minimum",), False, None, lambda inst: inst.configuration_keys, lower_loss),
    "top-eigenvalue": Rule(("local minimum",), True, None, ("definite",), top_eigenvalue),
    "descent-curve": Rule(("local minimum",), False, None, ("we", "wd"), descent_curve),
    "paired-rows": Rule(("reconstructs",), True, RELU, ("pairs",), paired_rows, ("cancelling",)),
    "rank-mod-p": Rule(("independent codes",), True, None, ("p", "rows"), rank_mod_p),
    "fixed-active-sets": Rule(("biconvex",), True, None, (), fixed_active_sets),
    "convexity-violation": Rule(("biconvex",), False, None, ("wd", "from", "to", "at"), convexity_violation),
    "partial-minimum": Rule((PARTIAL,), True, ("relu", "jumprelu", "topk", "batchtopk"), ("we", "wd"), partial_minimum),
    "best-losses": Rule(("best loss at most",), None, RELU, ("we", "wd", "bounds"), best_losses),
    "ldl": Rule(("definite",), True, None, ("definite",), ldl),
    "negative-direction": Rule(("definite",), False, None, ("x",), negative_direction),
    "critical-point": Rule(("critical any", PARTIAL), True, DECIDED, ("live", "dead"), critical_point),
    "minimum": Rule(("critical any", "critical minimum"), True, DECIDED, ("live", "dead"), minimum),
    "saddle": Rule(("critical any", "critical saddle"), True, DECIDED, ("live", "dead", "down"), saddle),
    "no-critical-point": Rule((*CRITICAL, PARTIAL), False, DECIDED, ("neurons",), no_critical_point),
    "no-minimum": Rule(("critical minimum",), False, DECIDED, ("neuron", "faces"), no_minimum),
    "no-saddle": Rule(("critical saddle",), False, DECIDED, ("neurons",), no_saddle),
    "blocks": Rule(CRITICAL, True, DECIDED, ("blocks", "dead"), blocks),
    "enclosed-minimum": Rule(
        ("critical any", "critical minimum"), True, DECIDED, ("live", "dead"), enclosed_minimum
    ),
    "no-strict-trap": Rule(
        ("strict trap",), False, RELU, ("combination",), no_strict_trap, ("neuron", "neurons")
    ),
    "strict-minimum": Rule(
        ("strict trap",), True, None, lambda inst: (*inst.configuration_keys, "proof"), strict_minimum
    ),
    "valley-exit": Rule(("valley exit",), True, ("relu", "jumprelu"), ("moved",), valley_exit, ("p", "rows")),
    "steps": Rule(("valley exit",), True, ("relu", "jumprelu"), ("steps",), steps),
    "no-zero-loss": Rule(("valley exit",), False, None, (), no_zero_loss, ("features",)),
    "weights": Rule(("some weights",), True, None, ("weights", "proof"), own_weights),
    "no-weights": Rule(("some weights",), False, RELU, ("neuron", "active", "silent"), no_own_weights),
    "cells": Rule(("refuted near",), True, RELU, ("we", "neuron", "cell"), cells),
    "two-codes": Rule(("unique codes",), False, None, ("on", "off"), two_codes),
    "independent-columns": Rule(("unique codes",), True, None, (), independent_columns),
    "separating-rows": Rule(("unique codes",), True, None, ("rows",), separating_rows),
    "least-loss": Rule(("least loss",), True, RELU, ("lambda", "e", "by", "tree"), least_loss),
    "rank-bound": Rule(
        ("least loss",), True, None, lambda inst: ("t", "x", "definite", *inst.configuration_keys), rank_bound
    ),
    "spanning-relation": Rule(("spanning",), True, None, ("combination",), spanning_relation),
    "half-space-row": Rule(("spanning",), False, None, ("e",), half_space_row),
    "negative-row": Rule(("strictly dead",), True, None, ("e",), negative_row),
    "hull-relation": Rule(("strictly dead",), False, None, ("combination",), hull_relation),
}

# ---------------------------------------------------------------------------------------------------------------------
# Claims (claims.md). A hypothesis or conclusion is a function from the instance to a goal.
# ---------------------------------------------------------------------------------------------------------------------

GoalOf = Callable[[Any], Goal]


@dataclass(frozen=True)
class Reading:
    hypotheses: dict[str, GoalOf]
    conclusion: GoalOf
    read: Callable[[At], Any] = read_instance


def computed(value: Callable[[Any], bool], fact: Callable[[Any], Fact]) -> GoalOf:
    return lambda inst: Computed(lambda: value(inst), lambda: fact(inst))


def simple(name: str, value: Callable[[Any], bool]) -> GoalOf:
    """A property of which there is no more to say than whether it holds."""
    return computed(value, lambda inst: trait(name, value(inst)))


def every(name: str, flags: Callable[[Any], Iterable[bool]]) -> GoalOf:
    """A property of every feature."""

    def failing(inst: Any) -> list[int]:
        return [d for d, holds in enumerate(flags(inst)) if not holds]

    return computed(lambda inst: not failing(inst), lambda inst: first_failing(name, failing(inst)))


def compared(
    left: str, a: Callable[[Any], Fraction | int], relation_: str, right: str, b: Callable[[Any], Fraction | int]
) -> GoalOf:
    """a >= b, or a > b, or a <= b, or a = b."""

    def value(inst: Any) -> bool:
        x, y = a(inst), b(inst)
        return {">=": x >= y, ">": x > y, "<=": x <= y, "=": x == y}[relation_]

    return computed(value, lambda inst: order(left, a(inst), right, b(inst)))


def of_pattern(name: str, value: Callable[[Instance], bool]) -> GoalOf:
    return computed(value, lambda inst: trait(name, value(inst), pattern=sets_of(inst.pattern)))


def largest_inner_product(inst: Instance) -> Fraction | None:
    """M, the largest <w_i, w_j> over i != j; None if n = 1."""
    return max((dot(a, b) for k, a in enumerate(inst.wp) for b in inst.wp[:k]), default=None)


def activation(*kinds: str) -> dict[str, GoalOf]:
    def fact(inst: Instance) -> Fact:
        return {"relation": "activation", "kind": inst.kind, "among": list(kinds)}

    return {"activation": computed(lambda inst: inst.kind in kinds, fact)}


def in_exactly_one(inst: Instance) -> bool:
    return sorted(d for features in inst.pattern for d in features) == list(range(inst.n))


def new_directions(inst: Instance) -> Iterator[bool]:
    seen: set[Vector] = set()
    for w in inst.wp:
        yield w not in seen
        seen.add(w)


def interfering(inst: Instance) -> Fact:
    """M; of one feature there is none."""
    most = largest_inner_product(inst)
    return order("n", inst.n, "", 1) if most is None else order("M", most, "", 0)


SHARED: dict[str, GoalOf] = {
    "unit-norm": every(
        "unit-norm", lambda inst: (square(w) == 1 for w in (inst.added.lengths if inst.added else inst.wp))
    ),
    "targets-within-unit": every("targets-within-unit", lambda inst: (square(r) <= 1 for r in inst.wr)),
    "positive-weights": every("positive-weights", lambda inst: (m > 0 for m in inst.weight)),
    "two-features": compared("n", lambda inst: inst.n, ">=", "", lambda inst: 2),
    "enough-neurons": compared("n_q", lambda inst: inst.neurons, ">=", "n", lambda inst: inst.n),
    "no-interference": computed(lambda inst: largest_inner_product(inst) == 0, interfering),
    "distinct-directions": every("distinct-directions", new_directions),
    "realizable": lambda inst: Judgement("realizable", inst.pattern),
    "polysemantic": of_pattern("polysemantic", lambda inst: polysemantic(inst.pattern)),
    "partition": of_pattern("partition", in_exactly_one),
}


def shared(*names: str) -> dict[str, GoalOf]:
    return {name: SHARED[name] for name in names}


# T1


def linear_term(inst: Instance) -> Fraction:
    """The c of L - L~ = c t + O(t^2) along the family with t times the probabilities."""
    sample = Sampled(inst)
    if inst.marginals is not None:
        lone = [(d, v, p) for d, marginal in enumerate(inst.marginals) for v, p in marginal.items()]
        sample = Sampled(inst, {tuple(v if c == d else ZERO for c in range(inst.n)): p for d, v, p in lone})
    return sample.loss - sample.approximate


T1_ORDER = computed(
    lambda inst: linear_term(inst) == 0, lambda inst: {"relation": "linear-term", "c": str(linear_term(inst))}
)


def at_most(
    left: str, a: Fraction, right: str, b: Fraction, where: dict[str, Fraction] | None = None
) -> Computed:
    return Computed(lambda: a <= b, lambda: order(left, a, right, b, where))


def t1_paper(inst: Instance) -> Goal:
    s = Sampled(inst)
    bound = inst.n**2 * s.largest_error * s.density**2
    return at_most("|L - L~|", abs(s.loss - s.approximate), "n^2 C (1-S)^2", bound, {"L": s.loss, "L~": s.approximate})


def t1_repaired(inst: Instance) -> Goal:
    s, pairs = Sampled(inst), Fraction(inst.n * (inst.n - 1), 2)
    gap, error = s.loss - s.approximate, s.largest_error
    second = "C Pr(two or more active)"
    return All([
        at_most("L~", s.approximate, "L", s.loss),
        at_most("L - L~", gap, second, error * s.together),
        at_most(second, error * s.together, "C n(n-1)/2 (1-S)^2", error * pairs * s.density**2),
    ])  # fmt: skip


def independent(inst: Instance) -> bool:
    if inst.marginals is not None:
        return True
    inputs = dict(inst.joint)
    silent = ONE - sum(inputs.values(), ZERO)
    if silent > 0:
        inputs[(ZERO,) * inst.n] = silent
    marginals: list[dict[Fraction, Fraction]] = [{} for _ in range(inst.n)]
    for x, p in inputs.items():
        for marginal, v in zip(marginals, x):
            marginal[v] = marginal.get(v, ZERO) + p
    multiplied = {x: prod((marginal[v] for marginal, v in zip(marginals, x)), start=ONE) for x in inputs}
    return multiplied == inputs and len(inputs) == prod(map(len, marginals))


def homogeneous(inst: Instance) -> bool:
    return inst.theta == 0 and not (inst.kind == "gated" and any(inst.encoder.bias))


SPARSE_ENOUGH = compared(
    "1 - S", lambda inst: Sampled(inst).density, "<=", "1/n", lambda inst: Fraction(1, inst.n)
)
INDEPENDENT = simple("independent", independent)
HOMOGENEOUS = simple("homogeneous", homogeneous)

# T2


def in_region(region: str) -> dict[str, GoalOf]:
    def shown(inst: Instance) -> Pattern:
        return responding(region, own(inst))

    def fact(inst: Instance) -> Fact:
        return trait(f"in-region-{region}", shown(inst) == inst.pattern, pattern=sets_of(shown(inst)))

    return {"in-region": computed(lambda inst: shown(inst) == inst.pattern, fact)}


def t2(region: str) -> GoalOf:
    def conclusion(inst: Instance) -> Goal:
        point = own(inst)
        pairs = [(i, a) for i in range(inst.neurons) for a in range(inst.n_p)]
        g_d = outer([(m, s, s) for m, s in zip(inst.weight, codes(point))], inst.neurons, inst.neurons)
        overlap = product(point.columns, point.wd)  # <u_i, u_j>

        def shared_moment(i: int, a: int, j: int, b: int) -> Fraction:
            both = [d for d in range(inst.n) if {i, j} <= point.active[d]]
            return sum((inst.weight[d] * inst.wp[d][a] * inst.wp[d][b] for d in both), ZERO)

        g_e = tuple(tuple(overlap[i][j] * shared_moment(i, a, j, b) for j, b in pairs) for i, a in pairs)
        hessian_d, hessian_e = ({"matrix": "hessian", "block": block} for block in ("W_D", "W_E"))
        return All([
            Judgement("biconvex", region),
            Judgement("definite", g_d, what=hessian_d),
            Judgement("definite", g_e, what=hessian_e),
        ])  # fmt: skip

    return conclusion


# B1: the figures of a report, [a, b] of recovery and [c, d] of mean


def at_multiples(inst: Instance, s: Fraction, t: Fraction) -> Fraction:
    """L~ at (s W_E, t W_D)."""
    def scaled(rows: Matrix, factor: Fraction) -> Matrix:
        return tuple(tuple(factor * x for x in row) for row in rows)

    encoder = replace(own(inst).encoder, we=scaled(own(inst).encoder.we, s))
    return Configuration(inst, encoder, scaled(own(inst).wd, t)).loss


BELOW_NOTHING = {
    "below-nothing": lambda inst: (
        lambda here, nothing: Computed(
            lambda: here < nothing, lambda: order("L~", here, "sum M |r|^2", nothing)
        )
    )(own(inst).loss, whole_loss(inst))
}


def not_jointly_convex(inst: Instance) -> Goal:
    between = at_multiples(inst, Fraction(1, 2), ZERO)
    chord = (at_multiples(inst, ONE, ONE) + at_multiples(inst, ZERO, -ONE)) / 2
    fact = order("L~ half way", between, "half the sum of both ends", chord)
    return Computed(lambda: between > chord, lambda: fact)


def of_share(report: Report, holds: bool, fact: Fact, most: int = 1) -> Goal:
    """What the figures need or allow, if `recovery` can be a share of at most `most`."""
    low = report.recovery[0]
    if low <= most:
        return Computed(lambda: holds, lambda: fact)
    large = {"relation": "share-too-large", "recovery": report.recovery_text, "tau": str(report.tau)}
    return Computed(lambda: False, lambda: large | {"low": str(low), "most": str(most)})


def figures(report: Report, relation_: str, reported: Fraction, bound: Fraction) -> Fact:
    said = {"recovery": report.recovery_text, "tau": str(report.tau), "mean": report.mean_text}
    return {"relation": relation_, **said, "reported": str(reported), "bound": str(bound)}


def b1_mean(report: Report) -> Goal:
    least, high = report.tau * report.recovery[0], report.mean[1]
    return of_share(report, high >= least, figures(report, "mean-at-least", high, least))


def b1_unit(report: Report) -> Goal:
    """For tau >= 1 nothing is above tau: then the share is 0, and the mean at most 1."""
    g, low = min(report.recovery[1], ONE), report.mean[0]
    most = ONE if report.tau >= 1 else g + (1 - g) * report.tau
    return of_share(report, low <= most, figures(report, "mean-at-most", low, most), 0 if report.tau >= 1 else 1)


def b1_count(report: Report) -> Goal:
    def multiple(denominator: int) -> Goal:
        low, high = (end * denominator for end in report.recovery)
        holds = ceil(low) <= min(floor(high), denominator)
        percent = texts(100 * end for end in report.recovery)
        fact = {"relation": "multiple", "recovery": report.recovery_text, "interval": percent, "of": denominator}
        return Computed(lambda: holds, lambda: fact | ({"numerator": str(ceil(low))} if holds else {}))

    return Some(list(map(multiple, report.denominators)))


def b1_words(comparison: Comparison) -> Goal:
    """The least and the greatest value of a sum of intervals, each times its factor."""
    ends = [sorted(end * times for end in interval) for interval, times in comparison.terms]
    least, most = sum((low for low, _ in ends), ZERO), sum((high for _, high in ends), ZERO)
    relation_ = comparison.relation
    holds = most > 0 if relation_ == ">" else least <= 0 <= most if relation_ == "=" else most >= 0
    return Computed(lambda: holds, lambda: {"relation": "compared", "sum": texts((least, most)), "order": relation_})


def margin_at(latent: Any, x: Vector) -> Fraction:
    return dot(latent[1], x) + latent[2]


def latent_is(on: bool, latent: Any, x: Vector, at: Sequence[str], times: Sequence[Fraction] = ()) -> Goal:
    margin = margin_at(latent, x)
    fact = {"relation": "margin", "latent": latent[0], "at": list(at), "margin": str(margin)}
    fact |= {"times": texts(times)} if times else {}
    return Computed(lambda: (margin > 0) == on, lambda: fact)


def latent_on(about: Latents) -> Goal:
    return All([latent_is(True, latent, x, [label]) for latent in about.latents for label, x, _ in about.inputs])


def latent_off(about: Latents) -> Goal:
    if about.sums is None:
        return All([latent_is(False, latent, x, [label]) for latent in about.latents for label, x, _ in about.inputs])
    most, strength = about.sums

    def greatest(latent: Any) -> Goal:
        """The margin is affine, and the strengths are chosen one by one: each adds most at 0 or at its greatest value."""
        gains = sorted((max(ZERO, dot(latent[1], x) * strength) for _, x, _ in about.inputs), reverse=True)
        margin = latent[2] + sum(gains[:most], ZERO)
        fact = {"relation": "greatest-margin", "latent": latent[0], "margin": str(margin)}
        return Computed(lambda: margin <= 0, lambda: fact | {"most": most, "strength": str(strength)})

    return All([greatest(latent) for latent in about.latents])


def absorbs(about: Latents) -> Goal:
    if not about.strengths:
        raise Reject("missing-data", "$.instance.strengths", "two strengths", "none")
    t, s = about.strengths
    (parent, x, p), (child, y, c) = about.inputs[0], about.inputs[min(1, len(about.inputs) - 1)]
    # The dual of p in the span of p and c: a p + b c with <., p> = 1 and <., c> = 0.
    pp, pc, cc = dot(p, p), dot(p, c), dot(c, c)
    if pp * cc == pc * pc:
        raise Reject("missing-data", "$.instance.inputs", "two inputs with independent targets", "none")
    a, b = cc / (pp * cc - pc * pc), -pc / (pp * cc - pc * pc)
    sharp = tuple(a * u + b * v for u, v in zip(p, c))
    alone_at, both_at = tuple(t * u for u in x), tuple(t * u + s * v for u, v in zip(x, y))

    def writes(latent: Any, at: Vector, read: Vector) -> Fraction:
        margin = margin_at(latent, at)
        return (margin + latent[3]) * dot(latent[4], read) / t if margin > 0 else ZERO

    carrier, *others = about.latents
    alone = writes(carrier, alone_at, p) / pp
    beside = writes(carrier, both_at, sharp)
    written = sum((writes(latent, both_at, sharp) for latent in others), ZERO)
    shares = {"alone": str(alone), "beside": str(beside), "others": str(written)}
    fact = {"relation": "shares", "carrier": carrier[0], "of": parent, "with": child, "times": texts((t, s))} | shares
    steps = [
        goal
        for latent in others
        for goal in (latent_is(False, latent, alone_at, [parent], [t]), latent_is(True, latent, both_at, [parent, child], [t, s]))
    ]
    holds = 4 * alone >= 1 and 2 * beside < alone and 4 * written >= 1
    return All([Computed(lambda: holds, lambda: fact), *steps])


def of_latents(conclusion: GoalOf) -> dict[str, Reading]:
    return {"ours": Reading({}, conclusion, read_latents)}


def of_report(conclusion: GoalOf, hypotheses: dict[str, GoalOf] | None = None) -> dict[str, Reading]:
    return {"ours": Reading(hypotheses or {}, conclusion, read_report)}


NAMES_DENOMINATORS = {
    "names-denominators": compared("denominators", lambda report: len(report.denominators), ">", "", lambda _: 0)
}


# T3 and T3-global


def interference(inst: Instance) -> Fraction:
    return largest_inner_product(inst) or ZERO


def ground_truth(inst: Instance) -> Configuration:
    """e_i = w_i and u_i = r_i for i <= min(n, n_q), all other rows and columns 0."""
    spare = inst.neurons - inst.n
    rows = (*inst.wp[: inst.neurons], *([(ZERO,) * inst.n_p] * spare))
    columns = (*inst.wr[: inst.neurons], *([(ZERO,) * inst.n_r] * spare))
    return Configuration(inst, Encoder(rows), transpose(columns))


def passing(inst: Instance) -> list[list[Fraction]]:
    """V_d at the ground truth: the z_{i,d} of the active neurons."""
    point = ground_truth(inst)
    return [[point.z[i][d] for i in sorted(active)] for d, active in enumerate(point.active)]


def t3_walkthrough(inst: Instance) -> Goal:
    loss, most = ground_truth(inst).loss, interference(inst)
    return Some([Computed(lambda: most != 0, lambda: order("M", most, "", 0)), at_most("L~", loss, "c M^2, for any c", ZERO)])


def t3_paper(inst: Instance) -> Goal:
    bound = inst.n**2 * interference(inst) ** 2 * sum(inst.weight, ZERO)
    return at_most("L~", ground_truth(inst).loss, "n^2 M^2 sum M_d", bound)


def t3_repaired(inst: Instance) -> Goal:
    others = sum((m * (len(v) - 1) ** 2 for m, v in zip(inst.weight, passing(inst))), ZERO)
    bound = max(interference(inst), ZERO) ** 2 * others
    return at_most("L~", ground_truth(inst).loss, "max(M, 0)^2 sum M_d (K_d - 1)^2", bound)


def ground_truth_is_global(inst: Instance) -> Goal:
    return Judgement("global minimum", ground_truth(inst), what="ground-truth")


def negatives(inst: Instance) -> list[Fraction]:
    return [z for v in passing(inst) for z in v if z < 0]


UNGATED = activation("relu", "identity", "jumprelu", "topk", "topk-pure", "batchtopk")
OWN_NEURON_ACTIVE = {
    "own-neuron-active": every("own-neuron-active", lambda inst: (d in a for d, a in enumerate(ground_truth(inst).active)))
}
NEGATIVES_CUT = computed(
    lambda inst: not negatives(inst),
    lambda inst: trait("negatives-cut", not negatives(inst), {"z": z for z in negatives(inst)[:1]}),
)
EACH_ALONE = every("each-alone", lambda inst: (sum(map(bool, v)) < 2 for v in passing(inst)))

# T3-sources


def sources(inst: Instance) -> int:
    """S = |w_1|^2, if it is a whole number from 2 on that divides n_p; else 1."""
    count = square(inst.wp[0])
    return int(count) if count.denominator == 1 and count >= 2 and inst.n_p % count == 0 else 1


def stacked_sources(inst: Instance) -> Goal:
    count = sources(inst)
    size_ = inst.n_p // count
    blocks = [[square(w[s * size_ : (s + 1) * size_]) for s in range(count)] for w in inst.wp]
    failing = [d for d, squares in enumerate(blocks) if any(x != 1 for x in squares)]
    holds = count > 1 and not failing
    of = {} if holds else {"features": [(failing or [0])[0] + 1]}
    return Computed(lambda: holds, lambda: trait("stacked-sources", holds, {"S": count}, **of))


def crosscoder(inst: Instance) -> Goal:
    count, truth = sources(inst), ground_truth(inst)
    rows = tuple(tuple(x / count for x in row) for row in truth.encoder.we)
    point = Configuration(inst, Encoder(rows), truth.wd)
    others = sum((m * (len(a) - 1) ** 2 for m, a in zip(inst.weight, point.active)), ZERO)
    bound = max(interference(inst), ZERO) ** 2 / count * others
    return at_most("L~", point.loss, "max(M, 0)^2 / S sum M_d (K_d - 1)^2", bound)


STACKED = {"stacked-sources": stacked_sources} | shared("two-features", "enough-neurons")
TARGETS_WITHIN = {
    "targets-within-sources": every("targets-within-sources", lambda inst: (square(r) <= sources(inst) for r in inst.wr))
}

# T4 and T4-nonidentifiable


def zero_iff_reconstructed(inst: Instance) -> Goal:
    point = own(inst)
    missed = [d for d, rho in enumerate(point.residuals) if any(rho)][:1]
    fact = {"relation": "zero-loss", "loss": str(point.loss)}
    for d in missed:
        fact |= {"feature": d + 1, "weight": str(inst.weight[d])}
    return Computed(lambda: (point.loss == 0) == (not missed), lambda: fact)


def unrecovered(point: Configuration, known: tuple[int, ...] | None = None) -> Goal:
    """No encoder row has a cosine of 9/10 or more, either way, with a direction not known, and so for the decoder."""

    def apart(name: str, rows: Matrix, directions: Matrix) -> Computed:
        others = [w for d, w in enumerate(directions) if d not in (known or ())]
        which = "" if known is None else " over d that are no anchors"
        norms = [(dot(x, w) ** 2, square(x) * square(w)) for x in rows for w in others]
        best = max((overlap / norm for overlap, norm in norms if norm), default=ZERO)
        limit = Fraction(81, 100)
        return Computed(lambda: best < limit, lambda: order(name + which, best, "", limit))

    return All([
        apart("max cos(e_i, w_d)^2", point.encoder.we, point.inst.wp),
        apart("max cos(u_i, r_d)^2", point.columns, point.inst.wr),
    ])  # fmt: skip


def no_loss(point: Configuration) -> Computed:
    return Computed(lambda: point.loss == 0, lambda: order("L~", point.loss, "", 0))


def zero_loss_unrecovered(point: Configuration) -> Goal:
    return All([no_loss(point), unrecovered(point)])


def reconstructs_unrecovered(point: Configuration) -> Goal:
    return All([Judgement("reconstructs", point), unrecovered(point)])


def factors(inst: Instance) -> Goal:
    """W_r = T W_p for some T: no relation of the inputs fails for the targets."""
    alone, both = rank_of(inst.wp), rank_of(tuple(w + r for w, r in zip(inst.wp, inst.wr)))
    return Computed(lambda: alone == both, lambda: order("rank of W_p and W_r", both, "rank of W_p", alone))


def signed_square(v: Vector, w: Vector) -> Fraction:
    """cos |cos|"""
    return dot(v, w) * abs(dot(v, w)) / (square(v) * square(w))


def least_between_neighbours(lines: list[Vector]) -> Fraction:
    """Over lines of the plane in the order of their angles: the cosine, as cos |cos|, of the widest gap."""
    upper = [w if (w[1], w[0]) > (0, 0) else (-w[0], -w[1]) for w in lines]

    def before(v: Vector, w: Vector) -> int:
        turn = v[0] * w[1] - v[1] * w[0]
        return -1 if turn > 0 else int(turn < 0)

    upper.sort(key=cmp_to_key(before))
    opposite_first = (-upper[0][0], -upper[0][1])
    return min(signed_square(v, w) for v, w in zip(upper, [*upper[1:], opposite_first]))


def room_for(what: str, matrix: Callable[[Instance], Matrix], width: Callable[[Instance], int]) -> dict[str, GoalOf]:
    """Some vector, not 0, recovers none of the rows of the matrix; settled by computing on a line and in the plane."""

    def such(point: Configuration) -> Goal:
        vectors = point.encoder.we if what == "rows" else point.columns
        some = any(any(v) for v in vectors)
        apart = unrecovered(point).parts[0 if what == "rows" else 1]
        return All([apart, Computed(lambda: some, lambda: trait(f"{what}-not-zero", some))])

    def goal(inst: Instance) -> Goal:
        lines = [w for w in matrix(inst) if any(w)]
        if width(inst) == 1 or not lines:
            return Computed(lambda: not lines, lambda: trait(f"room-for-{what}", not lines))
        if width(inst) > 2:
            return Judgement("exists", Property(such))
        least, filled = least_between_neighbours(lines), Fraction(31, 50) ** 2
        name = "least cos |cos| of neighbouring lines"
        return Computed(lambda: least < filled, lambda: order(name, least, "", filled))

    return {f"room-for-{what}": goal}


OTHERS = " over d that are no anchors"


def covered(inst: Instance, hidden: Sequence[int]) -> list[tuple[str, Goal]]:
    """That every row but 0, or column, recovers one of these features; nothing where computing does not settle it."""
    rows = room_for("rows", lambda inst: tuple(inst.wp[d] for d in hidden), lambda inst: inst.n_p)
    columns = room_for("columns", lambda inst: tuple(inst.wr[d] for d in hidden), lambda inst: inst.n_r)
    rooms = [("rows", rows["room-for-rows"](inst)), ("columns", columns["room-for-columns"](inst))]
    return [(what, negated(room)) for what, room in rooms if isinstance(room, Computed)]


def fewer(left: str, a: int, right: str, b: int) -> Computed:
    """a < b"""
    return Computed(lambda: a < b, lambda: order(left, a, right, b))


def nothing_hides(inst: Instance, asked: Sequence[int], hidden: Sequence[int], fixed: Sequence[int] | None) -> Goal:
    """No configuration with the rows and columns of `fixed` returns the targets of `asked` and recovers none of `hidden`."""
    given = fixed if fixed and inst.kind == "relu" else ()
    name, free = ("n_q - k" if given else "n_q"), inst.neurons - len(given)

    def left_of(d: int) -> Vector:
        terms = [(-max(dot(inst.wp[a], inst.wp[d]), ZERO), inst.wr[a]) for a in given]
        return combination([(Fraction(1), inst.wr[d]), *terms], inst.n_r)

    left = [left_of(d) for d in asked]
    ranks = [rank_of(tuple(inst.wr[d] for d in asked)), rank_of(tuple(left))]
    cosine = largest_cosine("max cos(u_i, r_d)^2", left, [inst.wr[d] for d in hidden], "" if fixed is None else OTHERS)
    target = Computed(lambda: ranks[0] >= 1, lambda: order("rank of the targets", ranks[0], "", 1))
    parts: list[Goal] = [All([none, target]) for _, none in covered(inst, hidden)]
    parts.append(fewer(name, free, "rank of what is left of the targets", ranks[1]))
    parts.append(All([fewer(name, free, "", 2), negated(cosine)]))
    if any(d in asked and any(inst.wr[d]) for d in hidden):
        most = min(inst.k, inst.neurons) if inst.kind in ("topk", "topk-pure") else inst.neurons
        parts.append(fewer("most active neurons", most, "", 2))
    twins = (d for d in asked if any(inst.wp[c] == inst.wp[d] and inst.wr[c] != inst.wr[d] for c in asked))
    parts += [Computed(lambda: True, lambda d=d: trait("one-output", True, features=[d + 1])) for d in list(twins)[:1]]
    return Some(parts)


def weighted(inst: Instance) -> list[int]:
    return [d for d in range(inst.n) if inst.weight[d] > 0]


def nothing_reconstructs(inst: Instance, hidden: Sequence[int], fixed: Sequence[int] | None) -> Goal:
    everything = list(range(inst.n))
    twice = 2 * rank_of(inst.wr)
    pairs = [fewer("n_q", inst.neurons, "2 rank of the targets", twice)] if inst.kind == "relu" else []
    if pairs and inst.n_p == 2 and inst.neurons == 4 and twice == 4 and inst.wp == inst.wr:
        lines = [inst.wp[d] for d in hidden] + [(-inst.wp[d][1], inst.wp[d][0]) for d in hidden]
        both = room_for("rows", lambda _: tuple(lines), lambda _: 2)["room-for-rows"](inst)
        pairs.append(negated(both))
    return Some([nothing_hides(inst, everything, hidden, fixed), negated(factors(inst)), *pairs])


def short_side(inst: Instance) -> int:
    return min(inst.n_p, inst.n_r)


APART_IN_SPACE = (
    {"factors": factors}
    | room_for("rows", lambda inst: inst.wp, lambda inst: inst.n_p)
    | room_for("columns", lambda inst: inst.wr, lambda inst: inst.n_r)
)
ENOUGH_PAIRS = compared(
    "n_q", lambda inst: inst.neurons, ">=", "2 min(n_p, n_r) + 2", lambda inst: 2 * short_side(inst) + 2
)


# E5


def spurious(point: Configuration, kinks_too: bool) -> Goal:
    several = polysemantic(point.pattern)
    return All([
        Computed(lambda: several, lambda: trait("shows-polysemantic", several, pattern=sets_of(point.pattern))),
        at_rest(point, kinks_too),
        Computed(lambda: point.loss > 0, lambda: order("L~", point.loss, "", 0)),
    ])  # fmt: skip


def at_rest(point: Configuration, kinks_too: bool = False) -> Computed:
    """Both gradients are 0, and with `kinks_too` the terms of the kinks."""
    kinks = point.kinks if kinks_too else []
    truth = point.stationary and not any(dot(point.residuals[d], point.columns[i]) for i, d in kinks)
    fact = {"relation": "stationary", "truth": truth, "kinks": kinks_too, "square": str(point.slope_square)}
    return Computed(lambda: truth, lambda: fact)


def is_merged_pair(inst: Instance, point: Configuration) -> bool:
    """e_1 = a (w_1 + w_2) and u_1 = (r_1 + r_2) / (2a) for some a > 0, all else 0; two features alike, at right angles."""
    if inst.n != 2 or inst.neurons < 2:
        return False
    (v, w), (r, s) = inst.wp, inst.wr
    (e, *rows), (u, *columns) = point.encoder.we, point.columns
    both, total = (tuple(x + y for x, y in zip(*pair)) for pair in ((v, w), (r, s)))
    twice = dot(e, both)  # 2a, as |w_d| = 1
    return (
        dot(v, w) == 0
        and square(r) == square(s)
        and dot(r, s) >= 0
        and r != s
        and inst.weight[0] == inst.weight[1] > 0
        and twice > 0
        and tuple(2 * x for x in e) == tuple(twice * x for x in both)
        and tuple(twice * x for x in u) == total
        and not any(any(x) for x in (*rows, *columns))
    )


MERGED_PAIR = simple("merged-pair", lambda inst: is_merged_pair(inst, own(inst)))


def e5_repaired(inst: Instance) -> Goal:
    point = own(inst)
    return All([spurious(point, True), Judgement("local minimum", point, inst.kind == "topk" and inst.k == 1)])


# T6 and its family


def partial_minimum_of(zero_gradients: bool) -> GoalOf:
    return lambda inst: Judgement(PARTIAL, Target(inst.pattern, True, zero_gradients))


def critical(kind: str) -> GoalOf:
    return lambda inst: Judgement(f"critical {kind}", Target(inst.pattern))


def t6_repaired(inst: Instance) -> Goal:
    whole = Judgement("critical any", Target(inst.pattern))
    each = All([Judgement("critical any", Target((features,))) for features in inst.pattern if features])
    return Some([All([whole, each]), All([negated(whole), negated(each)])])


def strict(inst: Instance) -> bool:
    point = own(inst)
    return point.pattern == inst.pattern and not point.kinks


def t6_strict(inst: Instance) -> Goal:
    point = own(inst)
    if point.active != sets_of_active(inst, inst.pattern):
        raise Reject("missing-data", "$.instance.we", "neurons active on the sets of P", "others")
    parts: list[Goal] = []
    for i, (e, features) in enumerate(zip(inst.encoder.we, inst.pattern)):
        if features:
            a, b, _ = moments(inst, features)
            s = dot(e, times(b, e))
            if s == 0:  # assumed: such a part is computed, and false
                parts.append(Computed(lambda: False, partial(trait, "has-lambda", False, neuron=i + 1)))
            else:
                value = dot(e, times(a, e)) / s
                what = {"matrix": "pencil", "neuron": i + 1, "lambda": str(value)}
                parts.append(Judgement("definite", mixed(value, b, -ONE, a), what=what))
    trap, largest = Judgement("local minimum", point), All(parts)
    return Some([All([trap, largest]), All([negated(trap), negated(largest)])])


def best_both(inst: Instance, point: Configuration) -> Goal:
    """W_D best for W_E, and no encoder with the same W_D and less loss."""
    slope = sum((square(by_u) for _, by_u in point.gradients), ZERO)

    def better(other: Configuration) -> Goal:
        same = other.wd == point.wd
        return All([
            Computed(lambda: same, lambda: trait("same-decoder", same)),
            Computed(
                lambda: other.loss < point.loss,
                lambda: order("L~", other.loss, "L~ of the configuration", point.loss),
            ),
        ])  # fmt: skip

    def best_codes() -> Goal:
        pulls = (
            (i, d, inst.weight[d] * dot(rho, u))
            for i, u in enumerate(point.columns)
            for d, rho in enumerate(point.residuals)
        )
        wrong = next(((i, d, x) for i, d, x in pulls if x > 0 or (x < 0 and i in point.active[d])), None)
        fact = trait("best-codes", True)
        if wrong:
            fact = trait("best-codes", False, {"pull": wrong[2]}, features=[wrong[1] + 1], neuron=wrong[0] + 1)
        return Computed(lambda: wrong is None, lambda: fact)

    nonnegative = activation("relu", "jumprelu", "topk", "batchtopk")["activation"]
    return All([
        Computed(lambda: slope == 0, lambda: trait("best-decoder", slope == 0, {"square": slope})),
        Judgement("exists", Property(better, lambda: All([nonnegative(inst), best_codes()])), False),
    ])  # fmt: skip


def plain(inst: Instance) -> Goal:
    """A configuration that shows P, of positive loss, with each block best for the other; none if P carries no partial minimum."""

    def of(point: Configuration) -> Goal:
        same = point.pattern == inst.pattern
        return All([
            Computed(lambda: same, lambda: trait("shows-pattern", same, pattern=sets_of(point.pattern))),
            Computed(lambda: point.loss > 0, lambda: order("L~", point.loss, "", 0)),
            best_both(inst, point),
        ])  # fmt: skip

    none = Judgement(PARTIAL, Target(inst.pattern, True, False), False)
    return Judgement("exists", Property(of, lambda: none))


def some_weights(inst: Instance) -> Goal:
    return Judgement("some weights", inst.pattern)


def refuted_near(inst: Instance) -> Goal:
    return Judgement("refuted near", inst.pattern)


def least(inst: Instance) -> Goal:
    return Judgement("least loss", None)


def rho_of(inst: Instance) -> Fraction:
    return ZERO if inst.radius is None else inst.radius


def decoder_slope(inst: Instance) -> Fraction:
    return sum((square(by_u) for _, by_u in own(inst).gradients), ZERO)


def orthogonal(inst: Instance) -> Goal:
    point = own(inst)

    def one(i: int, e: Vector, by_e: Vector) -> Goal:
        value = dot(by_e, e)
        where = {f"|grad_{i}|^2": square(by_e)}
        return Computed(lambda: value == 0, lambda: order(f"<grad_{i}, e_{i}>", value, "", 0, where))

    rows = zip(point.encoder.we, point.gradients)
    return All([one(i + 1, e, by_e) for i, (e, (by_e, _)) in enumerate(rows)])


def friendly(inst: Instance, features: Sequence[int]) -> bool:
    """No <r_c, r_d> is negative, and the positive ones link any two features."""
    overlaps = {(c, d): dot(inst.wr[c], inst.wr[d]) for c in features for d in features}
    reached = set(features[:1])
    for _ in features:
        reached |= {d for (c, d), overlap in overlaps.items() if c in reached and overlap > 0}
    return min(overlaps.values(), default=ZERO) >= 0 and len(reached) == len(features)


def unfriendly(inst: Instance) -> list[tuple[int, ...]]:
    return [features for features in inst.pattern if not friendly(inst, features)][:1]


def acute_targets(inst: Instance) -> Fact:
    return trait("acute-targets", not unfriendly(inst), **{"features": numbered(f) for f in unfriendly(inst)})


def rank_two(inst: Instance) -> list[int]:
    """The first neuron with a C of rank 2 or more."""
    found = (i for i, features in enumerate(inst.pattern) if features and rank_of(moments(inst, features)[2]) >= 2)
    return list(found)[:1]


def strictly_dead(inst: Instance) -> Goal:
    if inst.kind != "relu":
        raise Reject("missing-data", "$.instance.activation", "relu", inst.kind)
    return Judgement("strictly dead", None)


def t6_spanning(inst: Instance) -> Goal:
    no_trap = Judgement("strict trap", inst.pattern, False)
    if inst.given_wd is None:
        return no_trap
    point = own(inst)
    off_kinks = all(all(row) for row, features in zip(point.z, inst.pattern) if features)
    shown = point.pattern == inst.pattern and off_kinks
    return All([no_trap, Judgement("local minimum", point, False)]) if shown else no_trap


# T8


def parents(inst: Instance) -> list[int]:
    return [i for i, features in enumerate(inst.pattern) if len(features) >= 2]


def split_off(pattern: Pattern, i: int, j: int) -> Pattern:
    """F_1, .., F_i without j, {j}, .., F_q."""
    return (*pattern[:i], tuple(d for d in pattern[i] if d != j), (j,), *pattern[i + 1 :])


def t8(quantifier: type[All] | type[Some]) -> GoalOf:
    def conclusion(inst: Instance) -> Goal:
        p = inst.pattern
        return All([quantifier([Judgement("realizable", split_off(p, i, j)) for j in p[i]]) for i in parents(inst)])

    return conclusion


def groups_of(pattern: Pattern) -> Iterator[list[int]]:
    """Neurons linked by sets that meet, group by group, in the order of their first neurons."""
    left = {i for i, features in enumerate(pattern) if features}
    while left:
        group = {min(left)}
        met = {d for i in group for d in pattern[i]}
        while more := {i for i in left - group if not met.isdisjoint(pattern[i])}:
            group |= more
            met.update(d for i in more for d in pattern[i])
        left -= group
        yield sorted(group)


def empty_set(inst: Instance) -> Goal:
    empty = [i for i, features in enumerate(inst.pattern) if not features]
    return first_neuron("empty-set", bool(empty), empty[0] if empty else None)


def rank_to_spare(inst: Instance) -> Goal:
    def spare(group: list[int]) -> bool:
        blocks = [moments(inst, inst.pattern[k])[2] for k in group]
        return rank_of([tuple(row[q] for row in c) for c in blocks for q in range(inst.n_p)]) > len(group)

    found = next((group[0] for group in groups_of(inst.pattern) if spare(group)), None)
    return first_neuron("rank-to-spare", found is not None, found)


# The step of the proof of Theorem 3.8 that raises the threshold


def least_values(inst: Instance) -> dict[int, Fraction]:
    z = own(inst).z
    return {i: min(z[i][d] for d in features) for i, features in enumerate(inst.pattern) if features}


def shows_own_pattern(inst: Instance) -> Goal:
    shown = own(inst).pattern
    fact = trait("shows-pattern", shown == inst.pattern, pattern=sets_of(shown))
    return Computed(lambda: shown == inst.pattern, lambda: fact)


def same_least(inst: Instance) -> Goal:
    values = least_values(inst)
    first = next(iter(values.values()), None)
    other = next((i for i, x in values.items() if x != first), None)
    return first_neuron("same-least", other is None, other)


def others_stay_above(inst: Instance) -> Goal:
    values = least_values(inst)
    if len(parents(inst)) * len(values) > 500_000:
        raise Reject("too-much-work", "$", "at most 500,000 pairs of a parent and a set", "more")
    pairs = [(l, x, i, (values[i] + inst.theta) / 2) for i in parents(inst) for l, x in values.items() if l != i]

    def above(l: int, x: Fraction, i: int, raised: Fraction) -> Computed:
        fact = order(f"least <e_{l + 1}, w_d>", x, f"c' of neuron {i + 1}", raised)
        return Computed(lambda: x > raised, lambda: fact)

    return All([above(*pair) for pair in pairs])


PARTITION = activation("relu") | shared("positive-weights", "partition")
TRAPPING = activation("relu", "jumprelu", "topk", "batchtopk") | shared("positive-weights", "partition")
SEPARATE_SETS = of_pattern("separate", lambda inst: equal_or_apart(inst.pattern))
T6_SEPARATE = activation(*DECIDED) | {"separate": SEPARATE_SETS} | shared("realizable")
T6_STRICT = TRAPPING | {
    "strict": computed(
        strict, lambda inst: trait("shows-strictly", strict(inst), pattern=sets_of(own(inst).pattern))
    ),
    "critical": lambda inst: at_rest(own(inst)),
}
T6_OPEN = (
    activation("relu")
    | shared("unit-norm", "two-features", "enough-neurons", "polysemantic", "partition")
    | {"radius": compared("rho", rho_of, ">", "", lambda inst: 0)}
)
STATIONARY_DECODER = {"stationary-decoder": compared("|grad_W_D L~|^2", decoder_slope, "=", "", lambda inst: 0)}
INDEPENDENT_DIRECTIONS = {
    "independent-directions": compared("rank W_p", lambda inst: rank_of(inst.wp), ">=", "n", lambda inst: inst.n)
}
SAE = every("sae", lambda inst: (w == r for w, r in zip(inst.wp, inst.wr)))
T6_PERRON = (
    PARTITION
    | INDEPENDENT_DIRECTIONS
    | {
        "acute-targets": computed(lambda inst: not unfriendly(inst), acute_targets),
    }
)
T6_SPANNING = PARTITION | shared("polysemantic", "enough-neurons") | {
    "spans-positively": lambda inst: Judgement("spanning", None),
    "rank-two": computed(
        lambda inst: bool(rank_two(inst)),
        lambda inst: trait("rank-two", bool(rank_two(inst)), **{"neuron": i + 1 for i in rank_two(inst)}),
    ),
}  # fmt: skip

# T4-dimension


def codes(point: Configuration) -> list[Vector]:
    """s_{i,d} for every d: z_{i,d} if i in A(d), else 0."""
    return [
        tuple(z[d] if i in active else ZERO for i, z in enumerate(point.z)) for d, active in enumerate(point.active)
    ]


def telling(inst: Instance, point: Configuration, fixed: int) -> list[int]:
    """Features whose equations imply the others': a basis of directions among those active in the same neurons."""
    kept: list[int] = []
    for d, active in enumerate(point.active):
        alike = [c for c in kept if point.active[c] == active] + [d]
        if any(i >= fixed for i in active) and rank_of([inst.wp[c] for c in alike]) == len(alike):
            kept.append(d)
    return kept


def codimension(inst: Instance, fixed: int = 0) -> int:
    """Of the zero-loss solutions near the instance's configuration, its first neurons fixed."""
    point, neurons = own(inst), range(fixed, inst.neurons)
    if any(map(any, point.residuals)) or point.kinks:
        raise Reject("missing-data", "$.instance", "residuals 0 and no kink", "other")
    features, s, rows = telling(inst, point, fixed), codes(point), []
    for d in features:
        for r in range(inst.n_r):
            by_e = [point.columns[i][r] * x if i in point.active[d] else ZERO for i in neurons for x in inst.wp[d]]
            rows.append(by_e + [s[d][i] if q == r else ZERO for i in neurons for q in range(inst.n_r)])
    if rank_of(rows) < len(rows):
        raise Reject("missing-data", "$.instance", "a Jacobian of full rank", rank_of(rows))
    return len(rows)


def left_free(inst: Instance, fixed: int = 0) -> int:
    return (inst.neurons - fixed) * (inst.n_p + inst.n_r) - codimension(inst, fixed)


def with_and_without(inst: Instance) -> tuple[int, int]:
    """The dimension, and that without the last feature."""
    if inst.n < 2:
        raise Reject("missing-data", "$.instance.features", "two features or more", inst.n)
    return left_free(inst), left_free(replace(inst, wp=inst.wp[:-1], wr=inst.wr[:-1], weight=inst.weight[:-1]))


WITHOUT_LAST = "without the last feature"


def more_free(inst: Instance) -> Goal:
    now, then = with_and_without(inst)
    return Computed(lambda: now > then, lambda: order("dimension", now, WITHOUT_LAST, then))


def fewer_by_targets(inst: Instance) -> Goal:
    now, then = with_and_without(inst)
    less = then - inst.n_r
    return Computed(lambda: now == less, lambda: order("dimension", now, f"{WITHOUT_LAST}, less n_r", less))


FIXED_DIMENSION = "dimension with the anchors fixed"


def anchors_take(inst: Instance) -> Goal:
    whole, left = left_free(inst), left_free(inst, len(inst.given_anchors or ()))
    return Computed(lambda: whole > left, lambda: order("dimension", whole, FIXED_DIMENSION, left))


def only_rescalings(inst: Instance) -> Goal:
    k = len(inst.given_anchors or ())
    left, rescalings = left_free(inst, k), inst.neurons - k
    return Computed(lambda: left <= rescalings, lambda: order(FIXED_DIMENSION, left, "rescalings", rescalings))


def dimension(holds: Callable[[Instance, int, int], bool]) -> GoalOf:
    """A condition on the number of parameters and the rank of the Jacobian."""

    def conclusion(inst: Instance) -> Goal:
        parameters, rank = inst.neurons * (inst.n_p + inst.n_r), codimension(inst)
        fact = {"relation": "dimension", "parameters": parameters, "rank": rank, "rescalings": inst.neurons}
        return Computed(lambda: holds(inst, parameters, rank), lambda: fact | {"equations": inst.n * inst.n_r})

    return conclusion


ON_THE_SET = {
    "zero-residuals": every("zero-residuals", lambda inst: (not any(rho) for rho in own(inst).residuals)),
    "off-kinks": computed(
        lambda inst: not own(inst).kinks,
        lambda inst: trait("off-kinks", not own(inst).kinks, {"kinks": len(own(inst).kinks)}),
    ),
}
T6_OVERLAP = activation("relu") | {
    "spans-positively": T6_SPANNING["spans-positively"],
    "empty-set": empty_set,
    "rank-to-spare": rank_to_spare,
}
MORE_NEURONS = {"more-neurons": compared("n_q", lambda inst: inst.neurons, ">", "n", lambda inst: inst.n)}
INDEPENDENT_CODES = {
    "independent-codes": compared(
        "rank sigma(W_E W_p)", lambda inst: rank_of(codes(own(inst))), ">=", "n", lambda inst: inst.n
    )
}

# T8-polysemantic and T8-loss


def t8_loss(inst: Instance) -> Goal:
    p = inst.pattern
    return All([All([Judgement("best loss at most", (split_off(p, i, j), p)) for j in p[i]]) for i in parents(inst)])


def three_each(inst: Instance) -> Goal:
    def three(i: int) -> Goal:
        size_ = len(inst.pattern[i])
        return Computed(lambda: size_ >= 3, lambda: {"relation": "split", "neuron": i + 1, "features": size_})

    return All(list(map(three, parents(inst))))


# T8-hierarchy, T8-silent, T8-minima


def sub_concepts(inst: Instance) -> Goal:
    """The sets that are not empty are the sub-concepts of the parents, in order."""
    sets = [sorted(features) for features in inst.pattern if features]
    holds = sets == [sorted(children) for _, children in inst.hierarchy] and all(len(features) > 1 for features in sets)
    return Computed(lambda: holds, lambda: trait("sub-concepts", holds))


def families(inst: Instance) -> list[tuple[int, tuple[int, ...]]]:
    """Each parent that is a feature, and its sub-concepts, which are others."""
    known = [(inst.labels.index(p), children) for p, children in inst.hierarchy if p in inst.labels and children]
    return [(p, children) for p, children in known if p not in children]


def parent_iff_child(inst: Instance) -> Goal:
    wrong = [p for p, children in families(inst) if any((x[p] > 0) != any(x[c] for c in children) for x in inst.joint)]
    return Computed(lambda: not wrong, lambda: first_failing("parent-iff-child", wrong))


def silent_families(inst: Instance) -> Goal:
    sample = Sampled(inst)
    members = [d for parent, children in families(inst) for d in (parent, *children)]
    heard = [d for d in members if sample.solo(d) != 0][:1]
    return Computed(lambda: not heard, lambda: trait("silent", not heard, features=[d + 1 for d in heard or members]))


def splits_trap(inst: Instance) -> Goal:
    splits = [split_off(inst.pattern, i, j) for i in parents(inst) for j in inst.pattern[i]]
    return All([
        Some([Judgement(PARTIAL, Target(p, True, False)), Judgement("realizable", p, False)]) for p in splits
    ])  # fmt: skip


# A1: anchors


def meets_the_anchors(point: Configuration) -> Goal:
    inst = point.inst

    pairs = zip(inst.anchors, point.encoder.we, point.columns)
    met = all(e == inst.wp[d] and u == inst.wr[d] for d, e, u in pairs)
    fixed, all_ = (count * (inst.n_p + inst.n_r) for count in (len(inst.anchors), inst.neurons))
    return Computed(lambda: met, lambda: trait("anchors-met", met, {"fixed": fixed, "of": all_}))


def anchored_zero_loss(point: Configuration) -> Goal:
    return All([meets_the_anchors(point), no_loss(point), unrecovered(point, point.inst.anchors)])


def anchored_reconstruction(point: Configuration) -> Goal:
    return All([meets_the_anchors(point), Judgement("reconstructs", point), unrecovered(point, point.inst.anchors)])


def own_anchors_met(inst: Instance) -> Goal:
    if inst.given_anchors is not None:
        return meets_the_anchors(own(inst))
    own(inst)
    fact = trait("anchors-met", True, {"fixed": 0, "of": inst.neurons * (inst.n_p + inst.n_r)})
    return Computed(lambda: True, lambda: fact)


def anchor_overlaps(inst: Instance, d: int) -> list[tuple[Fraction, int]]:
    return [(dot(inst.wp[a], inst.wp[d]), a) for a in inst.anchors if a != d]


def anchor_cost(inst: Instance) -> Fraction:
    """c, the sum over d of M_d |sum over anchors a != d of max(<w_a, w_d>, 0) r_a|^2."""
    if inst.kind != "relu":
        raise Reject("missing-data", "$.instance.activation", "relu", inst.kind)
    leaks = ([(max(z, ZERO), inst.wr[a]) for z, a in anchor_overlaps(inst, d)] for d in range(inst.n))
    return sum((m * square(combination(leak, inst.n_r)) for m, leak in zip(inst.weight, leaks)), ZERO)


def silent(inst: Instance) -> Goal:
    cost = anchor_cost(inst)
    return Computed(lambda: cost == 0, lambda: {"relation": "anchor-cost", "cost": str(cost)})


def no_anchor_interference(inst: Instance) -> Goal:
    pairs = ((a, d) for a in inst.anchors for d in range(inst.n) if a != d)
    hit = [(a, d) for a, d in pairs if dot(inst.wp[a], inst.wp[d]) > 0][:1]
    fact = trait("no-anchor-interference", not hit, **{"features": numbered(pair) for pair in hit})
    return Computed(lambda: not hit, lambda: fact)


def anchored(inst: Instance) -> Goal:
    k = len(inst.given_anchors or ())
    return Computed(lambda: 1 <= k < inst.n, lambda: trait("anchored", 1 <= k < inst.n, {"k": k, "n": inst.n}))


ANCHORED = shared("unit-norm") | {"anchored": anchored}
ANCHORS_MET = {"anchored": anchored, "anchors-met": own_anchors_met}


def others(inst: Instance) -> list[int]:
    return [d for d in range(inst.n) if d not in inst.anchors]


def largest_cosine(
    name: str, rows: Iterable[Vector], directions: Iterable[Vector], of: str = OTHERS
) -> Computed:
    """Below 9/10 in size for every row and direction."""
    norms = [(dot(x, w) ** 2, square(x) * square(w)) for x in rows for w in directions]
    best = max((overlap / norm for overlap, norm in norms if norm), default=ZERO)
    limit = Fraction(81, 100)
    return Computed(lambda: best < limit, lambda: order(name + of, best, "", limit))


def anchor_cosines(inst: Instance) -> All:
    def cosine(name: str, matrix: Matrix) -> Computed:
        return largest_cosine(name, [matrix[a] for a in inst.anchors], [matrix[d] for d in others(inst)])

    return All([cosine("max cos(e_i, w_d)^2", inst.wp), cosine("max cos(u_i, r_d)^2", inst.wr)])


def anchors_apart(inst: Instance) -> Goal:
    some = any(any(inst.wr[a]) for a in inst.anchors)
    return All([anchor_cosines(inst), Computed(lambda: some, lambda: trait("anchor-with-target", some))])


def independent_codes_apart(point: Configuration) -> Goal:
    inst, found = point.inst, rank_of(tuple(codes(point)))
    rank = Computed(lambda: found >= inst.n, lambda: order("rank of the codes", found, "n", inst.n))
    directions = [inst.wp[d] for d in others(inst)]
    return All([largest_cosine("max cos(e_i, w_d)^2", point.encoder.we, directions), rank])


def room(inst: Instance) -> Goal:
    def unless() -> Goal:
        rows = [none for what, none in covered(inst, others(inst)) if what == "rows"]
        twins = negated(SHARED["distinct-directions"](inst))
        return Some([*rows, fewer("n_q", inst.neurons, "n", inst.n), twins])

    return Judgement("exists", Property(independent_codes_apart, unless))


ANCHORS_APART = {"anchors-apart": anchors_apart}
SPARE_PAIRS = compared("n_q - k", lambda inst: inst.neurons - len(inst.anchors), ">=", "2 n", lambda inst: 2 * inst.n)
ROOM_TO_CANCEL = compared(
    "n_q",
    lambda inst: inst.neurons,
    ">=",
    "2 k + 2 min(n_p, n_r) + 2",
    lambda inst: 2 * (len(inst.anchors) + short_side(inst) + 1),
)


def anchored_exists(property_of: Callable[[Configuration], Goal], sign: bool) -> GoalOf:
    def unless(inst: Instance) -> Goal:
        if property_of is anchored_zero_loss:
            never = nothing_hides(inst, weighted(inst), others(inst), inst.anchors)
        else:
            never = nothing_reconstructs(inst, others(inst), inst.anchors)
        return Some([negated(anchor_cosines(inst)), never])

    return lambda inst: Judgement("exists", Property(property_of, lambda: unless(inst)), sign)


# A2: dead neurons


def dead_neuron(inst: Instance) -> int | None:
    """The first neuron in A(d) for no d."""
    return next((i for i in range(inst.neurons) if not any(i in active for active in own(inst).active)), None)


def decrease(inst: Instance, v: Vector) -> Fraction:
    """Of L~, by a row v with its best column in place of the dead neuron's, or after all others."""
    j, point = dead_neuron(inst), own(inst)
    if j is None:
        if inst.kind == "gated":
            raise Reject("missing-data", "$.instance", "a dead neuron", "none")
        j = inst.neurons

    def placed(rows: Matrix, row: Vector) -> Matrix:
        return (*rows[:j], row, *rows[j + 1 :])

    encoder = replace(point.encoder, we=placed(point.encoder.we, v))
    start = Configuration(inst, encoder, transpose(placed(point.columns, (ZERO,) * inst.n_r)))
    f = [start.z[j][d] if j in active else ZERO for d, active in enumerate(start.active)]
    scale = sum((m * x * x for m, x in zip(inst.weight, f)), ZERO)
    gain = combination([(m * x, rho) for m, x, rho in zip(inst.weight, f, start.residuals)], inst.n_r)
    return point.loss - start.loss + (square(gain) / scale if scale else ZERO)


def lowered(inst: Instance, by: Fraction, of: Fact) -> Fact:
    j = dead_neuron(inst)
    return {"relation": "decrease", "by": str(by), **of, "neuron": 0 if j is None else j + 1}


def worst_direction_helps(inst: Instance) -> Goal:
    point = own(inst)
    errors = [m * square(rho) for m, rho in zip(inst.weight, point.residuals)]
    d = errors.index(max(errors))
    gain = decrease(inst, inst.wp[d])
    return Computed(lambda: gain > 0, lambda: lowered(inst, gain, {"feature": d + 1}))


def resampled(inst: Instance) -> Goal:
    j, point = dead_neuron(inst), own(inst)

    def property_of(other: Configuration) -> Goal:
        def rest(x: Matrix) -> Matrix:
            return x if j is None else (*x[:j], *x[j + 1 :])

        def kept() -> bool:
            rows = rest(other.encoder.we) == rest(inst.encoder.we)
            gates = (other.encoder.gate, other.encoder.bias) == (inst.encoder.gate, inst.encoder.bias)
            return rows and gates and rest(other.columns) == rest(point.columns)

        def better() -> bool:
            gain = ZERO if j is None else decrease(inst, other.encoder.we[j])
            return gain > 0 and other.loss == point.loss - gain

        def fallen() -> Fact:
            row = (ZERO,) * inst.n_p if j is None else other.encoder.we[j]
            return lowered(inst, point.loss - other.loss, {"row": texts(row)})

        same = Computed(kept, lambda: trait("only-neuron-changes", kept(), neuron=0 if j is None else j + 1))
        return All([same, Computed(better, fallen)])

    def unless() -> Goal:
        return Some([negated(has_dead_neuron(inst)), negated(POSITIVE_LOSS(inst))])

    return Judgement("exists", Property(property_of, unless))


def along(x: Vector, y: Vector) -> int:
    """1 if on one ray, -1 if on opposite rays, else 0."""
    overlap = dot(x, y)
    return ((overlap > 0) - (overlap < 0)) if overlap**2 == square(x) * square(y) else 0


def antipodes(inst: Instance) -> list[Vector]:
    """The w_d with some earlier w_c on the opposite ray."""
    return [w for d, w in enumerate(inst.wp) if any(along(earlier, w) < 0 for earlier in inst.wp[:d])]


def has_dead_neuron(inst: Instance) -> Goal:
    j = dead_neuron(inst)
    fact = trait("dead-neuron", False) if j is None else trait("dead-neuron", True, neuron=j + 1)
    return Computed(lambda: j is not None, lambda: fact)


POSITIVE_LOSS = compared("L~", lambda inst: own(inst).loss, ">", "", lambda inst: ZERO)
A2_FIRST = {"dead-neuron": has_dead_neuron, "positive-loss": POSITIVE_LOSS}
DISTINCT_RAYS = every(
    "distinct-rays", lambda inst: (all(along(v, w) <= 0 for v in inst.wp[:d]) for d, w in enumerate(inst.wp))
)


def independent_antipodes(inst: Instance) -> Goal:
    pairs = antipodes(inst)
    rank = rank_of(pairs)
    return Computed(lambda: rank >= len(pairs), lambda: order("rank", rank, "opposite pairs", len(pairs)))

# T6-valley, T6-exit


def independent_responses(inst: Instance) -> Goal:
    if inst.theta > 0:
        return SHARED["distinct-directions"](inst)
    return All([DISTINCT_RAYS(inst), independent_antipodes(inst)])


def dependent_codes(inst: Instance) -> Goal:
    most, name = (inst.n, "n") if inst.neurons > inst.n else (code_rank(inst), "rank Z")
    return Computed(lambda: inst.neurons > most, lambda: order("n_q", inst.neurons, name, most))


def valley(to: str) -> GoalOf:
    return lambda inst: Judgement("valley exit", (own(inst), to))


BY_ROWS = activation("relu", "jumprelu")
RESPONSES: dict[str, GoalOf] = {"independent-responses": independent_responses}
SOME_LOSS = {"positive-loss": POSITIVE_LOSS}

# T6-null, T6-row


def some_neuron(name: str, is_one: Callable[[Configuration, int], bool]) -> dict[str, GoalOf]:
    def goal(inst: Instance) -> Goal:
        point = own(inst)
        found = next((i for i in range(inst.neurons) if is_one(point, i)), None)
        fact = trait(name, False) if found is None else trait(name, True, neuron=found + 1)
        return Computed(lambda: found is not None, lambda: fact)

    return {name: goal}


def unsettled(point: Configuration, i: int) -> bool:
    """Whether z_{i,d} is not 0 for any d, and H_i = sum_{d in F_i} M_d rho_d w_d^T is not 0."""
    inst, on = point.inst, point.pattern[i]
    slope = outer([(inst.weight[d], point.residuals[d], inst.wp[d]) for d in on], inst.n_r, inst.n_p)
    return all(point.z[i]) and any(map(any, slope))


NULL_NEURON = some_neuron("null-neuron", lambda point, i: not any(point.encoder.we[i]) and not any(point.columns[i]))
ZERO_ROW = some_neuron("zero-row", lambda point, i: not any(point.encoder.we[i]))
UNSETTLED_ROW = some_neuron("unsettled-row", unsettled)


def no_minimum(inst: Instance) -> Goal:
    return Judgement("local minimum", own(inst), False)


# HS


def sparsity(inst: Instance) -> tuple[int, bool]:
    """k, and whether codes may be negative."""
    if inst.kind not in ("topk", "topk-pure"):
        raise Reject("missing-data", "$.instance.activation", "k, of topk or topk-pure", inst.kind)
    return inst.k, inst.kind == "topk-pure"


def few_columns_independent(inst: Instance) -> Goal:
    found = dependent_columns(inst, sparsity(inst)[0])
    of = {} if found is None else {"features": numbered(found)}
    return Computed(lambda: found is None, lambda: trait("independent-columns", found is None, **of))


def spark_equivalence(inst: Instance) -> Goal:
    both = All([few_columns_independent(inst), Judgement("unique codes", sparsity(inst))])
    neither = All([negated(part) for part in both.parts])
    return Some([both, neither])


def spark(inst: Instance) -> Goal:
    return Judgement("unique codes", (sparsity(inst)[0], True))


def codes_all(point: Configuration) -> Goal:
    inst, k = point.inst, sparsity(point.inst)[0]
    chosen = [[point.columns[i] for i in some] for some in combinations(range(inst.neurons), min(k, inst.neurons))]

    def coded(features: tuple[int, ...]) -> bool:
        own_ = [inst.wp[d] for d in features]
        return any(rank_of([*columns, *own_]) == rank_of(columns) for columns in chosen)

    sets = combinations(range(inst.n), min(k, inst.n))
    failing = next((features for features in sets if not coded(features)), None)
    of = {} if failing is None else {"features": numbered(failing)}
    return Computed(lambda: failing is None, lambda: trait("codes-all", failing is None, **of))


def loses(point: Configuration) -> Goal:
    columns = [u for u in point.columns if any(u)]
    lost = next((d for d, w in enumerate(point.inst.wp) if all(rank_of([u, w]) == 2 for u in columns)), None)
    of = {} if lost is None else {"features": [lost + 1]}
    return Computed(lambda: lost is not None, lambda: trait("loses", lost is not None, **of))


def other_dictionary(sign: bool) -> GoalOf:
    def goal(inst: Instance) -> Goal:
        if inst.n_r != inst.n_p:
            raise Reject("missing-data", "$.instance", "n_r = n_p", inst.n_r)

        def unless() -> Goal:
            lemma = All([NO_MORE_COLUMNS(inst), SPARSE(inst), spark(inst)])
            return Some([lemma, negated(TWO_SPARSE(inst))])

        such = Property(lambda point: All([codes_all(point), loses(point)]), unless)
        return Judgement("exists", such, sign)

    return goal


NO_MORE_COLUMNS = compared("n", lambda inst: inst.n, ">=", "n_q", lambda inst: inst.neurons)
SPARSE = compared("n", lambda inst: inst.n, ">", "k", lambda inst: sparsity(inst)[0])
TWO_SPARSE = compared("k", lambda inst: sparsity(inst)[0], ">=", "", lambda inst: 2)
WIDE = compared("n_q", lambda inst: inst.neurons, ">=", "2 n - k", lambda inst: 2 * inst.n - sparsity(inst)[0])
DICTIONARY: dict[str, GoalOf] = {"no-more-columns": NO_MORE_COLUMNS, "spark": spark}


# Probe


def labelled(inst: Instance) -> tuple[int, ...]:
    return inst.pattern[0]


def probe(inst: Instance) -> Goal:
    return Judgement("realizable", (labelled(inst),))


def linear_in_concepts(inst: Instance) -> Iterator[bool]:
    u = transpose(inst.wd)[0]
    for d, r in enumerate(inst.wr):
        yield (dot(u, r) > 0) == (d in labelled(inst))


def rank_of_both(inst: Instance) -> int:
    return rank_of([(*r, *w) for r, w in zip(inst.wr, inst.wp)])


PROBE: dict[str, GoalOf] = activation("relu") | {
    "linear-in-concepts": every("linear-in-concepts", linear_in_concepts),
    "projected": compared("rank of W_r", lambda inst: rank_of(inst.wr), ">=", "rank of W_r and W_p", rank_of_both),
}
INJECTIVE = compared("rank of W_p", lambda inst: rank_of(inst.wp), ">=", "rank of W_r", lambda inst: rank_of(inst.wr))


# Hedging


class Reads:
    """Which features the rows of the instance's configuration read, and what its columns have along others."""

    def __init__(self, inst: Instance) -> None:
        self.inst, self.features = inst, read_features(inst)

    @property
    def joint(self) -> dict[Vector, Fraction]:
        """Only where it matters: without a distribution some of these are decided all the same."""
        return self.inst.joint

    def mean(self, *features: int) -> Fraction:
        """E of the product of these x_d."""
        return sum((p * prod(x[d] for d in features) for x, p in self.joint.items()), ZERO)

    def covariance(self, c: int, d: int) -> Fraction:
        return self.mean(c, d) - self.mean(c) * self.mean(d)

    @property
    def latents(self) -> list[tuple[int, int]]:
        return [(i, d) for i, d in enumerate(self.features) if d is not None and any(self.inst.wr[d])]

    @property
    def pairs(self) -> list[tuple[int, int, int, Fraction]]:
        """A neuron, the feature with a target that it reads, one that no row reads, and <u_i, r_j>."""
        targets, columns = self.inst.wr, transpose(self.inst.wd)
        hidden = [j for j, r in enumerate(targets) if any(r) and j not in self.features]
        return [(i, d, j, dot(columns[i], targets[j])) for i, d in self.latents for j in hidden]

    @property
    def bias(self) -> int | None:
        for i, d in enumerate(self.features):
            if d is not None and not any(self.inst.wr[d]) and sum(p for x, p in self.joint.items() if x[d] == 1) == 1:
                return i
        return None


def some_pair(name: str, value: Callable[[Reads, int, int, Fraction], Fraction]) -> GoalOf:
    def goal(inst: Instance) -> Goal:
        reads = Reads(inst)
        numbers = ((i, d, j, value(reads, d, j, along)) for i, d, j, along in reads.pairs)
        found = next((one for one in numbers if one[3]), None)
        if found is None:
            return Computed(lambda: False, lambda: trait(name, False))
        i, d, j, number = found
        fact = trait(name, True, {"value": number}, neuron=i + 1, features=numbered((d, j)))
        return Computed(lambda: True, lambda: fact)

    return goal


def first_neuron(name: str, holds: bool, found: int | None) -> Goal:
    fact = trait(name, holds) if found is None else trait(name, holds, neuron=found + 1)
    return Computed(lambda: holds, lambda: fact)


def orthonormal(inst: Instance) -> Iterator[bool]:
    for d, (w, r) in enumerate(zip(inst.wp, inst.wr)):
        others = list(zip(inst.wp, inst.wr))[: d + 1]
        yield all(
            dot(w, v) == (c == d) and (not any(r) or not any(s) or dot(r, s) == (c == d))
            for c, (v, s) in enumerate(others)
        )


def read_features(inst: Instance) -> list[int | None]:
    """For each neuron the feature whose direction its row is."""
    return [next((d for d, w in enumerate(inst.wp) if w == e), None) for e in inst.encoder.we]


def pure_rows(inst: Instance) -> Goal:
    read = read_features(inst)
    found = next((i for i, d in enumerate(read) if d is None or d in read[:i]), None)
    return first_neuron("pure-rows", found is None, found)


def free_bias(inst: Instance) -> Goal:
    found = Reads(inst).bias
    return first_neuron("free-bias", found is not None, found)


def no_bias(inst: Instance) -> Goal:
    features = enumerate(read_features(inst))
    found = next((i for i, d in features if d is not None and not any(inst.wr[d])), None)
    return first_neuron("no-bias", found is None, found)


def best_columns(inst: Instance) -> Goal:
    point = Sampled(inst).on_inputs
    slope = sum((square(by_u) for _, by_u in point.gradients), ZERO) if inst.joint else ZERO
    return Computed(lambda: slope == 0, lambda: trait("best-decoder", slope == 0, {"square": slope}))


def one_latent(inst: Instance) -> Goal:
    count = len(Reads(inst).latents)
    return Computed(lambda: count == 1, lambda: trait("one-latent", count == 1, {"count": count}))


def of_signs(inst: Instance) -> Goal:
    reads = Reads(inst)

    def one(i: int, d: int, j: int, along: Fraction) -> Goal:
        cov = reads.covariance(d, j)
        left, where = f"<u_{i + 1}, r_{j + 1}>", {f"Cov(x_{d + 1}, x_{j + 1})": cov}
        same = (along > 0) == (cov > 0) and (along < 0) == (cov < 0)
        return Computed(lambda: same, lambda: order(left, along, "", 0, where))

    return All([one(*pair) for pair in reads.pairs])


def of_slopes(inst: Instance) -> Goal:
    reads = Reads(inst)

    def one(i: int, d: int, j: int, along: Fraction) -> Goal:
        cov, scaled = reads.covariance(d, j), along * reads.covariance(d, d)
        left, right = f"<u_{i + 1}, r_{j + 1}> Var(x_{d + 1})", f"Cov(x_{d + 1}, x_{j + 1})"
        return Computed(lambda: scaled == cov, lambda: order(left, scaled, right, cov))

    return All([one(*pair) for pair in reads.pairs])


def moment(inst: Instance) -> Matrix:
    """S = E[y y^T], y = W_r x."""
    ys = [(p, combination(zip(x, inst.wr), inst.n_r)) for x, p in inst.joint.items()]
    return outer([(p, y, y) for p, y in ys], inst.n_r, inst.n_r)


def linked(inst: Instance) -> Goal:
    reached = [0] if any(x[0] for x in inst.joint) else []
    for c in reached:
        reached += [d for d in range(inst.n) if d not in reached and any(x[c] and x[d] for x in inst.joint)]
    failing = [d for d in range(inst.n) if d not in reached]
    return Computed(lambda: not failing, lambda: first_failing("linked", failing))


def best_of_all(inst: Instance) -> Goal:
    """(tr S - L) I - S >= 0"""
    s = moment(inst)
    value = sum((row[k] for k, row in enumerate(s)), ZERO) - Sampled(inst).loss
    unit = tuple(tuple(ONE if k == c else ZERO for c in range(inst.n_r)) for k in range(inst.n_r))
    return Judgement("definite", mixed(value, unit, -ONE, s), what={"matrix": "moment", "lambda": str(value)})


def along_every_target(inst: Instance) -> Goal:
    u = transpose(inst.wd)[0]

    def one(d: int, value: Fraction) -> Goal:
        return Computed(lambda: value > 0, lambda: order(f"<u, r_{d + 1}>", value, "", 0))

    return All([one(d, dot(u, r)) for d, r in enumerate(inst.wr)])


def orthonormal_targets(inst: Instance) -> Iterator[bool]:
    for d, r in enumerate(inst.wr):
        yield all(dot(r, s) == (c == d) for c, s in enumerate(inst.wr[: d + 1]))


HEDGING: dict[str, GoalOf] = activation("relu") | {
    "orthonormal": every("orthonormal", orthonormal),
    "pure-rows": pure_rows,
    "best-columns": best_columns,
}
BIAS: dict[str, GoalOf] = {"free-bias": free_bias}
CORRELATED = some_pair("correlated", lambda reads, d, j, _: reads.covariance(d, j))
TOGETHER = some_pair("together", lambda reads, d, j, _: reads.mean(d, j))
MERGED = some_pair("merged", lambda reads, d, j, along: along)


# Chanin


def two_by_two(inst: Instance) -> bool:
    return inst.n == inst.neurons == 2


def absorbed(inst: Instance) -> Fraction:
    """delta = <w_1 - e_1, w_2> / |w_2|^2."""
    if not two_by_two(inst):
        raise Reject("missing-data", "$.instance", "n = n_q = 2")
    w = inst.wp[1]
    return dot(minus(inst.wp[0], inst.encoder.we[0]), w) / square(w)


def moved(inst: Instance, delta: Fraction) -> Instance:
    """e_1 = w_1 - delta w_2, e_2 = w_2, u_1 = r_1, u_2 = r_2 + delta r_1."""
    e_1 = combination([(ONE, inst.wp[0]), (-delta, inst.wp[1])], inst.n_p)
    u_2 = combination([(ONE, inst.wr[1]), (delta, inst.wr[0])], inst.n_r)
    encoder = replace(inst.encoder, we=(e_1, inst.wp[1]))
    return replace(inst, given_encoder=encoder, given_wd=transpose((inst.wr[0], u_2)))


def absorbing(inst: Instance) -> bool:
    return two_by_two(inst) and 0 < absorbed(inst) <= 1 and moved(inst, absorbed(inst)) == inst


def absorbing_fact(inst: Instance) -> Fact:
    fits = absorbing(inst)
    return trait("absorbing", fits, {"delta": absorbed(inst)} if fits else None)


def hierarchical(inst: Instance) -> Goal:
    if not two_by_two(inst):
        return not_two(inst)
    s = Sampled(inst)
    child, orphan = s.chance(lambda x: x[1]), s.chance(lambda x: x[1] and not x[0])
    holds = child > 0 and orphan == 0
    return Computed(lambda: holds, lambda: trait("hierarchical", holds, {"child": child, "orphan": orphan}))


def parent_above(inst: Instance) -> Goal:
    if not two_by_two(inst):
        return not_two(inst)
    delta = absorbed(inst)
    below = Sampled(inst).chance(lambda x: x[0] < delta * x[1])
    return Computed(lambda: below == 0, lambda: order("Pr(x_1 < delta x_2)", below, "", 0))


def not_two(inst: Instance) -> Goal:
    return Computed(lambda: False, lambda: trait("two-by-two", False, {"n": inst.n, "n_q": inst.neurons}))


def chanin(binary: bool) -> GoalOf:
    def conclusion(inst: Instance) -> Goal:
        delta, own_, start = absorbed(inst), Sampled(inst), Sampled(moved(inst, ZERO))
        after, before = own_.penalty, start.penalty
        losses = {"delta = 0": start.loss, f"delta = {delta}": own_.loss}
        if binary:
            formula = "p_11 (2 - delta) + p_10"
            both, parent = own_.chance(lambda x: x[0] and x[1]), own_.chance(lambda x: x[0] and not x[1])
            expected = both * (2 - delta) + parent
        else:
            formula = "the penalty of delta = 0 less delta E[x_2]"
            expected = before - delta * sum((p * x[1] for x, p in own_.joint.items()), ZERO)
        exact_ = start.loss == own_.loss == 0
        fact = {"relation": "penalty", "after": str(after), "before": str(before)}
        return All([
            Computed(lambda: exact_, lambda: trait("lossless", exact_, losses)),
            Computed(
                lambda: after == expected and after < before,
                lambda: fact | {"expected": quantity(formula, expected)},
            ),
        ])  # fmt: skip

    return conclusion


CHANIN = shared("unit-norm") | activation("relu") | shared("no-interference") | {
    "absorbing": computed(absorbing, absorbing_fact),
    "hierarchical": hierarchical,
}  # fmt: skip
BINARY = simple("binary", lambda inst: all(v in (0, 1) for x in inst.joint for v in x))

# T4-scale


def t4_scale(scale: Scale) -> Goal:
    codes = Judgement("independent codes", None)
    found, of = scale.recovered, scale.n - scale.anchored
    return All([codes, Computed(lambda: found == 0, lambda: {"relation": "recovered", "count": found, "of": of})])


T3_HYPOTHESES = UNGATED | shared("unit-norm", "two-features", "enough-neurons")
T3_GLOBAL_HYPOTHESES = UNGATED | shared("unit-norm", "enough-neurons")
T6_HYPOTHESES = shared("unit-norm", "two-features", "enough-neurons", "realizable", "polysemantic", "partition")
HAS_PARENT = {"has-parent": compared("parents", lambda inst: len(parents(inst)), ">", "", lambda inst: 0)}
POLYSEMANTIC = shared("unit-norm") | HAS_PARENT


def three_sub_concepts(inst: Instance) -> Goal:
    few = [i + 1 for i in parents(inst) if len(inst.pattern[i]) < 3][:1]
    return Computed(lambda: not few, lambda: trait("three-sub-concepts", not few, **{"neuron": i for i in few}))


def positive_threshold(inst: Instance) -> Goal:
    fact = order("theta", inst.theta, "", 0) if inst.kind == "jumprelu" else trait("threshold", False)
    return Computed(lambda: inst.theta > 0, lambda: fact)


THREE_SUB_CONCEPTS = {"three-sub-concepts": three_sub_concepts}
T8_LOSS = shared("unit-norm") | activation("relu") | HAS_PARENT | shared("partition", "realizable")
T8_HYPOTHESES = POLYSEMANTIC | shared("realizable")
POSITIVE_THRESHOLD = {"positive-threshold": positive_threshold}
T8_REPAIRED = T8_HYPOTHESES | activation("jumprelu") | POSITIVE_THRESHOLD | shared("distinct-directions")
RAISED = activation("jumprelu") | shared("unit-norm") | HAS_PARENT | {"shows-pattern": shows_own_pattern}

T3_GLOBAL = Reading(T3_GLOBAL_HYPOTHESES, ground_truth_is_global)
NONIDENTIFIABLE = Reading(
    shared("unit-norm"),
    lambda inst: Judgement(
        "exists",
        Property(zero_loss_unrecovered, lambda: nothing_hides(inst, weighted(inst), range(inst.n), None)),
    ),
)

CLAIMS: dict[str, dict[str, Reading]] = {
    "T1": {
        "walkthrough": Reading(shared("unit-norm"), T1_ORDER),
        "paper": Reading(
            shared("unit-norm") | {"sparse-enough": SPARSE_ENOUGH},
            t1_paper,
        ),
        "repaired": Reading({"independent": INDEPENDENT, "homogeneous": HOMOGENEOUS}, t1_repaired),
    },
    "T2": {
        reading: Reading(in_region(region), t2(region))
        for reading, region in (("walkthrough", "threshold"), ("paper", "positive"), ("repaired", "active"))
    },
    "T2-global": {
        "paper": Reading({}, lambda inst: Judgement("biconvex", "everywhere")),
        "repaired": Reading(BELOW_NOTHING, not_jointly_convex),
    },
    "R": {"paper": Reading({}, SHARED["realizable"])},
    "R-count": {"ours": Reading(activation(*SEPARATE), lambda inst: Judgement("counted", "sets"))},
    "R-chambers": {"ours": Reading(activation(*SEPARATE), lambda inst: Judgement("counted", "chambers"))},
    "B1-mean": of_report(b1_mean),
    "B1-unit": of_report(b1_unit),
    "B1-count": of_report(b1_count, NAMES_DENOMINATORS),
    "B1-words": {"ours": Reading({}, b1_words, read_comparison)},
    "latent-on": of_latents(latent_on),
    "latent-off": of_latents(latent_off),
    "absorbs": of_latents(absorbs),
    "T3": {
        "walkthrough": Reading(T3_HYPOTHESES | shared("no-interference"), t3_walkthrough),
        "paper": Reading(T3_HYPOTHESES, t3_paper),
        "repaired": Reading(
            T3_HYPOTHESES | shared("targets-within-unit") | OWN_NEURON_ACTIVE | {"negatives-cut": NEGATIVES_CUT},
            t3_repaired,
        ),
    },
    "T3-global": {
        "walkthrough": T3_GLOBAL,
        "paper": T3_GLOBAL,
        "repaired": Reading(
            T3_GLOBAL_HYPOTHESES | OWN_NEURON_ACTIVE | {"each-alone": EACH_ALONE}, ground_truth_is_global
        ),
    },
    "T3-sources": {
        "paper": Reading(UNGATED | STACKED, t3_paper),
        "repaired": Reading(activation("relu") | STACKED | TARGETS_WITHIN, crosscoder),
    },
    "T4": {
        "walkthrough": Reading({}, zero_iff_reconstructed),
        "paper": Reading({}, zero_iff_reconstructed),
        "repaired": Reading(shared("positive-weights"), zero_iff_reconstructed),
    },
    "T4-nonidentifiable": {
        "walkthrough": NONIDENTIFIABLE,
        "paper": NONIDENTIFIABLE,
        "repaired": Reading(
            shared("unit-norm") | activation("relu") | APART_IN_SPACE | {"enough-pairs": ENOUGH_PAIRS},
            lambda inst: Judgement(
                "exists",
                Property(reconstructs_unrecovered, lambda: nothing_reconstructs(inst, range(inst.n), None)),
            ),
        ),
    },
    "E5": {
        "paper": Reading(shared("unit-norm"), lambda inst: spurious(own(inst), False)),
        "repaired": Reading(
            shared("unit-norm") | activation("relu", "topk") | {"merged-pair": MERGED_PAIR}, e5_repaired
        ),
    },
    "T6": {
        "walkthrough": Reading(T6_HYPOTHESES, partial_minimum_of(zero_gradients=True)),
        "paper": Reading(T6_HYPOTHESES, partial_minimum_of(zero_gradients=False)),
        "repaired": Reading(activation("relu", "jumprelu") | shared("positive-weights", "partition"), t6_repaired),
    },
    "T6-critical": {"repaired": Reading(T6_SEPARATE, critical("any"))},
    "T6-minimum": {"repaired": Reading(T6_SEPARATE, critical("minimum"))},
    "T6-trap": {"paper": Reading(T6_HYPOTHESES, critical("minimum"))},
    "T6-saddle": {"repaired": Reading(T6_SEPARATE, critical("saddle"))},
    "T6-strict": {"repaired": Reading(T6_STRICT, t6_strict)},
    "T6-perron": {"repaired": Reading(T6_PERRON, critical("minimum"))},
    "T6-spanning": {"repaired": Reading(T6_SPANNING, t6_spanning)},
    "T6-overlap": {"repaired": Reading(T6_OVERLAP, t6_spanning)},
    "T6-valley": {"repaired": Reading(BY_ROWS | shared("enough-neurons") | RESPONSES, valley("zero"))},
    "T6-exit": {
        "repaired": Reading(
            BY_ROWS | SOME_LOSS | {"dependent-codes": dependent_codes} | RESPONSES, valley("lower")
        )
    },
    "T6-path": {"repaired": Reading(BY_ROWS | SOME_LOSS, valley("lower"))},
    "T6-null": {
        "repaired": Reading(activation("relu") | NULL_NEURON | SOME_LOSS | RESPONSES, no_minimum)
    },
    "T6-row": {"repaired": Reading(activation("relu") | ZERO_ROW | UNSETTLED_ROW, no_minimum)},
    "T6-encoders": {"repaired": Reading({}, lambda inst: best_both(inst, own(inst)))},
    "T6-plain": {"ours": Reading(T6_HYPOTHESES, plain)},
    "T6-weights": {
        "ours": Reading(T6_HYPOTHESES, some_weights),
        "repaired": Reading(
            activation("relu") | {"sae": SAE} | INDEPENDENT_DIRECTIONS | shared("polysemantic", "partition"),
            some_weights,
        ),
    },
    "T6-open": {"ours": Reading(T6_OPEN, refuted_near)},
    "T6-orthogonal": {"repaired": Reading(STATIONARY_DECODER, orthogonal)},
    "G1": {
        "ours": Reading(activation("relu") | {"one-neuron": compared("n_q", lambda inst: inst.neurons, "=", "", lambda inst: 1)}, least)
    },
    "G2": {"ours": Reading({}, least)},
    "T6-dead": {"repaired": Reading(activation("relu"), strictly_dead)},
    "T8": {
        "walkthrough": Reading(T8_HYPOTHESES, t8(All)),
        "paper": Reading(T8_HYPOTHESES, t8(Some)),
        "repaired": Reading(T8_REPAIRED, t8(Some)),
    },
    "T8-polysemantic": {
        "paper": Reading(POLYSEMANTIC, three_each),
        "repaired": Reading(POLYSEMANTIC | THREE_SUB_CONCEPTS, three_each),
    },
    "T8-loss": {
        "ours": Reading(T8_LOSS, t8_loss),
        "repaired": Reading(T8_LOSS | INDEPENDENT_DIRECTIONS, t8_loss),
    },
    "T8-hierarchy": {
        "paper": Reading(shared("unit-norm") | {"sub-concepts": sub_concepts} | shared("realizable"), t8(Some))
    },
    "T8-minima": {
        "paper": Reading(
            shared("unit-norm", "enough-neurons")
            | HAS_PARENT
            | THREE_SUB_CONCEPTS
            | shared("partition", "realizable"),
            splits_trap,
        )
    },
    "T8-silent": {
        "ours": Reading(
            {
                "parent-is-feature": compared("parents", lambda inst: len(families(inst)), ">", "", lambda _: 0),
                "parent-iff-child": parent_iff_child,
            },
            silent_families,
        )
    },
    "T8-threshold": {
        "paper": Reading(RAISED, others_stay_above),
        "repaired": Reading(RAISED | {"same-least": same_least}, others_stay_above),
    },
    "T4-growth": {
        "paper": Reading(shared("two-features") | ON_THE_SET, more_free),
        "repaired": Reading(shared("two-features") | ON_THE_SET | INDEPENDENT_CODES, fewer_by_targets),
    },
    "A1-dimension": {
        "paper": Reading(ANCHORS_MET | ON_THE_SET, anchors_take),
        "ours": Reading(ANCHORS_MET | ON_THE_SET, only_rescalings),
    },
    "T4-dimension": {
        "paper": Reading(
            MORE_NEURONS | ON_THE_SET,
            dimension(lambda inst, parameters, rank: parameters - rank - inst.neurons > 0),
        ),
        "repaired": Reading(
            ON_THE_SET | INDEPENDENT_CODES,
            dimension(lambda inst, parameters, rank: rank == inst.n * inst.n_r),
        ),
    },
    "A1": {
        "paper": Reading(ANCHORED, anchored_exists(anchored_zero_loss, False)),
        "repaired": Reading(
            ANCHORED
            | activation("relu")
            | ANCHORS_APART
            | {"spare-pairs": SPARE_PAIRS, "room": room},
            anchored_exists(anchored_zero_loss, True)
        ),
    },
    "A1-true": {
        "paper": Reading(ANCHORED, anchored_exists(anchored_reconstruction, False)),
        "repaired": Reading(
            ANCHORED | activation("relu") | ANCHORS_APART | {"factors": factors, "room-to-cancel": ROOM_TO_CANCEL},
            anchored_exists(anchored_reconstruction, True),
        ),
    },
    "A1-interference": {
        "ours": Reading(ANCHORED, silent),
        "repaired": Reading(ANCHORED | {"no-anchor-interference": no_anchor_interference}, silent),
    },
    "A2": {
        "paper": Reading(
            shared("unit-norm") | activation("relu") | A2_FIRST,
            worst_direction_helps,
        ),
        "repaired": Reading(
            activation("relu")
            | A2_FIRST
            | {"distinct-rays": DISTINCT_RAYS, "independent-antipodes": independent_antipodes},
            resampled,
        ),
    },
    "Chanin": {
        "paper": Reading(CHANIN | {"binary": BINARY}, chanin(True)),
        "repaired": Reading(CHANIN | {"parent-above": parent_above}, chanin(False)),
    },
    "Hedging": {
        "paper": Reading(HEDGING | BIAS | {"correlated": CORRELATED}, MERGED),
        "ours": Reading(HEDGING | BIAS, of_signs),
        "repaired": Reading(HEDGING | BIAS | {"one-latent": one_latent}, of_slopes),
    },
    "Hedging-plain": {
        "repaired": Reading(HEDGING | {"no-bias": no_bias, "together": TOGETHER}, MERGED),
    },
    "Hedging-one": {
        "repaired": Reading(
            activation("relu")
            | {
                "orthonormal-targets": every("orthonormal-targets", orthonormal_targets),
                "one-neuron": compared("n_q", lambda inst: inst.neurons, "<=", "", lambda inst: 1),
                "linked": linked,
                "best-of-all": best_of_all,
            },
            along_every_target,
        ),
    },
    "Probe": {
        "ours": Reading(PROBE, probe),
        "repaired": Reading(PROBE | {"injective": INJECTIVE}, probe),
    },
    "HS-codes": {
        "paper": Reading(activation("topk-pure"), spark_equivalence),
        "ours": Reading(activation("topk"), spark_equivalence),
    },
    "HS-dictionary": {
        "paper": Reading(DICTIONARY, other_dictionary(False)),
        "repaired": Reading(DICTIONARY | {"sparse": SPARSE}, other_dictionary(False)),
    },
    "HS-wide": {
        "repaired": Reading({"two-sparse": TWO_SPARSE, "wide": WIDE, "spark": spark}, other_dictionary(True)),
    },
    "T4-scale": {"ours": Reading({}, t4_scale, Scale)},
}

# The readings that mean the same of an instance of the second format (claims, "Biases, thresholds, inputs").
EVERY = ("walkthrough", "paper", "ours", "repaired")
LIFTED: dict[str, tuple[str, ...]] = dict.fromkeys(
    "T2 R R-count R-chambers T4 T6 T6-critical T6-minimum T6-saddle T6-strict T6-perron T6-spanning T6-valley T6-exit T6-path T6-null "
    "T6-row T6-encoders T6-plain T6-orthogonal G1 T6-dead T8 T8-polysemantic T8-loss T8-hierarchy T8-minima".split(),
    EVERY,
) | {"E5": ("paper",), "T6-weights": ("ours",), "A2": ("repaired",)}

# ---------------------------------------------------------------------------------------------------------------------
# Certificates (format 4)
# ---------------------------------------------------------------------------------------------------------------------


def outside(name: str, read: str, reading: Reading, inst: Any) -> dict[str, GoalOf] | None:
    """What the instance has that the reading is not about, as hypotheses that fail; None if there is nothing."""
    added = getattr(inst, "added", None)
    lifts = read in LIFTED.get(name, ())
    unfit = [
        what
        for what in (added.beyond if added else ())
        if not lifts or (what == "inputs" and "unit-norm" in reading.hypotheses)
    ]
    return {f"no-{what}": simple(f"no-{what}", lambda _: False) for what in unfit} or None


def every_number(at: At) -> None:
    """Each JSON number of a certificate is an index, those that nothing reads too."""
    values = [at.value]
    while values:
        value = values.pop()
        if isinstance(value, Number) and not INDEX.fullmatch(value.text):
            raise Reject("float", at.path, "an integer from 0 to 999,999,999", value)
        values += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def check(data: bytes) -> Fact:
    """Returns the verdict if the text is a certificate; raises Reject otherwise."""
    document = At(parse(data))
    every_number(document)
    if document.has("format") and next(iter(document.value.items())) == ("format", "dictum/landing@1"):
        from dictum_landings import check_landing  # here, as it imports this file

        return {"landing": check_landing(document)}
    fields = document.keys(("format", "claim", "reading", "instance", "verdict", "witness", "id"), ("dropped",))
    fields["format"].word(("dictum/certificate@1",))
    readings = CLAIMS[fields["claim"].word(CLAIMS)]
    reading = readings[fields["reading"].word(readings)]
    verdict = fields["verdict"].word(("holds", "refuted", "not-applicable"))
    inst = reading.read(fields["instance"])
    unfit = outside(fields["claim"].value, fields["reading"].value, reading, inst)
    if unfit:
        reading = replace(reading, hypotheses=unfit)
        fits = verdict == "not-applicable"
        fields["verdict"].need(fits, "wrong-verdict", f"not-applicable, as {next(iter(unfit))} fails", judged=True)
    dropped = fields["dropped"].word(reading.hypotheses) if "dropped" in fields else None
    names = [name for name in reading.hypotheses if name != dropped]
    if verdict == "not-applicable":
        witness = fields["witness"].keys(("fails", "proof"))
        fails = witness["fails"].word(reading.hypotheses)
        goals = [(negated(reading.hypotheses[fails](inst)), witness["proof"])]
    else:
        witness = fields["witness"].keys(("hypotheses", "conclusion", *(("dropped",) if dropped else ())))
        proofs = witness["hypotheses"].keys(names)
        goals = [(reading.hypotheses[name](inst), proofs[name]) for name in names]
        if dropped:
            goals.append((negated(reading.hypotheses[dropped](inst)), witness["dropped"]))

    found = document_id(document.value)
    fields["id"].need(fields["id"].string() == found, "wrong-id", found)
    plain = dropped is None or verdict == "refuted"
    document.need(plain, "wrong-verdict", "a hypothesis dropped beside a verdict refuted only", verdict)
    shown = [prove(inst, goal, proof) for goal, proof in goals]
    decided = {"claim": fields["claim"].value, "reading": fields["reading"].value, "verdict": verdict}
    added = getattr(inst, "added", None)
    if added and added.beyond:
        decided["with"] = list(added.beyond)
    if added and added.constant is not None:
        decided["constant"] = str(added.constant)
    if verdict == "not-applicable":
        return decided | {"fails": fails, "facts": shown[0]}
    conclusion = reading.conclusion(inst)
    facts = prove(inst, conclusion if verdict == "holds" else negated(conclusion), witness["conclusion"])
    return decided | ({"dropped": dropped, "lacks": shown[-1]} if dropped else {}) | {"facts": facts}


# ---------------------------------------------------------------------------------------------------------------------
# Command line
# ---------------------------------------------------------------------------------------------------------------------


# Format 1 lets a checker refuse what costs it more than it will spend; it is spent here, not counted beforehand.
MOST_SECONDS = 300  # of the processor, for one document
MOST_MEMORY = 4 * 2**30  # bytes of this process


def too_much(*_: object) -> NoReturn:
    raise Reject("too-much-work", "$", f"at most {MOST_SECONDS} seconds and {MOST_MEMORY >> 30} GiB", "more")


def limit_memory() -> None:
    import resource  # Unix has it; what is imported and not run as a program needs it not

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY if hard < 0 else min(MOST_MEMORY, hard), hard))
    signal.signal(signal.SIGPROF, too_much)


def replay(name: str, data: bytes) -> dict[str, Any]:
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        try:
            verdict = check(data)
        except MemoryError:
            too_much()
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except Reject as error:
        place = {"path": error.path, "expected": error.expected, "found": error.found}
        return {"file": name, "accepted": False, "kind": error.kind, "code": error.code, **place}
    return {"file": name, "accepted": True, **verdict}


def exit_code(results: Iterable[dict[str, Any]]) -> int:
    kinds = {result.get("kind", "accepted") for result in results}
    return 2 if "malformed" in kinds or not kinds else int("invalid" in kinds)


def files(paths: Iterable[str]) -> Iterator[Path]:
    """Links to folders are not followed; what is no regular file is left to `read`, which says so."""
    for path in map(Path, paths):
        if not path.is_dir():
            yield path
            continue
        for found in sorted(path.rglob("*.json")):
            if found.is_symlink() or not found.is_dir():
                yield found


def read(path: Path, named: bool) -> bytes | None:
    """None for the manifest that `dictum audit` leaves in its folder: a list of names, no certificate."""
    if not named and not path.is_file():
        raise OSError(None, "not a regular file, or a link that leads nowhere")
    data = path.read_bytes()
    if not named and path.name == "manifest.json":
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            return data
        if isinstance(document, dict) and document.get("format") == "dictum/manifest@1":
            return None
    return data


def line_of(result: dict[str, Any]) -> str:
    if not result["accepted"]:
        return "rejected ({code}) at {path}: expected {expected}, found {found}".format(**result)
    if "landing" in result:
        return f"accepted: a landing: {json.dumps(result['landing'])}"
    about = "{claim} {reading} {verdict}".format(**result)
    named = [f"{key} {result[key]}" for key in ("with", "fails", "dropped") if key in result]
    return f"accepted: {', '.join([about, *named])}: {json.dumps(result['facts'])}"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Replays Dictum certificates, independently of the dictum command.")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="a certificate, or a folder searched for *.json")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--lines", action="store_true", help="one certificate a line from standard input")
    options = parser.parse_args(arguments)
    limit_memory()
    results: list[dict[str, Any]] = []
    if options.lines:
        for number, line in enumerate(sys.stdin.buffer, 1):
            results.append(replay(f"line {number}", line.rstrip(b"\r\n")))
            print(json.dumps(results[-1]))
        return exit_code(results)
    if not options.paths:
        parser.error("nothing to check: name a file or a folder, or use --lines")
    unreadable = False
    for path in files(options.paths):
        try:
            data = read(path, str(path) in options.paths)
        except OSError as error:
            print(f"{path}: {error.strerror}", file=sys.stderr)
            unreadable = True
            continue
        if data is None:
            continue
        results.append(replay(str(path), data))
        if not options.json:
            print(f"{path}: {line_of(results[-1])}")
    rejected = sum(not result["accepted"] for result in results)
    if options.json:
        print(json.dumps({"replayed": len(results), "rejected": rejected, "results": results}, indent=2))
    else:
        print(f"{len(results)} certificate{'' if len(results) == 1 else 's'} replayed, {rejected} rejected")
    return 2 if unreadable else exit_code(results)


if __name__ == "__main__":
    sys.modules["dictum_check"] = sys.modules[__name__]  # what dictum_landings imports is this, not a second copy
    sys.dont_write_bytecode = True  # nothing is left behind in the folder of the program
    sys.exit(main(sys.argv[1:]))
