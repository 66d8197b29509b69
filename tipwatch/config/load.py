"""Finds, reads and checks the configuration; all that is wrong is reported at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from tipwatch.config import addresses, checks, schema
from tipwatch.config.build import Outside, built
from tipwatch.config.complaints import complaints
from tipwatch.config.document import Document, Plain, read_document
from tipwatch.config.problems import ConfigError, Position, Problem
from tipwatch.config.values import Config

MAX_FILE_BYTES = 4 << 20

FILE_VARIABLE = "TIPWATCH_CONFIG"
DATABASE_VARIABLE = "TIPWATCH_DATABASE_URL"
PROXY_VARIABLES = ("http_proxy", "HTTP_PROXY")


@dataclass(frozen=True, slots=True)
class Place:
    """A configuration file: `path`, how messages name it, and the folder its relative paths start from."""

    path: Path
    origin: str
    base: Path


def load_config(path: Path | None = None, env: Mapping[str, str] = os.environ) -> Config:
    """The configuration of `path`, else of TIPWATCH_CONFIG, else ./config.yaml, else the one shipped.

    TIPWATCH_DATABASE_URL wins over the file's `database`; http_proxy (HTTP_PROXY) serves when the file names
    no proxy. Raises ConfigError with every problem found.
    """
    place = find_config(path, env)
    document = read_document(read_text(place), place.origin)
    keys, problems = validated(document)
    problems += [*document.problems, *checks.cross_checks(document, env, place.base)]
    database = attempt(lambda: database_of(document, env, place.base), problems)
    proxy = attempt(lambda: proxy_of(keys, env), problems)
    if problems or keys is None or database is None:
        raise ConfigError(problems)
    return built(keys, document, Outside(place.path, place.base, database, proxy, env))


def find_config(path: Path | None, env: Mapping[str, str]) -> Place:
    """Which file is read; a named one (by option or variable) is never passed over for another."""
    named = path or (Path(env[FILE_VARIABLE]) if env.get(FILE_VARIABLE) else None)
    here = Path("config.yaml")
    if named is None and not there(here):
        return Place(shipped_config(), "config.yaml (shipped)", Path.cwd())
    chosen = named or here
    return Place(chosen.absolute(), str(chosen), chosen.absolute().parent)


def there(path: Path) -> bool:
    """Whether something is at `path`; also when we may not look, so that reading it says why."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def shipped_config() -> Path:
    """The default configuration: in the package when installed, at the repository's root in a checkout."""
    packed = Path(__file__).with_name("default.yaml")
    return packed if packed.exists() else Path(__file__).parents[2] / "config.yaml"


def read_text(place: Place) -> str:
    """The file's text. Raises ConfigError when it cannot be read, is too large, or is not UTF-8."""
    try:
        with place.path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise ConfigError(
            [Problem(place.origin, "not found: check the path, or leave out --config and TIPWATCH_CONFIG")]
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such path is possible"
        raise ConfigError(
            [Problem(place.origin, f"cannot be read ({reason}): name a file that you may read")]
        ) from None
    if len(content) > MAX_FILE_BYTES:
        raise ConfigError(
            [Problem(place.origin, f"is larger than {MAX_FILE_BYTES >> 20} MiB: is this the right file?")]
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        position = Position(before.count(b"\n") + 1, len(before) - before.rfind(b"\n"))
        raise ConfigError(
            [Problem(place.origin, "not UTF-8 text here: save the file as UTF-8", (), position)]
        ) from None


def validated(document: Document) -> tuple[schema.ConfigKeys | None, list[Problem]]:
    """The file's keys checked one by one; None and the problems when something is wrong."""
    value = document.value
    if not isinstance(value, dict):
        return None, [
            document.problem((), "must be a mapping: write `key: value` lines, as in the shipped config.yaml")
        ]
    given: dict[str, Plain] = {
        key: part for key, part in value.items() if part is not None
    }  # `sources:` alone: none yet
    try:
        return schema.ConfigKeys.model_validate(given), []
    except ValidationError as error:
        return None, complaints(error, schema.ConfigKeys, document)


def attempt(step: Callable[[], str | None], problems: list[Problem]) -> str | None:
    """What `step` gives; None, its problems noted, when it raises ConfigError."""
    try:
        return step()
    except ConfigError as error:
        problems += error.problems
        return None


def database_of(document: Document, env: Mapping[str, str], base: Path) -> str | None:
    """The database URL with an absolute path; the environment's starts from the current directory."""
    given = env.get(DATABASE_VARIABLE)
    if given:
        try:
            return addresses.database_url(given, Path.cwd())
        except ValueError as error:
            raise ConfigError([Problem(DATABASE_VARIABLE, str(error))]) from None
    root = document.value if isinstance(document.value, dict) else {}
    written = root.get("database")
    if written is not None and not isinstance(written, str):
        return None  # the schema says so
    try:
        return addresses.database_url(written or schema.ConfigKeys().database, base)
    except ValueError as error:
        raise ConfigError([document.problem(("database",), str(error))]) from None


def proxy_of(keys: schema.ConfigKeys | None, env: Mapping[str, str]) -> str | None:
    """The proxy to use: the file's, else the environment's; None: direct."""
    if keys is not None and keys.crawl.proxy is not None:
        return None if keys.crawl.proxy == "off" else keys.crawl.proxy
    variable = next((name for name in PROXY_VARIABLES if env.get(name)), None)
    if variable is None:
        return None
    try:
        return addresses.proxy_url(env[variable])
    except ValueError as error:
        raise ConfigError([Problem(variable, str(error))]) from None
