"""Language models behind one port: providers by name, a ledger of what they cost, retries.

Loading this package loads no LangChain; ``model`` does, for the provider that is asked for.
"""

from dataforge.llm.ledger import Budget, Entry, Ledger, Usage
from dataforge.llm.prices import Price, Prices
from dataforge.llm.providers import model
from dataforge.llm.settings import OFFLINE, ModelSettings

__all__ = [
    "OFFLINE",
    "Budget",
    "Entry",
    "Ledger",
    "ModelSettings",
    "Price",
    "Prices",
    "Usage",
    "model",
]
