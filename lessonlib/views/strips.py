"""Draw samples as token strips: what is read, what must be said, and where the questions are.

A strip is a real table, so that it reads where styles are stripped (GitHub) or read aloud; in an
untrusted notebook its cells carry the little style without which they would be no boxes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from html import escape
from itertools import chain, zip_longest

from lessonlib.attention import PATTERNS, Pattern
from lessonlib.checks import instance
from lessonlib.samples import Sample, is_special
from lessonlib.samples.inverses import sentinel_places
from lessonlib.samples.sample import Place, each
from lessonlib.samples.special import MASK, MODE
from lessonlib.styles import BOXED, CENTRED, STYLE
from lessonlib.views.figures import ALL_OBJECTIVES
from lessonlib.views.tables import WORDS

NO_QUESTION, UNKNOWN = "·", "?"
WIDTH, CHARACTER, GAP = 898, 6.4, 11  # of the page, a letter and a column's borders, in pixels
ROWS = ("reads", "must_say", "has_written", "must_write", "position", "step")
LONGEST_NAME = 11  # of a row, in letters, that strips.css has room for
NARROWEST, WIDEST = 7, 12  # columns, in letters; longer tokens go on in another line of their cell
# Of a narrow explorer, as in explorers.css, in pixels: its line, a letter, a small one, one of a
# row's name, and a column's borders.
NARROW_LINE, NARROW_LETTER, NARROW_SMALL, NARROW_NAME, NARROW_GAP = 566, 6.1, 5.6, 6.6, 6
SHORTEST = 2  # letters that a column has room for there

Cell = tuple[str, str]  # what it says, and the CSS classes that say what it is
Row = tuple[str, str, list[Cell]]  # the row's name, its CSS class, its cells


def strip(
    sample: Sample, values: str = "", columns: int = 0, decorate: Callable[[str], str] = escape
) -> str:
    """Draw one sample, also one with rows of unequal length or none, as HTML without stylesheet.

    That is one table, or two where an encoder reads a text of its own, and a sentence that counts
    the questions and says who may look where. `values` are shown below as they are; `columns` is
    how many tokens go on a line, by default what suits the sentence, see :func:`columns_of`;
    `decorate` draws a token that is read or asked for.
    """
    title, slogan = _named(sample)
    captions = [f"<strong>{escape(title)}</strong> {escape(slogan)}", ""]
    pattern, looks = _pattern(sample), who_may_look(sample)
    kind = pattern.architecture if pattern else "decoder-only"
    size = (columns or columns_of(sample), _letters(sample))
    tables = (
        _table(caption, rows, *size, decorate)
        for caption, rows in zip(captions, _tables(sample), strict=False)
    )
    said = f"<p><strong>{count_questions(sample)}</strong>{looks and f' · {looks}'}</p>"
    below = f"<pre>{escape(values)}</pre>" if values else ""
    drawn = f"{''.join(tables)}{said}{below}"
    return f'<section class="lesson-strip {kind}"{_room_for_names()}>{drawn}</section>'


class Strips:
    """Samples drawn one below the other; the last line of a cell shows them."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._samples = samples

    def _repr_html_(self) -> str:
        return STYLE + "".join(map(strip, self._samples))

    def __repr__(self) -> str:
        return "\n\n".join(map(text_strip, self._samples))


def show(*samples: Sample) -> Strips:
    """Draw samples of any objective as token strips, or as aligned text outside of notebooks."""
    for sample in samples:
        instance(sample, "sample", Sample, WORDS("errors.a_sample"))
    return Strips(samples)


def text_strip(sample: Sample) -> str:
    """Draw one sample with letters alone, for terminals and stored plain-text output."""
    title, slogan = _named(sample)
    lines = [f"{title} ({slogan})"]
    for rows in _tables(sample):
        columns = zip_longest(*([text for text, _ in cells] for *_, cells in rows), fillvalue="")
        widths = [max(map(len, column)) for column in columns]
        for name, _, cells in rows:
            words = (text.ljust(width) for (text, _), width in zip(cells, widths, strict=False))
            lines.append(f"{name:>11}  {'  '.join(words)}".rstrip())
    said = "; ".join(filter(None, [count_questions(sample), who_may_look(sample)]))
    return "\n".join([*lines, f"{'':>11}  {said}"])


def columns_of(sample: Sample) -> int:
    """Decide how many tokens go on a line: what fits, and all lines about equally many.

    It is the same for whatever is hidden of a sentence, so that a strip keeps its columns while a
    slider moves: where source and targets share it, neither is longer than it and two markers.
    """
    longest = max(len(sample.inputs), len(sample.targets), 1)
    if (source := sample.source) is not None:
        longest = max(longest, len(source))
        if sample.objective == "prefix_lm" or source[:1] == [MODE["S"]]:
            longest = max(longest, len(source) + len(sample.targets))
        elif any(map(is_special, [*source, *sample.targets])):
            ends = [place[1] for place in _places(sample) if isinstance(place, tuple)]
            longest = max([longest, *(end + 2 for end in ends)])
    fits = int(WIDTH / (CHARACTER * _letters(sample) + GAP))
    return -(-longest // -(-longest // fits))  # lines of about equal length


def fits_a_narrow_line(
    widths: Sequence[int], names: Iterable[str], letter: float = NARROW_LETTER
) -> bool:
    """Say whether columns of so many letters fit a line of a narrow explorer, beside names."""
    name = max((len(word) for name in names for word in name.split()), default=0)
    room = NARROW_LINE - NARROW_NAME * name - NARROW_GAP * len(widths)
    return sum(max(width, SHORTEST) for width in widths) * letter <= room


def rows_strip(
    tables: Sequence[Sequence[tuple[str, Sequence[Cell]]]],
    said: str,
    kind: str,
    columns: int,
    letters: int,
) -> str:
    """Draw tables of rows of tokens that are no samples, and a sentence below them.

    A row has a name and cells: a token and what it is, "read", "marker" or "asked". `kind` is an
    architecture.
    """
    named = ([(escape(name), "", [*cells]) for name, cells in rows] for rows in tables)
    drawn = "".join(_table("", rows, columns, letters, escape) for rows in named)
    below = f"<p><strong>{escape(said)}</strong></p>"
    room = _room_for(name for rows in tables for name, _ in rows)
    return f'<section class="lesson-strip {kind}"{room}>{drawn}{below}</section>'


def message(text: str) -> str:
    """Draw a plain sentence where a strip would be, such as what to do about an empty sentence."""
    return f'<p class="lesson-message">{escape(text)}</p>'


def _answers(sample: Sample) -> list[tuple[object, bool]]:
    """Return each target, and whether it counts; one without a word in the loss mask does."""
    counts = [*sample.loss_mask, *[True] * len(sample.targets)]
    return list(zip(sample.targets, counts, strict=False))


def _all_asked(targets: Iterable[object]) -> list[object]:
    """Take apart what is asked of several heads at once."""
    several = (target if isinstance(target, tuple) else (target,) for target in targets)
    return list(chain.from_iterable(several))


def count_questions(sample: Sample) -> str:
    """Say how many questions a sample asks, and how many of them ask for a marker."""
    asked = _all_asked(target for target, counts in _answers(sample) if counts)
    markers = sum(is_special(target) for target in asked)
    key = "strip.questions_and_markers" if markers else "strip.questions"
    return WORDS(key, count=len(asked), markers=markers)


def who_may_look(sample: Sample) -> str:
    """Say in words who may look at whom when the sample is read; '' where it is not known."""
    pattern = _pattern(sample)
    try:
        return pattern.words(*sample.attention[1:], steps=_is_moved(sample)) if pattern else ""
    except (TypeError, ValueError):  # a half-done sample
        return ""


def _named(sample: Sample) -> tuple[str, str]:
    known = ALL_OBJECTIVES.get(sample.objective)
    return (known.title, known.slogan) if known else (str(sample.objective), "")


def _pattern(sample: Sample) -> Pattern | None:
    return PATTERNS.get(str(sample.attention[0])) if sample.attention else None


def _is_moved(sample: Sample) -> bool:
    """Say whether the predicting stack counts steps of its own, not the sentence's positions."""
    moved = sample.source is not None or sample.places is not None
    return moved or _moves(str(sample.objective))


@cache
def _moves(objective: str) -> bool:
    """Say whether an objective moves what is read; a learner's sample does not say so itself."""
    known = ALL_OBJECTIVES.get(objective)
    return known is not None and known.example().places is not None


def _tables(sample: Sample) -> Iterator[list[Row]]:
    places, read = _places(sample), WORDS("strip.reads")
    row = [(WORDS("strip.position"), "small", [*map(_place, places)])] if places else []
    if sample.source is None:
        yield [*row, *_question_rows(sample, "reads", "must_say")]
    else:
        yield [*row, (read, "", [*map(_read, sample.source)])]
        yield _question_rows(sample, "has_written", "must_write")


def _places(sample: Sample) -> list[Place | str]:
    """Return where in the sentence each token comes from; [] if all stand where they stood."""
    source = sample.source
    if source is None:
        return sample.places or []
    if sample.places is not None and len(sample.places) == len(source):
        return sample.places
    if sample.objective == "prefix_lm":
        return each(len(source))
    mode = [None] * (source[:1] != [] and source[0] in MODE.values())
    try:  # a learner's sample does not say; its targets may
        return [*mode, *sentinel_places(source[len(mode) :], sample.targets)]
    except (ValueError, TypeError, IndexError):
        return [UNKNOWN] * len(source)


def _place(place: Place | str) -> Cell:
    """Name a place; of a stretch the first and the last position, as one counts them."""
    if place is None or isinstance(place, str):
        return (place or "", "")
    start, end = place
    if end - start == 1:
        return (str(start), "")
    return (f"{start}–{end - 1}" if start < end else WORDS("strip.no_place"), "hides")


def _question_rows(sample: Sample, reads: str, says: str) -> list[Row]:
    heads = max((len(t) for t in sample.targets if isinstance(t, tuple)), default=0)
    first, *others = [_said(sample, head) for head in range(max(heads, 1))]
    arrows = [("↓", "arrow") if kind != "aside" else ("", "") for _, kind in first]
    steps = range(max(len(sample.inputs), len(first)))
    counter = WORDS("strip.step" if _is_moved(sample) else "strip.position")
    return [
        (counter, "small", [(str(k), "") for k in steps]),
        (WORDS(f"strip.{reads}"), "", [*map(_read, sample.inputs)]),
        ("", "small", arrows),
        (WORDS(f"strip.{says}"), "", first),
        *((WORDS("strip.ahead", count=n), "", said) for n, said in enumerate(others, 2)),
    ]


def _said(sample: Sample, head: int) -> list[Cell]:
    """Return what must be said at each position, of several heads by one of them."""
    answers = []
    for target, counts in _answers(sample):
        asked = target if isinstance(target, tuple) else (target,)
        is_asked = counts and head < len(asked)
        answers.append(_answer(asked[head]) if is_asked else (NO_QUESTION, "aside"))
    return answers


def _read(token: object) -> Cell:
    return (str(token), "marker" if is_special(token) else "read")


def _answer(target: object) -> Cell:
    if isinstance(target, bool):  # replaced-token detection asks a yes/no question
        return (WORDS("strip.replaced" if target else "strip.original"), "asked")
    return (str(target), "asked" + " marker" * is_special(target))


@cache
def _room_for_names() -> str:
    return _room_for(WORDS(f"strip.{name}") for name in ROWS)


def _room_for(names: Iterable[str]) -> str:
    """Widen the column of the rows' names where a language needs it."""
    longest = max(map(len, names))
    return f' style="--names:{8 * longest}px"' if longest > LONGEST_NAME else ""


def _letters(sample: Sample) -> int:
    """Return how many letters a column holds: the longest token's, within bounds."""
    tokens = [*(sample.source or []), *sample.inputs, *_all_asked(sample.targets)]
    widest = max((len(str(token)) for token in tokens), default=0)
    return min(max(widest, NARROWEST), WIDEST)


def _table(
    caption: str, rows: list[Row], columns: int, letters: int, decorate: Callable[[str], str]
) -> str:
    kinds = f"lesson-tokens{_on_a_narrow_line(rows, columns)}"
    parts = [f'<table class="{kinds}" style="--n:{columns};--w:{letters}">']
    if caption:
        parts.append(f"<caption>{caption}</caption>")
    parts.append(f'<colgroup><col class="names"><col span="{columns}"></colgroup>')
    longest = max(len(cells) for *_, cells in rows)
    for start in range(0, max(longest, 1), columns):
        parts.append("<tbody>")
        for name, kind, cells in rows:
            head = f'<th scope="row">{name}</th>' if name else "<td></td>"
            line = (_cell(*cell, decorate) for cell in cells[start : start + columns])
            tag = f'<tr class="{kind}">' if kind else "<tr>"
            parts.append(f"{tag}{head}{''.join(line)}</tr>")
        parts.append("</tbody>")
    return "".join([*parts, "</table>"])


def _on_a_narrow_line(rows: list[Row], columns: int) -> str:
    """Name what fits a line of a narrow explorer if columns are as wide as their words.

    That is "lesson-whole" if no word need be broken, with "lesson-small" if letters have to be
    small for that, or "lesson-steady" if each column has room for a blank, too, so that none moves
    when its word is hidden.
    """
    widths = [0] * columns
    for *_, cells in rows:
        for at, (text, _) in enumerate(cells):
            widths[at % columns] = max(widths[at % columns], *map(len, _parts(text)))
    names = [name for name, *_ in rows]
    whole = fits_a_narrow_line(widths, names)
    if not whole:
        small = fits_a_narrow_line(widths, names, NARROW_SMALL)
        return " lesson-whole" * small + " lesson-small" * small
    steady = fits_a_narrow_line([max(width, len(MASK)) for width in widths], names)
    return " lesson-whole" + " lesson-steady" * steady


def _parts(token: str) -> list[str]:
    """Take a token apart where it may go on in another line: a marker after its first "_"."""
    return token.replace("_", "_ ", 1).split() if is_special(token) else [token]


def _cell(text: str, kind: str, decorate: Callable[[str], str]) -> str:
    shown = decorate(text) if kind in ("read", "asked") else "<wbr>".join(map(escape, _parts(text)))
    shown = f"<strong>{shown}</strong>" if "asked" in kind else shown
    boxed = BOXED if {"read", "marker", "asked"} & {*kind.split()} else CENTRED
    return f'<td class="{kind}"{boxed}>{shown}</td>' if kind else f"<td{boxed}>{shown}</td>"
