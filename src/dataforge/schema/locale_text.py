"""The field type of a locale in a schema."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from dataforge.locales import locale_text

LocaleText = Annotated[
    str, BeforeValidator(locale_text, json_schema_input_type=str | dict[str, float])
]
