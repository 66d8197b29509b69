"""The worked example of docs/how-to/add-a-channel.md works as it stands."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import alerts.channels
from alerts.channels import Endpoint, kinds_in
from alerts.errors import AlertError
from alerts.outbox import SendOutcome
from alerts.subscription import Recipient

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-channel.md"


@pytest.fixture
def example(tmp_path: Path) -> Iterator[ModuleType]:
    """The module that the page shows, as if it lay in the folder of channels."""
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    path = tmp_path / "logline.py"
    path.write_text(code)
    spec = importlib.util.spec_from_file_location("alerts.channels.logline", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_the_example_is_found_by_its_kind_and_sends_once(
    example: ModuleType, tmp_path: Path, day_digest, day_mail
) -> None:
    kind = kinds_in([alerts.channels, example])["logline"]
    log = tmp_path / "digests.log"
    end = Endpoint("watcher", f"file://{log}")
    channel = kind.open(end)
    raw = kind.payload(day_digest, day_mail, end)
    for _ in range(2):
        result = channel.send(raw, Recipient("watcher"), "desk-1")
        assert (result.outcome, result.text) == (SendOutcome.ACCEPTED, str(log))
    channel.close()
    [line] = log.read_text().splitlines()
    name, _, said = line.partition(" ")
    assert name == "desk-1"
    assert json.loads(said)["subject"] == day_mail.subject


def test_the_example_tells_failures_as_it_asks_others_to(example: ModuleType, tmp_path: Path) -> None:
    [kind] = kinds_in([example]).values()
    with pytest.raises(AlertError, match="channel watcher: "):
        kind.open(Endpoint("watcher", "https://a.example/"))
    result = kind.open(Endpoint("watcher", f"file://{tmp_path}")).send(b"{}", Recipient("watcher"), "n")
    assert result.outcome is SendOutcome.UNREACHABLE


def test_the_page_names_every_kind_there_is(example: ModuleType) -> None:
    page = PAGE.read_text()
    assert all(f"`{name}`" in page for name in alerts.channels.KINDS)


@pytest.mark.parametrize("name", ["apprise", "webhook"])
def test_the_kinds_of_the_folder_are_found(name: str) -> None:
    assert alerts.channels.KINDS[name].name == name


def test_a_kind_that_nobody_knows_names_those_there_are() -> None:
    with pytest.raises(AlertError, match="there are: apprise, webhook"):
        alerts.channels.kind_named("pigeon")
