"""The README's own command lines, so that tests run what a reader would type."""

import re
from pathlib import Path

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def readme_line(comment: str) -> str:
    """Return the one line of shell that stands in README below `<!-- comment -->`."""
    block = re.search(rf"<!-- {comment} -->\n```sh\n(.*?)\n```", README, re.DOTALL)
    (line,) = block[1].splitlines()
    return line
