"""Tables that were Markdown, where each has a row of headings, also if there is none to give."""

import re

_EMPTY = r"<th[^>]*>(?:<p></p>)?</th>"
_EMPTY_HEAD = re.compile(rf"<thead>\s*<tr[^>]*>\s*({_EMPTY}\s*)+</tr>\s*</thead>")


def without_empty_headings(html: str) -> str:
    """Leave out rows of headings that say nothing; a single such heading becomes an empty cell."""
    return re.sub(_EMPTY, "<td></td>", _EMPTY_HEAD.sub("", html))
