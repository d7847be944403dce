"""Leave out what costs a second at every start and is not needed here."""

from __future__ import annotations

import sys


def skip_grammar() -> None:
    """Keep jsonschema from building a grammar of web addresses, which no notebook needs.

    An environment with JupyterLab in it has that grammar, and ``import nbformat`` would build
    it. To be called before that import, in processes that only grade.
    """
    sys.modules.setdefault("rfc3987_syntax", None)
