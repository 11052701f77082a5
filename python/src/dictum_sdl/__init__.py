"""Dictum: decides claims about sparse dictionary learning exactly.

Functions take arrays, tensors, an `sae_lens.SAE` or a file; answers are dataclasses with a `sentence`, exact numbers, a `certificate` and `save`.
"""

from importlib.metadata import version as _version

from ._exact import Matrix, Number
from ._instance import Instance, Pattern
from ._inspect import inspect
from .answers import (
    Answer,
    Certified,
    Checked,
    Claim,
    Critical,
    End,
    Farkas,
    Landing,
    LandingProof,
    Landscape,
    OpenRun,
    Patterns,
    Proved,
    Realization,
    Weighted,
    WeightedRow,
)
from .calls import certify, check, claims, land, landscape, patterns, realize
from .errors import Crash, DictumError, InputError
from .inspection import Absorption, Inspection, Latent, Share

__version__ = _version("dictum-sdl")

__all__ = [
    "Absorption",
    "Answer",
    "Certified",
    "Checked",
    "Claim",
    "Crash",
    "Critical",
    "DictumError",
    "End",
    "Farkas",
    "InputError",
    "Inspection",
    "Instance",
    "Landing",
    "LandingProof",
    "Landscape",
    "Latent",
    "Matrix",
    "Number",
    "OpenRun",
    "Pattern",
    "Patterns",
    "Proved",
    "Realization",
    "Share",
    "Weighted",
    "WeightedRow",
    "certify",
    "check",
    "claims",
    "inspect",
    "land",
    "landscape",
    "patterns",
    "realize",
]
