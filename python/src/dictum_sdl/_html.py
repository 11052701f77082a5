"""Answers as a notebook shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from html import escape
from typing import Any
from zlib import crc32

CELL = "text-align:left;padding:2px 10px 2px 0;vertical-align:top"


def number(value: Fraction | None) -> str:
    """A fraction as it is, or ≈ and six digits where that is long; the answer has it exactly."""
    if value is None:
        return ""
    said = str(value)
    return said if len(said) <= 12 else f"≈{float(value):.6g}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], more: str = "") -> str:
    """Cells are text."""
    first = "".join(f'<th style="{CELL}">{escape(cell)}</th>' for cell in head)
    rest = "".join("<tr>" + "".join(f'<td style="{CELL}">{escape(cell)}</td>' for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{first}</tr></thead><tbody>{rest}</tbody></table>{paragraph(more) if more else ''}"


def paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def counted(many: int, what: str) -> str:
    return f"{many} {what}{'' if many == 1 else 's'}"


def sets(pattern: Sequence[Sequence[int]], labels: Sequence[str]) -> str:
    return "; ".join("{" + ", ".join(labels[d - 1] if d <= len(labels) else str(d) for d in one) + "}" for one in pattern)


def bars(rows: Sequence[tuple[str, float, float, float, bool]]) -> str:
    """A histogram: of each row its name, its share of 1 with the ends of its interval, and whether it is marked."""
    height = 26 * len(rows) + 24
    left, wide = 340, 320
    parts = [
        f'<svg role="img" aria-label="shares of runs, with 95% intervals" width="100%" style="max-width:760px" viewBox="0 0 760 {height}" '
        'font-family="system-ui, sans-serif" font-size="12" fill="currentColor">'
    ]
    for k, (name, share, lower, upper, marked) in enumerate(rows):
        y = 26 * k + 4
        short = name if len(name) <= 40 else name[:39] + "…"
        colour = "#cf222e" if marked else "#0969da"
        parts.append(
            f"<g><title>{escape(name)}</title>"
            f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{escape(short)}</text>'
            f'<rect x="{left}" y="{y}" width="{max(wide * share, 1):.1f}" height="18" fill="{colour}" fill-opacity="0.75"/>'
            f'<path d="M{left + wide * lower:.1f} {y + 9}H{left + wide * upper:.1f}" stroke="currentColor" stroke-width="2"/>'
            f'<text x="{left + wide * max(share, upper) + 8:.1f}" y="{y + 13}">{100 * share:.1f}%</text></g>'
        )
    parts.append(
        f'<text x="{left}" y="{height - 6}" opacity="0.7">share of converged runs; line: 95% interval; red: traps</text></svg>'
    )
    return "".join(parts)


def inline(page: str) -> str:
    """The main part of a page of Dictum, its styles confined to it."""
    style = re.search(r"<style>(.*?)</style>", page, re.S)
    main = re.search(r"<main[^>]*>(.*?)</main>", page, re.S)
    if not style or not main:
        raise ValueError("not a page of Dictum")
    # By nesting (CSS Nesting Module); what the page says of its root and its body is said of the block.
    own = re.sub(r"(?<![\w-])(?::root|html|body)(?=\s*[{,])", "&", style[1])
    own = re.sub(r"(?<=[},])\s*main(?=[\s,{])", " &", own)
    # Pages of one kind share a style, and those of another are not to see it.
    name = f"dictum-{crc32(own.encode()):08x}"
    return f'<div class="{name}"><style>.{name} {{ {own} }}</style>{main[1]}</div>'


def sentence_of(answer: Any) -> str:
    return paragraph(f"{answer.sentence}.")
