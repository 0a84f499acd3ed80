"""Write the names of months and weekdays out of CLDR: ``python -m tools.vendor.cldr``.

Each locale is read in a process of its own: Babel resolves aliases into data that locales share,
so that the second one read would be given the months of the first.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import distribution

from babel import Locale
from babel.core import get_cldr_version
from tools.vendor.shared import write

from dataforge.locales import LOCALES


def main(locales: list[str]) -> None:
    """Write ``cldr.txt`` and its notice: of one locale, or of all whose words are not English."""
    if not locales:
        for locale in (name for name in LOCALES if not name.startswith("en")):
            command = [sys.executable, "-m", "tools.vendor.cldr", locale]
            subprocess.run(command, check=True)  # noqa: S603 - this very module
        return
    (locale,) = locales
    babel = distribution("babel")
    licence = next(path for path in babel.files or () if path.name == "LICENSE.unicode")
    write(locale, "cldr.txt", _lists(Locale.parse(locale)))
    about = f"cldr.txt was made from CLDR {get_cldr_version()} by Babel {babel.version}."
    write(locale, "LICENSE-cldr.txt", [about, "", licence.read_text().rstrip()])


def _lists(locale: Locale) -> list[str]:
    months = locale.months["stand-alone"]["wide"]
    days = locale.days["stand-alone"]["wide"]
    return ["[month]", *months.values(), "", "[weekday]", *(days[at] for at in range(7))]


if __name__ == "__main__":
    main(sys.argv[1:])
