"""What the functions answer. Quantities are exact, `fractions.Fraction`; features and neurons count from 1, latents from 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, Literal, TypeAlias

from . import _exact, _html
from ._process import lines

Sets: TypeAlias = tuple[tuple[int, ...], ...]
"""For each neuron the features it is active on."""

LONG = 200_000
"""Characters: the page of a longer certificate is none for a notebook."""


def sets_of(given: Any) -> Sets:
    return tuple(tuple(one) for one in given)


def write(path: str | PathLike[str], text: str) -> Path:
    """Beside, and renamed: what was there stays until all of the new text is."""
    path = Path(path)
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


@dataclass(frozen=True, kw_only=True, repr=False)
class Answer:
    """What all answers have."""

    sentence: str
    """What was found, in words."""
    raw: Mapping[str, Any] = field(compare=False)
    """The answer as the command gives it, numbers as text."""

    def __str__(self) -> str:
        return self.sentence

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.sentence!r})"


@dataclass(frozen=True, kw_only=True, repr=False)
class Proved(Answer):
    """An answer with one certificate, or with none, where the question is open."""

    @property
    def certificate(self) -> str | None:
        """The text of a certificate of it, which `check`, `dictum_sdl.verify.check` and the command `dictum check` replay."""
        raise NotImplementedError

    @cached_property
    def page(self) -> str | None:
        """The certificate explained step by step, as one HTML page."""
        text = self.certificate
        return None if text is None else str(lines.call("explain", {"certificate": text})["html"])

    def save(self, path: str | PathLike[str]) -> Path:
        """Writes the certificate; to a path that ends in .html the page that explains it."""
        text = self.page if Path(path).suffix == ".html" else self.certificate
        if text is None:
            raise ValueError(f"there is no certificate: {self.sentence}")
        return write(path, text)

    def _repr_html_(self) -> str:
        text = self.certificate
        if text is None or len(text) > LONG or self.page is None:
            return _html.sentence_of(self)
        return _html.inline(self.page)


@dataclass(frozen=True)
class Weighted:
    feature: int
    weight: Fraction


@dataclass(frozen=True)
class WeightedRow:
    """An inequality that the pattern implies: `neuron` is on or off at `feature`, or comes before the neuron `over` there."""

    kind: Literal["on", "off", "compare"]
    neuron: int
    feature: int
    weight: Fraction
    over: int | None = None


@dataclass(frozen=True)
class Farkas:
    """sum_on weight w = sum_off weight w: no row is positive on the left and at most 0 on the right."""

    on: tuple[Weighted, ...]
    off: tuple[Weighted, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Realization(Proved):
    """Whether some encoder shows the pattern."""

    verdict: Literal["realizable", "not-realizable", "undecided"]
    we: _exact.Matrix | None
    """Encoder rows that show it, n_q x n_p; with a bias that is the last entry of each row."""
    gate: _exact.Matrix | None
    bias: tuple[Fraction, ...] | None
    """With `gate`, of a gated model: the sets are those that gates are open on."""
    neuron: int | None
    """One that cannot show its set, by `farkas`."""
    farkas: Farkas | None
    rows: tuple[WeightedRow, ...] | None
    """Where the neurons compete: inequalities that add up to 0 > 0."""
    capacity: str | None
    """`exceeded`: more neurons are active than the activation lets pass."""
    beyond: tuple[str, ...]
    """What the model has beyond the paper's: biases, thresholds, inputs."""
    why: str | None
    """Of an open question: what ended the search."""
    _prove: Callable[[], Certified] = field(compare=False)

    @property
    def realizable(self) -> bool | None:
        return None if self.verdict == "undecided" else self.verdict == "realizable"

    @cached_property
    def certificate(self) -> str | None:
        """Of claim R; made on the first look."""
        return None if self.verdict == "undecided" else self._prove().certificate


@dataclass(frozen=True, kw_only=True, repr=False)
class Certified(Proved):
    """What was decided of a claim."""

    claim: str
    reading: str
    verdict: Literal["holds", "refuted", "not-applicable", "undecided"]
    facts: tuple[Mapping[str, Any], ...]
    """What the proof established; exact numbers as text."""
    fails: str | None
    """The hypothesis that fails, of a claim that is not applicable."""
    dropped: str | None
    beyond: tuple[str, ...]
    id: str | None
    why: str | None
    _text: str | None

    @property
    def certificate(self) -> str | None:
        return self._text


@dataclass(frozen=True, kw_only=True)
class LandingProof:
    """What a certificate of a landing proves, exactly."""

    kind: str
    """`zero-loss`, `local-minimum`, `face-minimum` or `saddle`."""
    loss: tuple[Fraction, Fraction]
    """L~ of the certified configuration lies between these."""
    gradient: Fraction
    """|grad L~|^2 at the end weights."""
    apart: Fraction
    """How far the configuration is from the end weights in any coordinate."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Checked(Proved):
    """What the checker says of a certificate. True if it is accepted."""

    accepted: bool
    claim: str | None
    reading: str | None
    verdict: Literal["holds", "refuted", "not-applicable"] | None
    facts: tuple[Mapping[str, Any], ...]
    instance: str | None
    id: str | None
    landing: LandingProof | None
    kind: Literal["malformed", "invalid"] | None
    """With code, path, expected and found: why it is rejected."""
    code: str | None
    path: str | None
    expected: str | None
    found: str | None
    _text: str

    def __bool__(self) -> bool:
        return self.accepted

    @property
    def certificate(self) -> str | None:
        """What was checked, if it is accepted."""
        return self._text if self.accepted else None


@dataclass(frozen=True, kw_only=True, repr=False)
class Patterns(Proved):
    """The sets of features that one neuron can be active on."""

    features: int
    dimension: int
    found: int
    by_size: tuple[int, ...]
    """Entry k counts the sets of k features."""
    chambers: int
    sets: Sets
    complete: bool
    """Whether these are all of those asked for; if not, `why` says what ended the search."""
    why: str | None
    labels: tuple[str, ...]
    _prove: Callable[[], Certified] | None = field(compare=False)

    @cached_property
    def certificate(self) -> str | None:
        """Of the count, claim R-count or R-chambers; made on the first look. None if the search ended early, or left sets out."""
        return self._prove().certificate if self.complete and self._prove else None

    def _repr_html_(self) -> str:
        sizes = [(str(k), str(many)) for k, many in enumerate(self.by_size) if many]
        shown = ["{" + ", ".join(self.labels[d - 1] for d in one) + "}" for one in self.sets[:20]]
        rest = f" and {len(self.sets) - 20} more" if len(self.sets) > 20 else ""
        return _html.sentence_of(self) + _html.table(["features", "sets"], sizes, f"{'; '.join(shown)}{rest}")


@dataclass(frozen=True, kw_only=True, repr=False)
class Critical(Proved):
    """What is said of one pattern of a landscape."""

    pattern: Sets
    verdict: Literal["critical", "none", "unrealizable", "undecided"]
    kind: Literal["local-minimum", "face-minimum", "saddle", "degenerate"] | None
    """The class of the point."""
    loss: tuple[Fraction, Fraction] | None
    """L~ lies between these, which are one number where it is known exactly."""
    eigenvalues: tuple[tuple[Fraction, Fraction], ...] | None
    """For each set that is not empty."""
    gradients: Literal["zero", "not zero"] | None
    why: str | None
    _text: str | None

    @property
    def certificate(self) -> str | None:
        return self._text


class Several:
    """Answers with certificates of their own."""

    @property
    def _parts(self) -> Sequence[Proved]:
        raise NotImplementedError

    @property
    def certificate(self) -> tuple[str | None, ...]:
        """One for each, None where a question is open."""
        return tuple(part.certificate for part in self._parts)

    def save(self, folder: str | PathLike[str]) -> Path:
        """Writes the certificates into the folder, 1.json and so on, in the order of the answer."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for k, part in enumerate(self._parts, 1):
            if part.certificate is not None:
                write(folder / f"{k}.json", part.certificate)
        return folder


@dataclass(frozen=True, kw_only=True, repr=False)
class Landscape(Several, Answer):
    """Which patterns carry critical points, of what class, at what loss."""

    patterns: tuple[Critical, ...]
    counts: Mapping[str, int]
    traps: int
    """Patterns whose point is a local minimum of positive loss."""
    global_minima: int
    sample: int | None
    seed: int | None
    labels: tuple[str, ...]

    @property
    def _parts(self) -> Sequence[Proved]:
        return self.patterns

    def _repr_html_(self) -> str:
        rows = [
            (
                _html.sets(one.pattern, self.labels),
                one.kind or one.verdict,
                _html.number(one.loss[0]) if one.loss else "",
            )
            for one in self.patterns[:30]
        ]
        rest = f"The first 30 of {len(self.patterns)}." if len(self.patterns) > 30 else ""
        return _html.sentence_of(self) + _html.table(["pattern", "class", "loss"], rows, rest)


@dataclass(frozen=True, kw_only=True, repr=False)
class End(Proved):
    """A kind of end: the same sets up to the order of neurons, class and loss."""

    pattern: Sets
    kind: Literal["zero-loss", "local-minimum", "face-minimum", "saddle"]
    """The class of the configuration that is certified near the end weights."""
    loss: float
    count: int
    rate: tuple[float, float]
    """95% interval (Wilson) of its share of the runs that converged."""
    predicted: bool
    """Whether the theory expects training to stop there: at every minimum, at no strict saddle."""
    apart: float
    gradient: float
    _text: str | None

    @property
    def certificate(self) -> str | None:
        """Of one of its runs."""
        return self._text

    @property
    def trap(self) -> bool:
        """A minimum, on a face or not, of positive loss."""
        return self.kind in ("local-minimum", "face-minimum") and self.loss > 0


@dataclass(frozen=True, kw_only=True)
class OpenRun:
    """A run without a certificate, with its end weights as the exact numbers they are; None where descent left the finite ones."""

    kind: Literal["undecided", "not-converged"]
    run: int
    why: str
    we: _exact.Matrix | None
    wd: _exact.Matrix | None


@dataclass(frozen=True, kw_only=True, repr=False)
class Landing(Several, Answer):
    """Where training runs end."""

    instance: str
    runs: int
    converged: int
    matched: int
    """Runs with a certificate that the kernel has replayed."""
    undecided: int
    seed: int
    settings: Mapping[str, str]
    ends: tuple[End, ...]
    """The most frequent first."""
    open: tuple[OpenRun, ...]
    exits: Mapping[str, Any] | None
    labels: tuple[str, ...]

    @property
    def _parts(self) -> Sequence[Proved]:
        return self.ends

    def _repr_html_(self) -> str:
        named = [f"{_html.sets(end.pattern, self.labels)} {end.kind}" for end in self.ends[:20]]
        bars = [
            (name, end.count / self.converged, *end.rate, end.trap)
            for name, end in zip(named, self.ends, strict=False)
        ]
        rows = [
            (name, f"{end.loss:g}", str(end.count), f"{end.apart:.1e}")
            for name, end in zip(named, self.ends, strict=False)
        ]
        rest = f"The 20 most frequent of {len(self.ends)} kinds of end." if len(self.ends) > 20 else ""
        head = ["where runs end", "loss", "runs", "at most so far from the certified point"]
        return _html.sentence_of(self) + (_html.bars(bars) if bars else "") + _html.table(head, rows, rest)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim, as docs/claims.md specifies it."""

    id: str
    title: str
    about: str
    readings: Mapping[str, str]
    """What each reading says."""
