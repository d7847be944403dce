"""Lets ``python -m lessonlib VERB`` do what ``lessonlib VERB`` does."""

from lessonlib.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
