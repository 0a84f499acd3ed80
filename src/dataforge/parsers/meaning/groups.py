"""Which records of a row a column belongs to: the buyer or the seller, billing or shipping."""

from __future__ import annotations

from dataforge.parsers.meaning.words import Words, classes_of, singular

ADDRESS_ROLES = {
    "arrival": "destination",
    "away": "away",
    "bill": "billing",
    "billing": "billing",
    "billed": "billing",
    "departure": "origin",
    "deliver": "shipping",
    "delivery": "shipping",
    "dest": "destination",
    "destination": "destination",
    "dropoff": "destination",
    "from": "origin",
    "mailing": "mailing",
    "origin": "origin",
    "permanent": "permanent",
    "pickup": "origin",
    "previous": "previous",
    "ship": "shipping",
    "shipped": "shipping",
    "shipping": "shipping",
    "to": "destination",
    "work": "work",
}


# Other people than the one a row is about.
OTHERS = frozenset(
    {
        "borrower", "bride", "brother", "consignee", "consignor", "creditor", "debtor",
        "defendant", "emergency", "father", "groom", "guardian", "husband", "landlord", "lender",
        "mother", "parent", "payee", "payer", "plaintiff", "receiver", "referrer", "sister",
        "spouse", "wife", "witness",
    }
)  # fmt: skip


# Words for people that say nothing about whom or which firm of a row is meant.
NEUTRAL = frozenset(
    {
        "account", "business", "company", "contact", "holder", "individual", "organization",
        "profile", "user",
    }
)  # fmt: skip


def group_of(record: str, words: Words, own: frozenset[str]) -> str:
    """Return the group of a record's column: empty for the table's own, else the role's name.

    ``words`` are those of the column's name, ``own`` the singular ones of its table's.
    """
    roles = [ADDRESS_ROLES[word] for word in words if word in ADDRESS_ROLES]
    if record in {"address", "person", "payment"} and roles:
        return roles[0]
    if record not in {"address", "person", "company", "payment"}:
        return ""
    kin = [word for word in words if word in OTHERS and singular(word) not in own]
    if kin:
        return kin[0]
    others = [word for word in words if word not in NEUTRAL and singular(word) not in own]
    people = [word for word in others if classes_of([word]) & {"person", "company"}]
    return people[0] if people else ""
