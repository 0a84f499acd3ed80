"""What an object store's refusals mean, without the request, its signature or its identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from dataforge.errors import OutputError

_CODE = re.compile(r"<Code>(\w+)</Code>")
_STATUS = re.compile(r"status code: (\d{3} [A-Za-z ]+?)(?::|$|\n)")

# What a message has in it → what is the matter, and what to do. The first that fits counts.
_MEANINGS = (
    (
        r"NoSuchBucket|ContainerNotFound|The specified bucket does not exist",
        "there is no such bucket",
        "create it first, or check its name and the region (AWS_REGION)",
    ),
    (
        (
            r"169\.254\.169\.254|CredentialsNotFound|NoCredentialsError|no credentials"
            r"|MissingAccessKey|metadata\.google|MissingCredentials|Failed to get credentials"
        ),
        "no credentials were found",
        (
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, GOOGLE_APPLICATION_CREDENTIALS or "
            "AZURE_STORAGE_ACCOUNT_KEY, or run where a role gives them"
        ),
    ),
    (
        (
            r"AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|ExpiredToken"
            r"|AuthenticationFailed|AuthorizationFailure|\b401\b|\b403\b|Forbidden|Unauthorized"
        ),
        "access was refused",
        "check the credentials and their right to list, read, write and delete below the prefix",
    ),
    (
        r"PermanentRedirect|AuthorizationHeaderMalformed|\b301\b|IllegalLocationConstraint",
        "the bucket is in another region",
        "set AWS_REGION to the bucket's region",
    ),
    (
        r"SlowDown|\b429\b|\b503\b|TooManyRequests|ServerBusy",
        "the store asks for fewer requests",
        "use fewer --workers or larger files (--rows-per-file), then run again with --resume",
    ),
    (
        r"error sending request|dns error|timed out|operation timed|Connection refused|connect",
        "the store cannot be reached",
        "check the network and, for a store of your own, DATAFORGE_S3_ENDPOINT",
    ),
)


@contextmanager
def refusals(place: str, doing: str, errors: tuple[type[Exception], ...]) -> Iterator[None]:
    """Turn a store's exceptions into an OutputError that says what is the matter."""
    try:
        yield
    except errors as error:
        raise refusal(place, doing, str(error)) from None


def refusal(place: str, doing: str, told: str) -> OutputError:
    """Say what an object store's message means; only its code and status are repeated."""
    for pattern, meaning, remedy in _MEANINGS:
        if re.search(pattern, told, re.IGNORECASE):
            return OutputError(f"cannot {doing} {place}: {meaning} → {remedy}")
    code = _CODE.search(told) or _STATUS.search(told)
    reason = code[1] if code else "the store gave no reason that is known"
    return OutputError(f"cannot {doing} {place}: {reason}")
