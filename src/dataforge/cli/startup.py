"""What keeps the command's start short."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _NotHere(MetaPathFinder):
    """Says of a package that it is not installed."""

    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuse the package and leave every other name to the next finder."""
        if fullname == self.package:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return None


def leave_pandas_out() -> None:
    """Make this process, and those forked from it, do without pandas.

    PyArrow imports pandas, where it is installed, on the first array that is made (up to 1.7 s),
    to tell whether a value is one of pandas'. The command never has such values. A library must
    not decide this for its caller's process, so only the command's own entry point calls this.
    """
    sys.meta_path.insert(0, _NotHere("pandas"))
