"""Where a locale's words come from when it has none of its own: explicit, never by accident.

A name is the stem of a data file (``last_name``, ``cities``) or of a list in a file of short
lists (``weekday``). A locale that lacks a name takes it from its relative, else from en_US where
the name is listed here; anything else is an error that says what is missing.
"""

from __future__ import annotations

from dataforge.errors import UnknownNameError
from dataforge.locales import WORLD

HOME = "en_US"
# Speaks the same language: whatever it lacks it takes from there.
RELATIVES = {"en_GB": "en_US", WORLD: "en_US"}
# Codes, names of software and identifiers: the same words in every country.
TECHNICAL = frozenset(
    {
        "app_version", "blood_type", "browser", "browser_version", "continent_code",
        "device_type", "event_type", "file_extension", "file_stem", "http_method",
        "language_tag", "license_type", "locale_code", "log_level", "mime_type",
        "elements", "file_types", "http_statuses", "operating_system", "ports", "size_name",
        "time_zone", "tld", "unit_code", "user_agent", "user_agents",
    }
)  # fmt: skip
# English lists of which every locale has a translation (``terms.py``), or a list of its own.
TRANSLATED = frozenset(
    {
        "account_type", "action", "allergies", "categories", "category", "colors",
        "department",
        "fields_of_study", "generic_type", "genre", "job_roles", "lab_tests", "medications",
        "membership", "music_genre", "order_status", "payment_method", "payment_status",
        "priority", "product_material", "region", "role", "sales_region", "severity",
        "shipping_method", "source", "status", "tag", "ticket_status", "transaction_type", "unit",
        "units", "vehicles",
    }
)  # fmt: skip
# Written in English in any country until the locale has a list of its own.
BORROWED = frozenset(
    {
        # Words
        "phrase_1", "phrase_2", "phrase_3", "work_adjective", "work_noun", "work_scene",
        # Places
        "street_base", "street_suffix",
        # Business
        "brand_prefix", "brand_suffix", "industry", "product_adjective", "product_profiles",
        "vehicle_make", "vehicle_model",
    }
)  # fmt: skip


def fallback(locale: str, name: str) -> str:
    """Return the locale from which one that lacks ``name`` takes it.

    ``UnknownNameError`` where nothing says so: a gap in the data, not a reason for other words.
    """
    if locale in RELATIVES:
        return RELATIVES[locale]
    if locale != HOME and name in TECHNICAL | TRANSLATED | BORROWED:
        return HOME
    msg = f"the corpus of locale {locale!r} has no {name!r}, and no fallback is named for it"
    raise UnknownNameError(msg)
