"""The orchestrator: one conversation about data, routed by intent, kept between turns."""

from dataforge.agents.orchestrator.intents import Intent, IntentKind, intents_in

__all__ = ["Intent", "IntentKind", "intents_in"]
