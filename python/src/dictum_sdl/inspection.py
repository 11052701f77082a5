"""What `inspect` answers: latents of a trained model, by their index in the tensor, from 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from . import _html
from .answers import Answer, Proved, write


@dataclass(frozen=True)
class Share:
    """What a latent that comes with the child writes of the parent."""

    latent: int
    alone: Fraction
    beside: Fraction


@dataclass(frozen=True, kw_only=True, repr=False)
class Absorption(Proved):
    """A parent and a child: which latent writes the parent alone, and what it writes of it beside the child."""

    parent: str
    child: str
    verdict: Literal["absorbed", "faded", "kept", "lost"]
    basis: str
    """Whether directions or labels tell."""
    carrier: int | None
    """The latent that writes the largest share of the parent alone."""
    alone: Fraction
    beside: Fraction
    others: Fraction
    """Shares: of the carrier where the parent is alone, and beside the child; of the latents that come with the child."""
    shares: tuple[Share, ...]
    _prove: Callable[[int], str] = field(compare=False)

    @cached_property
    def certificate(self) -> str | None:
        """Of what was found of the carrier; made on the first look."""
        return None if self.carrier is None else self._prove(self.carrier)


@dataclass(frozen=True, kw_only=True, repr=False)
class Latent(Proved):
    """What one latent does."""

    latent: int
    kind: Literal["absorbed", "detects", "other", "rare", "loses", "never"]
    rows: int
    """Rows that it is on in."""
    label: str | None
    """The label that it fits best, with F1."""
    f1: float | None
    absorbed: tuple[str, ...]
    """Children beside which it falls silent."""
    absorbs: tuple[str, ...]
    """Parents that it writes in place of their latents."""
    _prove: Callable[[int], str] = field(compare=False)

    @cached_property
    def certificate(self) -> str | None:
        """That it is absorbed, absorbs, is on, or is off, whatever was found; made on the first look."""
        return self._prove(self.latent)


@dataclass(frozen=True, kw_only=True, repr=False)
class Inspection(Answer):
    """What each latent does: `latents`, `absorption`, `labels`, `groups`."""

    method: str
    rows: int
    of: Literal["data", "atoms"]
    """What the rows are: those given, or inputs that the features make."""
    l0: float
    fvu: float | None
    latents: tuple[Latent, ...]
    absorption: tuple[Absorption, ...]
    labels: tuple[Mapping[str, Any], ...]
    groups: Mapping[str, Any]
    notes: tuple[str, ...]
    page: str = field(compare=False)
    """One HTML page, with a card for each latent."""

    @property
    def absorbed(self) -> tuple[Absorption, ...]:
        """The pairs of which the verdict is that the parent is absorbed."""
        return tuple(one for one in self.absorption if one.verdict == "absorbed")

    @property
    def never(self) -> tuple[Latent, ...]:
        """Latents that are on in no row."""
        return tuple(one for one in self.latents if one.kind in ("never", "loses"))

    def card(self, latent: int) -> Latent:
        """The latent with this index in the tensor."""
        return next(one for one in self.latents if one.latent == latent)

    def save(self, path: str | PathLike[str]) -> Path:
        """Writes the page; certificates are those of latents and of pairs."""
        return write(path, self.page)

    def _repr_html_(self) -> str:
        return _html.inline(self.page)
