"""Draw who may look at whom, as a table with one row per looking position."""

from collections.abc import Sequence
from html import escape

from lessonlib.attention import Mask
from lessonlib.words import Words

WORDS = Words("views")

MAY_LOOK, HIDDEN = "●", "·"
FEW, LONGEST = 12, 20  # heads that stand side by side; letters of one


def attention_grid(
    mask: Mask,
    queries: Sequence[str],
    keys: Sequence[str],
    caption: str,
    looking: int | None = None,
) -> str:
    """Draw one attention mask as an HTML table: a disc means that the row's token may look.

    Parameters
    ----------
    mask : ndarray of bool, shape (queries, keys)
    queries, keys : sequence of str
        The tokens that look, and the tokens that are looked at.
    caption : str
        What the grid shows, in plain text.
    looking : int, optional
        A row to point out.
    """
    if mask.shape != (len(queries), len(keys)):
        sizes = {"shape": mask.shape, "queries": len(queries), "keys": len(keys)}
        raise ValueError(WORDS("errors.another_mask", **sizes))
    names = (WORDS("attention.who"), *map(_head, keys))
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    many = " lesson-many" * (len(keys) > FEW)
    rows = []
    for position, (query, row) in enumerate(zip(queries, mask, strict=True)):
        points = '<tr class="looking">' if position == looking else "<tr>"
        pointer = "<span>▶ </span>" if position == looking else ""
        cells = "".join(
            f'<td class="may-look">{MAY_LOOK}</td>' if may else f"<td>{HIDDEN}</td>" for may in row
        )
        rows.append(f'{points}<th scope="row">{pointer}{_head(query)}</th>{cells}</tr>')
    return (
        f'<table class="lesson-grid{many}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _head(token: str) -> str:
    return escape(token if len(token) <= LONGEST else f"{token[:12]}…{token[-6:]}")
