"""Joint tables: rows whose columns belong together and are therefore drawn whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from dataforge.corpora.files import lines, own_lines
from dataforge.corpora.terms import columns_in_words
from dataforge.errors import UnknownNameError

TABLES = {
    "allergy": "allergies.tsv",
    "bank": "banks.tsv",
    "category": "categories.tsv",
    "city": "cities.tsv",
    "color": "colors.tsv",
    "company_field": "company_fields.tsv",
    "country": "countries.tsv",
    "currency": "currencies.tsv",
    "diagnosis": "diagnoses.tsv",
    "element": "elements.tsv",
    "field_of_study": "fields_of_study.tsv",
    "file_type": "file_types.tsv",
    "http_status": "http_statuses.tsv",
    "job_role": "job_roles.tsv",
    "lab_test": "lab_tests.tsv",
    "language": "languages.tsv",
    "locale_form": "locale_forms.tsv",
    "medication": "medications.tsv",
    "phone": "phones.tsv",
    "port": "ports.tsv",
    "product": "products.tsv",
    "product_profile": "product_profiles.tsv",
    "state": "regions.tsv",
    "unit": "units.tsv",
    "user_agent": "user_agents.tsv",
    "vehicle": "vehicles.tsv",
}


@dataclass(frozen=True, slots=True)
class JointTable:
    """Columns of equal length, and the weight of each row where the file has one."""

    columns: dict[str, tuple[str, ...]]
    weights: npt.NDArray[np.float64] | None

    def __len__(self) -> int:
        """Count the rows."""
        return len(next(iter(self.columns.values())))

    def numbers(self, column: str) -> npt.NDArray[np.float64]:
        """Return a numeric column as float64."""
        return np.array([float(value) for value in self.columns[column]])


@cache
def joint_table(name: str, locale: str = "en_US") -> JointTable:
    """Return a joint table by name, in the words of the locale where it has them.

    UnknownNameError lists the known ones.
    """
    if name not in TABLES:
        raise UnknownNameError.of("joint table", name, TABLES)
    head, *body = (line.split("\t") for line in lines(locale, TABLES[name]))
    columns = {key: tuple(row[at] for row in body) for at, key in enumerate(head)}
    if own_lines(locale, TABLES[name]) is None:
        columns = columns_in_words(name, locale, columns)
    weights = columns.pop("weight", None)
    return JointTable(columns, None if weights is None else np.array([float(w) for w in weights]))
