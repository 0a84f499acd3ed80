"""What the verifier found, on stdout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from rich.text import Text

from dataforge.app.secrets import masked
from dataforge.cli.output import grid, print_json, remark_all, show
from dataforge.cli.plain import visible
from dataforge.verification.certificate import CERTIFICATE_NAME, Certificate

FAILED = 1


def report(
    certificate: Certificate, target: str, notes: Sequence[str] = (), *, as_json: bool
) -> None:
    """Print the verdict with what it rests on; exit with 1 where a promise is broken."""
    if as_json:
        print_json(certificate.model_dump(mode="json"))
    else:
        _print(certificate, target, kept=not notes)
        remark_all(notes)
    if not certificate.passed:
        click.get_current_context().exit(FAILED)


def judge(certificate: Certificate, target: str, *, as_json: bool) -> None:
    """Print the verdict on what was just made, unless JSON has it; exit with 1 where it fails."""
    if not as_json:
        _print(certificate, target, kept=True)
    if not certificate.passed:
        click.get_current_context().exit(FAILED)


def _print(certificate: Certificate, target: str, *, kept: bool) -> None:
    passed, failed, skipped = (
        Counter(c.kind for c in certificate.checks if c.verdict == verdict)
        for verdict in ("passed", "failed", "skipped")
    )
    kinds = dict.fromkeys(check.kind for check in certificate.checks)
    rows = [
        (kind.replace("_", " "), f"{passed[kind]:,}", _some(failed[kind]), _some(skipped[kind]))
        for kind in kinds
    ]
    headers = ("promise", "kept", "broken", "not checked")
    head, *details = certificate.summary()
    show(
        grid(headers, rows, headers[1:]),
        "",
        Text(head, style="bold green" if certificate.passed else "bold red"),
        *(Text(visible(line)) for line in details),
    )
    if Path(target).is_dir() and kept:
        show(f"Certificate: {Path(target) / CERTIFICATE_NAME}")
    else:
        show(f"Verified: {masked(target)}")


def _some(count: int) -> str:
    return f"{count:,}" if count else ""
