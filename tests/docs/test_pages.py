"""The documentation is true: pages made from the code are current, what they show runs."""

from __future__ import annotations

import re
import shlex
import shutil
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest
import yaml
from click.testing import CliRunner
from pydantic import TypeAdapter

from dataforge.cli.main import cli
from dataforge.schema import Spec, from_yaml, validate
from dataforge.schema.expressions import columns_of, parse_expression

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WORDS = [*PAGES, ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md"]


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of a language in a page."""
    fenced = re.compile(rf"^```{language}\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return fenced.findall(page.read_text("utf-8"))


@pytest.mark.parametrize("page", ["reference", "records", "options", "templates"])
def test_pages_made_from_the_code_are_current(page: str) -> None:
    written = (ROOT / f"docs/{page}.md").read_text("utf-8")
    assert written == getattr(import_module("reference"), page)(), "run: python tools/reference.py"


def test_every_kind_of_spec_has_an_example_that_reads() -> None:
    examples = yaml.safe_load((ROOT / "docs/spec-examples.yaml").read_text("utf-8"))
    kinds = [model.model_fields["kind"].default for model in get_args(get_args(Spec)[0])]
    assert sorted(examples) == sorted(kinds)
    for kind, example in examples.items():
        assert TypeAdapter(Spec).validate_python(example).kind == kind


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", ROOT / "docs/python.md"], ids=lambda p: p.name
)
def test_python_blocks_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copy(ROOT / "examples/shop.sql", tmp_path)
    found = blocks(page, "python")
    assert found
    names: dict[str, object] = {}
    for block in found:
        exec(compile(block, page.name, "exec"), names)  # noqa: S102 - what the page tells to run
    assert (tmp_path / "shop-data/certificate.json").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_yaml_blocks_read(page: Path) -> None:
    for block in blocks(page, "yaml"):
        document = yaml.safe_load(block)
        for part in document if isinstance(document, list) else [document]:
            if "tables" in part:
                assert not validate(from_yaml(block))
                continue
            assert TypeAdapter(Spec).validate_python(part["spec"]).kind == part["spec"]["kind"]


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda p: p.name)
def test_commands_shown_have_these_options(page: Path) -> None:
    for block in (text for language in ("", "sh", "console") for text in blocks(page, language)):
        for line in block.replace("\\\n", "").splitlines():
            if line.startswith(("dataforge ", "$ dataforge ")):
                command = re.split(r" (?:\|\|?|&&|[12]?>) ?", line.removeprefix("$ "))[0]
                words = shlex.split(command, comments=True)[1:]
                options = [word for word in words if word.startswith("--")]
                names = [word for word in words if not word.startswith("--")]
                depth = 2 if names[0] == "schema" else 1
                shown = CliRunner().invoke(cli, [*names[:depth], "--help"]).output
                assert all(option in shown for option in options), line


def test_the_tour_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "examples/shop.sql", tmp_path)
    tours = (block for block in blocks(ROOT / "README.md", "") if "schema export" in block)
    for line in next(tours).splitlines():
        words, _, target = line.partition(" > ")
        done = CliRunner().invoke(cli, shlex.split(words)[1:])
        assert done.exit_code == 0, f"{line}\n{done.output}"
        if target:
            (tmp_path / target).write_text(done.stdout)
    assert (tmp_path / "other-data/manifest.json").exists()


@pytest.mark.parametrize("page", WORDS, ids=lambda p: p.name)
def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
        if target != "docs/benchmarks.md":
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_page_of_expressions_speaks_of_what_is_understood() -> None:
    text = (ROOT / "docs/expressions.md").read_text("utf-8")
    table = text.split("|---|---|\n")[1].split("\n\n")[0]
    shown = [code.replace("\\|", "|") for row in table.splitlines()
             for code in re.findall(r"`([^`]+)`", row.split("|", 2)[2])]  # fmt: skip
    whole = [code for code in shown if re.search(r"[a-d]\b", code) and "…" not in code]
    assert len(whole) > 15
    for code in whole:
        assert columns_of(parse_expression(code))


def test_every_page_is_in_the_navigation() -> None:
    named = set(re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text("utf-8")))
    pages = {page.relative_to(ROOT / "docs").as_posix() for page in PAGES[1:]}
    assert pages == named, "mkdocs.yml: nav names the pages that there are"
