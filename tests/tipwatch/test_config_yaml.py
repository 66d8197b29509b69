"""Any text is read within bounds: a configuration, or an error with its place; never anything else."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tipwatch.config import ConfigError, load_config
from tipwatch.config.document import read_document, resolve
from tipwatch.config.problems import Position
from tipwatch.config.units import seconds, size_bytes


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"),
        ("off", "off"),
        ("yes", "yes"),
        ("07:30", "07:30"),
        ("1:30:00", "1:30:00"),
        ("0o17", "0o17"),
        ("0x1F", "0x1F"),
        ("017", 17),
        ("1_000", "1_000"),
        ("2026-11-23", "2026-11-23"),
        ("<<", "<<"),
        ("=", "="),
        ("~", None),
        ("Null", None),
        ("True", True),
        ("FALSE", False),
        ("-12", -12),
        ("1e3", 1000.0),
        (".5", 0.5),
        (".inf", ".inf"),
        ("9" * 5000, "9" * 5000),
        ("1e999", "1e999"),
    ],
)
def test_a_plain_word_is_read_by_the_core_schema(written, meant):
    assert resolve(written) == meant
    assert type(resolve(written)) is type(meant)


def test_places_are_those_of_the_text_in_characters():
    document = read_document("ключ: [ы, 'б',\n  {a: 1}]\n", "x")
    assert document.value == {"ключ": ["ы", "б", {"a": 1}]}
    assert document.positions[("ключ", 1)] == Position(1, 11)
    assert document.positions[("ключ", 2, "a")] == Position(2, 7)
    assert document.keys[("ключ",)] == Position(1, 1)


def test_an_anchor_may_be_repeated_within_bounds():
    assert read_document("a: &x [1]\nb: *x", "x").value == {"a": [1], "b": [1]}


REFUSED = {
    "nested too deep": ("a: " + "[" * 5000, "nested more than 32 deep"),
    "nested too deep in blocks": (
        "\n".join(" " * depth + "a:" for depth in range(200)),
        "nested more than 32 deep",
    ),
    "aliases that multiply": (
        "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
        + "\n".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)),
        "too many values, or too deep, once aliases",
    ),
    "too many values": ("- 1\n" * 250_000, "too many values: split it"),
    "too many keys written twice": ("a: 1\n" * 5_000, "a: written twice"),
    "alias to itself": ("a: &x [*x]", r"\*x repeats nothing written before"),
    "unknown alias": ("a: *x", r"\*x repeats nothing written before"),
    "python tag": ("a: !!python/object/apply:os.system [ls]", "tags such as .* are not read here"),
    "second document": ("a: 1\n---\nb: 2", r"x:2:1: a second document starts here"),
    "mapping as key": ("? {a: 1}\n: 2", "a key must be a plain word"),
    "open bracket": ("a: [1\nb: 2", r"x:2:2: not YAML: .*check indentation"),
    "tab for indentation": ("a:\n\tb: 1", r"x:2:1: not YAML: .*check indentation"),
    "control character": ("a: 1\nb: \x07", r"x:2:4: not YAML: a control character stands here"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_here_is_refused_quickly_and_with_its_place(name):
    text, message = REFUSED[name]
    started = time.monotonic()
    with pytest.raises(ConfigError, match=message) as raised:
        read_document(text, "x")
    assert time.monotonic() - started < 60
    assert raised.value.problems[0].position is not None


@pytest.mark.parametrize(
    ("read", "written", "meant"),
    [
        (seconds, "2s", 2),
        (seconds, "1.5h", 5400),
        (seconds, "250ms", 0.25),
        (seconds, "1 d", 86400),
        (size_bytes, "10MiB", 10485760),
        (size_bytes, "1.5 KiB", 1536),
    ],
)
def test_durations_and_sizes_have_their_units(read, written, meant):
    assert read(written) == meant


@pytest.mark.parametrize("written", ["", "2", "s", "-2s", "2S", "1h30m", "٢s", None, True, 2, ["2s"]])
def test_a_duration_that_is_none_is_refused(written):
    with pytest.raises(ValueError, match="is not a duration"):
        seconds(written)


SHAPES = [
    "database",
    "contact",
    "crawl",
    "packs",
    "sources",
    "subscriptions",
    "mail",
    "id",
    "name",
    "to",
    "topics",
    "digest",
    "at",
    "days",
    "22:00-07:00",
    "webhook",
    "apprise",
    "feeds",
    "manners",
    "transport",
    "smtp",
    "host",
    "tls",
    "password_env",
    "timezone",
    "-",
    ":",
    "[",
    "]",
    "{",
    "}",
    ",",
    "&",
    "*",
    "!",
    "|",
    ">",
    "'",
    '"',
    "#",
    "?",
    "~",
    "null",
    "true",
    "07:30",
    "2s",
    "10MiB",
    "NO",
    "https://a.example/",
    "<a@b.c>",
    "\n",
    "\n",
    "",
    "",
    "\t",
    "\x85",
    "\ufeff",
    "\x00",
    "\ud7ff",
    "é",
    "人",
]

texts = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.sampled_from(SHAPES), max_size=40).map(lambda parts: " ".join(parts).encode()),
)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(SHAPES),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(SHAPES) | st.text(max_size=8), inner)
    ),
    max_leaves=12,
)


def loads_or_says_why(path, content: bytes) -> None:
    path.write_bytes(content)
    problems = ()
    try:
        load_config(path, {})
    except ConfigError as error:
        problems = error.problems
        assert problems, "an error without a problem says nothing"
    assert all(problem.message and len(str(problem).splitlines()) == 1 for problem in problems)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(b"\xef\xbb\xbfsources: []")
@example(b"a: 1\r\nb")
@example(b"%YAML 9.9\n---\na")
@given(content=texts)
def test_any_file_is_a_configuration_or_says_why_not(tmp_path, content):
    loads_or_says_why(tmp_path / "any.yaml", content)


SECTIONS = [
    "sources",
    "subscriptions",
    "mail",
    "crawl",
    "packs",
    "database",
    "contact",
    "channels",
    "publish",
    "operator",
    "public_url",
    "link_secret_env",
    "link_secret_file",
]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    section=st.sampled_from(SECTIONS),
    value=values,
)
def test_any_value_in_any_section_is_a_configuration_or_says_why_not(tmp_path, section, value):
    import json

    loads_or_says_why(tmp_path / "any.yaml", json.dumps({section: value}).encode())


KEYS = st.sampled_from(
    [
        "id",
        "name",
        "country",
        "languages",
        "timezone",
        "tier",
        "feeds",
        "manners",
        "to",
        "topics",
        "digest",
        "at",
        "days",
        "title",
        "min_score",
        "max_entries",
        "transport",
        "folder",
        "sender",
        "public_name",
        "host",
        "port",
        "tls",
        "cafile",
        "username",
        "password_env",
        "password_file",
        "language",
        "instant",
        "quiet_hours",
        "heartbeat",
        "channels",
        "outlets",
        "kind",
        "url",
        "url_env",
        "url_file",
        "secret_env",
        "entries",
        "base_url",
    ]
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(entry={"id": []}, section="channels")
@given(
    entry=st.dictionaries(KEYS, values, max_size=6),
    section=st.sampled_from(["sources", "subscriptions", "mail", "channels", "publish", "operator"]),
)
def test_any_value_of_any_key_is_a_configuration_or_says_why_not(tmp_path, entry, section):
    import json

    listed = entry if section in ("mail", "publish", "operator") else [entry]
    loads_or_says_why(tmp_path / "any.yaml", json.dumps({section: listed}).encode())
