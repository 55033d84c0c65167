"""What a verification found: failures by check, file and figure, and how many figures stand behind the verdict."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from portal.releases.verifier.tables import row_number


@dataclass(frozen=True)
class Failure:
    """One thing that does not hold: where, what the release says, and what follows from the rest of it."""

    check: str
    file: str
    figure: str
    released: str
    recomputed: str
    message: str


@dataclass
class Findings:
    """The verdict on a release, filled by the checks. ``signer`` is proven, unproven or wrong."""

    signer: str = "unproven"
    public: int = 0
    sealed: int = 0
    failures: list[Failure] = field(default_factory=list)

    @property
    def is_verified(self) -> bool:
        """Tell whether nothing failed."""
        return not self.failures

    def fail(
        self, check: str, file: str, message: str, figure: str = "", released: Any = "", recomputed: Any = ""
    ) -> None:
        """Record a failure; the message is preceded by the place and followed by both values."""
        place = ", ".join(part for part in (file, figure) if part)
        values = f": released {released!s}, recomputed {recomputed!s}" if f"{released}{recomputed}" else ""
        text = f"{place}: {message}{values}" if place else f"{message}{values}"
        self.failures.append(Failure(check, file, figure, str(released), str(recomputed), text))

    def compare(self, check: str, file: str, figure: str, released: Any, recomputed: Any, message: str) -> None:
        """Record a failure unless the two values are equal."""
        if released != recomputed:
            self.fail(check, file, message, figure, released, recomputed)

    def run(self, check: str, file: str, step: Callable[[], None]) -> bool:
        """Run one step of the verification; what it cannot make sense of is a failure and never a crash."""
        try:
            step()
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError) as error:
            named = re.match(r"[\w.-]+\.(csv|json|md)\b", str(error))
            place = file or (named[0] if named else "")
            self.fail(check, place, f"cannot be checked: {type(error).__name__}: {error}")
            return False
        return True

    def as_json(self) -> dict[str, Any]:
        """Return the verdict for machines."""
        return {
            "verified": self.is_verified,
            "signer": self.signer,
            "public": self.public,
            "sealed": self.sealed,
            "failures": [asdict(failure) for failure in self.failures],
        }


def row_place(index: int, *key: str) -> str:
    """Return how a row is named in messages: its line and its key."""
    return f"row {row_number(index)} ({' / '.join(part or '-' for part in key)})"
