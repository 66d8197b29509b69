"""YAML with places: every value knows the line and column it was written at, so that errors can say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import yaml

from pipeline.rules.errors import QueryError, RuleError, Spot, hint
from pipeline.rules.nodes import Node, with_spots
from pipeline.rules.query import parse_query

_LOADER = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # the C loader is ten times quicker where it was built
#: largest rule file read (characters)
MAX_FILE_CHARS = 4_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A rule file's name, as shown in errors, and its lines."""

    name: str
    lines: tuple[str, ...]

    def spot(self, line: int, column: int) -> Spot:
        """The place at `line` and `column`, both counted from 0."""
        return Spot(self.name, line + 1, column + 1, self.lines[line] if line < len(self.lines) else "")


@dataclass(frozen=True, slots=True)
class Value:
    """A YAML node in its file; reading it as the wrong kind raises `RuleError` at its place."""

    source: Source
    node: yaml.Node

    @property
    def spot(self) -> Spot:
        """Where the value begins."""
        mark = self.node.start_mark
        return self.source.spot(mark.line, mark.column)

    def wrong(self, what: str) -> RuleError:
        """An error at this value."""
        return RuleError(self.spot, what)

    def items(self) -> Iterator[tuple[Value, Value]]:
        """Keys and values of a mapping, each key once."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong("a mapping (key: value) is expected here")
        seen: set[str] = set()
        for key_node, value_node in self.node.value:
            key = Value(self.source, key_node)
            name = key.text()
            if name in seen:
                raise key.wrong(f"{name!r} is given twice: remove one")
            seen.add(name)
            yield key, Value(self.source, value_node)

    def fields(self, required: tuple[str, ...], optional: tuple[str, ...]) -> dict[str, Value]:
        """A mapping's values by key; unknown and missing keys are errors."""
        known = (*required, *optional)
        found: dict[str, Value] = {}
        for key, value in self.items():
            if key.text() not in known:
                raise key.wrong(
                    f"unknown key {key.text()!r}; known here: {', '.join(known)}{hint(key.text(), known)}"
                )
            found[key.text()] = value
        for name in required:
            if name not in found:
                raise self.wrong(f"{name!r} is missing here")
        return found

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    def list(self) -> tuple[Value, ...]:
        """The values of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.wrong("a list is expected here: [a, b] or lines that begin with '- '")
        return tuple(Value(self.source, each) for each in self.node.value)

    def text(self) -> str:
        """A scalar as written."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.wrong("a text is expected here")
        return str(self.node.value)

    def number(self, least: float, most: float) -> float:
        """A number between `least` and `most`."""
        try:
            value = float(self.text())
        except ValueError:
            raise self.wrong(f"a number is expected here, not {self.text()!r}") from None
        if not least <= value <= most:
            raise self.wrong(f"{value:g} is not between {least:g} and {most:g}")
        return value

    def day(self) -> date:
        """A day, written as 2026-03-31."""
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            raise self.wrong(f"a day is expected here, written as 2026-03-31, not {self.text()!r}") from None

    def texts_by_language(self) -> dict[str, tuple[Value, ...]]:
        """Lists of texts under language codes."""
        return {key.text(): value.list() for key, value in self.items()}

    def query(self) -> Node:
        """The value read as a query; its errors point into the query."""
        try:
            return with_spots(parse_query(self.text()), self.place_in_text)
        except QueryError as error:
            raise RuleError(self.place_in_text(error.offset), error.what) from None

    def place_in_text(self, offset: int) -> Spot:
        """The place of a character of the text; for texts with escapes, the text's beginning."""
        assert isinstance(self.node, yaml.ScalarNode)
        text, mark = self.text(), self.node.start_mark
        if self.node.style == '"' and "\\" in "\n".join(
            self.source.lines[mark.line : self.node.end_mark.line + 1]
        ):
            return self.spot
        row, column = (mark.line + 1, 0) if self.node.style in {"|", ">"} else (mark.line, mark.column)
        column += self.node.style in {"'", '"'}
        left = sum(not sign.isspace() for sign in text[:offset])  # a folded text keeps all but its blanks
        if self.node.style == "'":
            left += text.count("'", 0, offset)  # written twice
        after_all = not text[offset:].strip()
        while row < min(self.node.end_mark.line + 1, len(self.source.lines)):
            for index in range(column, len(self.source.lines[row])):
                if self.source.lines[row][index].isspace():
                    continue
                if left == 0:
                    return self.source.spot(row, index)
                left -= 1
                if left == 0 and after_all:
                    return self.source.spot(row, index + 1)
            row, column = row + 1, 0
        return self.spot


def read_yaml(name: str, text: str) -> Value:
    """The root of a YAML text.

    Raises:
        RuleError: it is not YAML, is empty, uses aliases, or is too large.
    """
    source = Source(name, tuple(text.splitlines()))
    if len(text) > MAX_FILE_CHARS:
        raise RuleError(
            source.spot(0, 0), f"larger than {MAX_FILE_CHARS:,} characters: split the pack into files"
        )
    try:
        for token in yaml.scan(text, Loader=_LOADER):
            if isinstance(token, yaml.AliasToken):  # an alias can make a small file endless
                mark = token.start_mark
                raise RuleError(
                    source.spot(mark.line, mark.column), "YAML aliases are not allowed: write it out"
                )
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        spot = source.spot(mark.line, mark.column) if mark else source.spot(0, 0)
        raise RuleError(
            spot, f"not YAML: {error.problem or error.context}; check indentation and quotes"
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise RuleError(source.spot(0, 0), f"not YAML: {error}") from None
    if node is None:
        raise RuleError(source.spot(0, 0), "the file is empty: it should hold concepts, entities or topics")
    return Value(source, node)
