from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("tipwatch", "crawler", "pipeline", "alerts")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
TEXTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "config.yaml", "tw", ".ci/run", "pyproject.toml")
    for path in ROOT.glob(pattern)
)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_in_its_first_line_what_lives_there_and_is_no_longer_than_400_lines(
    path: Path,
) -> None:
    source = path.read_text()
    if not source.strip():
        return
    docstring = ast.get_docstring(ast.parse(source))
    assert docstring, "the first line says what lives there"
    assert len(source.splitlines()) <= 400


def test_no_module_carries_a_forbidden_name() -> None:
    forbidden = re.compile(r"(^|_)(manager|helpers?|utils?|handlers?|processor|common|core|misc)(_|$)")
    assert [name_of(path) for path in MODULES if forbidden.search(path.stem)] == []


def test_there_is_no_package_under_tests_that_would_shadow_the_rooms() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.lock")), ids=name_of)
def test_locks_hold_versions_and_hashes_and_name_no_index(lock: Path) -> None:
    text = lock.read_text()
    assert "--hash=sha256:" in text
    assert "://" not in text
    assert "index" not in re.sub(r"^[a-z0-9-]+==.*$", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("path", [*MODULES, *TEXTS], ids=name_of)
def test_nothing_names_a_path_of_somebodys_machine(path: Path) -> None:
    assert re.findall(r"(?<![\w.:/])/(?:work|root|home|Users)/\w+", path.read_text()) == []


def test_the_documents_link_only_to_what_is_there() -> None:
    broken = [
        f"{name_of(page)}: {link}"
        for page in TEXTS
        if page.suffix == ".md"
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text())
        if not (page.parent / link).exists()
    ]
    assert broken == []


def test_the_readme_names_every_command() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "tipwatch", "--help"], capture_output=True, text=True, check=True
    ).stdout
    commands = re.findall(r"^[│ ]+([a-z][a-z-]+) {2,}", listed, flags=re.MULTILINE)
    readme = (ROOT / "README.md").read_text()
    assert len(commands) >= 12
    assert [command for command in commands if not re.search(rf"[`| ]{command}\b", readme)] == []


def test_help_is_quick_because_it_imports_neither_scrapy_nor_lxml() -> None:
    code = "import sys, tipwatch.cli; print([m for m in ('scrapy', 'twisted', 'lxml', 'trafilatura') if m in sys.modules])"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )


def test_the_daemon_imports_neither_twisted_nor_lxml() -> None:
    code = (
        "import sys, tipwatch.daemon, tipwatch.rounds.digesting, tipwatch.opening, tipwatch.instance, pipeline.store;"
        "print([m for m in ('twisted', 'scrapy', 'lxml', 'trafilatura') if m in sys.modules])"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )


def test_the_wheel_ships_migrations_templates_grammar_packs_and_the_default_configuration(
    tmp_path: Path,
) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        r"^pipeline/store/migrations/env\.py$",
        r"^pipeline/store/migrations/versions/\w+\.py$",
        r"^alerts/templates/digest/body\.html$",
        r"^alerts/templates/brief/brief\.html$",
        r"^alerts/templates/brief/brief\.typ$",
        r"^pipeline/rules/grammar\.lark$",
        r"^pipeline/rules/builtin/.*\.yaml$",
        r"^tipwatch/config/default\.yaml$",
        r"^tipwatch/demo/newsroom/.*\.toml$",
        r"^tipwatch/py\.typed$",
    ):
        assert any(re.search(wanted, name) for name in names), wanted
    assert [name for name in names if name.startswith("tests/")] == []
