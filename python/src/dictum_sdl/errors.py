"""What can go wrong."""

from __future__ import annotations

from collections.abc import Mapping

# Arguments that have another name here than in the library for JavaScript, whose errors name them.
NAMES = {"maxSize": "max_size"}


class DictumError(Exception):
    """Any error of Dictum. An open question is none: answers have the verdict `undecided`, and say why."""


class InputError(DictumError, ValueError):
    """Input that cannot be used: what it is, where it stands, what was expected there and what was found."""

    def __init__(
        self, code: str, path: str, expected: str, found: str, next: str | None = None, file: str | None = None
    ) -> None:
        where = ": ".join(part for part in (file, path) if part)
        super().__init__(f"{where}: expected {expected}, found {found} ({code}){f'. {next}' if next else ''}")
        self.code = code
        """A word, as docs/certificate-format.md and the command have them."""
        self.path = path
        """`$.features[0].wp`, within the instance or the file; or the name of the argument, `pattern[0]`."""
        self.expected = expected
        self.found = found
        self.next = next
        """What to do about it."""
        self.file = file
        """The file, or the argument that was written to one."""


class Crash(DictumError):
    """The command ended, or answered with a bug of its own. The next call starts it anew."""


def error_from(problem: Mapping[str, str]) -> DictumError:
    """The exception for a `dictum/error@1`."""
    if problem["kind"] == "bug":
        return Crash(f"{problem['found']}. {problem.get('next', '')}")
    path = problem.get("path", "").removeprefix("$.arguments.")
    path = NAMES.get(path, path)
    return InputError(
        problem["code"], path, problem["expected"], problem["found"], problem.get("next"), problem.get("file")
    )
