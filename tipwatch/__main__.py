"""``python -m tipwatch`` and the console script ``tipwatch``."""

from __future__ import annotations

from tipwatch.cli import run


def main() -> None:
    """Run the command line and exit with its code."""
    raise SystemExit(run())


if __name__ == "__main__":
    main()
