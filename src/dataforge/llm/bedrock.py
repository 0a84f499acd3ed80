"""Claude on Amazon Bedrock through the Converse API; the one module that loads langchain-aws."""

from __future__ import annotations

from typing import Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.session import Session
from langchain_aws import ChatBedrockConverse
from langchain_core.language_models import BaseChatModel
from pydantic import ValidationError

from dataforge.errors import UnknownNameError, UsageError
from dataforge.llm.settings import ModelSettings

HAIKU: Final = "anthropic.claude-haiku-4-5-20251001-v1:0"
PROFILES: Final = {"us": "us", "ca": "us", "eu": "eu"}
"""The first part of a region → the prefix of its inference profiles; elsewhere ``global``."""

_REMEDY = "→ set AWS_REGION and credentials as for the AWS command line, or use --model offline"


def bedrock(settings: ModelSettings) -> BaseChatModel:
    """Return the model that the settings name, Claude Haiku 4.5 where they name none.

    Credentials are found as boto3 finds them: a role, a profile or the environment. The library's
    own retries are off, because the governor retries.
    """
    if settings.profile is not None:
        profiles = Session().available_profiles
        if settings.profile not in profiles:
            raise UnknownNameError.of("AWS profile", settings.profile, profiles)
    try:
        region = settings.region or Session(profile=settings.profile).get_config_variable("region")
        if region is None:
            raise UsageError(f"Bedrock needs a region, and none is configured {_REMEDY}")
        return ChatBedrockConverse(
            model_id=settings.model_id or inference_profile(region),
            region_name=region,
            credentials_profile_name=settings.profile,
            endpoint_url=settings.endpoint,
            temperature=settings.temperature,
            max_tokens=settings.output_tokens,
            config=Config(
                connect_timeout=settings.connect_timeout_s,
                read_timeout=settings.timeout_s,
                retries={"total_max_attempts": 1},
                max_pool_connections=settings.concurrency,
            ),
        )
    except (BotoCoreError, ValidationError) as error:
        raise UsageError(f"Bedrock cannot be set up ({type(error).__name__}) {_REMEDY}") from None


def inference_profile(region: str) -> str:
    """Return the inference profile of Claude Haiku 4.5 that serves a region."""
    return f"{PROFILES.get(region.partition('-')[0], 'global')}.{HAIKU}"
