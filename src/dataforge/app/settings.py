"""Settings: the only place that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from dataforge.app.model_settings import AgentSettings, read_agents
from dataforge.errors import Problem, UsageError

# What obstore calls a setting → the variables that give it, the first that is set.
_STORES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "s3": {
        "access_key_id": ("AWS_ACCESS_KEY_ID",),
        "secret_access_key": ("AWS_SECRET_ACCESS_KEY",),
        "session_token": ("AWS_SESSION_TOKEN",),
        "region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
        "endpoint": ("DATAFORGE_S3_ENDPOINT", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
    },
    "gs": {
        "application_credentials": ("GOOGLE_APPLICATION_CREDENTIALS",),
        "service_account": ("GOOGLE_SERVICE_ACCOUNT",),
    },
    "az": {
        "account_name": ("AZURE_STORAGE_ACCOUNT_NAME",),
        "account_key": ("AZURE_STORAGE_ACCOUNT_KEY",),
        "client_id": ("AZURE_CLIENT_ID",),
        "client_secret": ("AZURE_CLIENT_SECRET",),
        "tenant_id": ("AZURE_TENANT_ID",),
    },
}
Config = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment decides; a command's own options come first.

    ``workers`` (DATAFORGE_WORKERS) is the number of processes, None for one per core. ``stores``
    has what reaching each family of object stores needs; it holds secrets and is not shown.
    ``agents`` is about language models and conversations.
    """

    workers: int | None = None
    stores: Mapping[str, Config] = field(default_factory=dict, repr=False)
    agents: AgentSettings = field(default_factory=AgentSettings)

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the variables; UsageError names each one that cannot be used."""
        found = os.environ if environment is None else environment
        faults = []
        workers = found.get("DATAFORGE_WORKERS", "").strip()
        if workers and not (workers.isdecimal() and int(workers) > 0):
            remedy = "set it to 2, or unset it"
            faults.append(Problem("DATAFORGE_WORKERS", "is not a whole number above 0", remedy))
        endpoint = found.get("DATAFORGE_S3_ENDPOINT", "").strip()
        if endpoint and not endpoint.startswith(("http://", "https://")):
            remedy = "set it to https://host:port, or unset it"
            faults.append(Problem("DATAFORGE_S3_ENDPOINT", "is not an http(s) address", remedy))
        agents = read_agents(found, faults)
        if faults:
            raise UsageError("the environment has a setting that cannot be used:", faults)
        stores = {family: _config(found, keys) for family, keys in _STORES.items()}
        told = {family: config for family, config in stores.items() if config}
        return cls(workers=int(workers) if workers else None, stores=told, agents=agents)

    def plain_http(self, family: str) -> bool:
        """Tell whether a store's address is one without encryption, as test servers have it."""
        return dict(self.stores.get(family, ())).get("endpoint", "").startswith("http://")


def _config(environment: Mapping[str, str], keys: Mapping[str, tuple[str, ...]]) -> Config:
    """Return the settings that are given; what is not, obstore finds as the cloud has it."""
    found = {}
    for key, names in keys.items():
        value = next((v for name in names if (v := environment.get(name, "").strip())), "")
        if value:
            found[key] = value
    if "endpoint" in found:
        found["virtual_hosted_style_request"] = "false"
        found.setdefault("region", "us-east-1")
    return tuple(found.items())
