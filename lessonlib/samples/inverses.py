"""From a sample back to its text: one function for each way of hiding something.

Each uses only what a model is shown: `source` and `inputs`, and the targets that count. What
needs a target that does not count is refused. So is a text that contains a special token which
the sample uses as a marker.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any, NoReturn

from lessonlib import checks
from lessonlib.samples.sample import Sample
from lessonlib.samples.special import END, MASK, MID, MODE, SOP, SUF, sentinel
from lessonlib.words import Words

WORDS = Words("samples")


def next_tokens(sample: Sample) -> list[str]:
    """Read to the end and say the last token; the first is never a target, but was read."""
    return [*sample.inputs, *said(sample, len(sample.targets) - 1)]


def first_of_next(sample: Sample) -> list[str]:
    """Read to the end and say the last token, which is the only one that its position is asked."""
    (last,) = said(sample, len(sample.targets) - 1)
    return [*sample.inputs, *last]


def in_windows(sample: Sample) -> list[str]:
    """Read all documents to their end, in one list, and drop the end tokens."""
    return [token for token in next_tokens(sample) if token != END]


def blanks(sample: Sample) -> list[str]:
    """Take the target where it counts, and what was read everywhere else."""
    answers = zip(sample.inputs, sample.targets, sample.loss_mask, strict=True)
    return [target if counts else read for read, target, counts in answers]


def said(sample: Sample, first: int = 0) -> list:
    """Take the targets (from `first` on), each of which must count: some are the original text."""
    if not all(sample.loss_mask[first:]):
        at = sample.loss_mask.index(False, first)
        _refuse("not_counted", at=at)
    return sample.targets[first:]


def prefix_and_rest(sample: Sample) -> list[str]:
    """Put what is written behind what is read."""
    return next_tokens(sample) if sample.source is None else sample.source + said(sample)


def middle(sample: Sample) -> list[str]:
    """Move the middle back to where it was cut out.

    Suffix first needs no case of its own: its prefix stands in front of its middle, so that
    nothing is left in front of ``<SUF>``.
    """
    _, *rest = next_tokens(sample)
    if rest[-1] == END:  # it closes the middle
        rest = without(rest, END)
    suffix_at, middle_at = _places(rest, [SUF, MID])
    return rest[:suffix_at] + rest[middle_at + 1 :] + rest[suffix_at + 1 : middle_at]


def sentinels(sample: Sample) -> list[str]:
    """Put each span back in place of its sentinel."""
    return _filled(_source(sample), said(sample))


def denoiser(sample: Sample) -> list[str]:
    """Undo what the mode token in front of the source names."""
    source = _source(sample)
    if not source or source[0] not in MODE.values():
        _refuse("no_mode", source=checks.shown(source))
    mode, *rest = source
    targets = said(sample)
    is_bare = mode == MODE["S"] and (rest[-1:], targets[:1]) != ([sentinel(0)], [sentinel(0)])
    return rest + targets if is_bare else _filled(rest, targets)


def pieces(sample: Sample) -> list[str]:
    """Put GLM's span back in place of its mask, if there is no more than one.

    With several spans nothing but the positions says which of the equal masks each belongs to.
    """
    length = sample.loss_mask.count(False)
    part_a, written = sample.inputs[:length], said(sample, length)
    if SOP in part_a:
        _refuse("misplaced", marker=SOP)
    if not written:
        return part_a
    (at,) = _places(part_a, [MASK])
    *span, _ = written
    return part_a[:at] + span + part_a[at + 1 :]


def gap_sentence(sample: Sample) -> list[str]:
    """Put the sentence back in place of its mask, if there is one alone.

    With several, nothing says where in what is written one of them ends.
    """
    source, written = _source(sample), said(sample)
    (at,) = _places(source, [MASK])
    return source[:at] + written + source[at + 1 :]


def unreplaced(sample: Sample) -> list[str]:
    """Refuse as soon as a token was replaced: the targets do not say what stood there."""
    replaced = said(sample)
    if any(replaced):
        at = replaced.index(True)
        _refuse("replaced", at=at, token=checks.shown(sample.inputs[at]))
    return list(sample.inputs)


def without(tokens: Sequence[str], marker: str, times: int = 1) -> list[str]:
    """Drop a marker that was put in so many times; refuse if the text has it too."""
    _check_times(tokens, marker, tokens.count(marker), times)
    return [token for token in tokens if token != marker]


def _source(sample: Sample) -> list[str]:
    return _refuse("no_source") if sample.source is None else sample.source


def _filled(source: list[str], targets: list[str]) -> list[str]:
    spans = _hidden(source, targets)
    return [token for read in source for token in spans.get(read, [read])]


def sentinel_places(source: list[str], targets: list[str]) -> list[tuple[int, int]]:
    """Return the stretch of the text that each token of the source stands for; refuse as above."""
    spans = _hidden(source, targets)
    ends = list(accumulate(len(spans.get(read, [read])) for read in source))
    return list(zip([0, *ends[:-1]], ends, strict=True)) if ends else []


def _hidden(source: list[str], targets: list[str]) -> dict[str, list[str]]:
    """Return the span behind each sentinel."""
    # The last target tells how many spans there are: it is the sentinel after the last one.
    numbered = [sentinel(k) for k in range(len(targets))]
    if targets[-1] not in numbered:
        _refuse("no_sentinel_last", last=checks.shown(targets[-1]))
    *markers, final = numbered[: numbered.index(targets[-1]) + 1]
    starts = _places(targets, [*markers, final])
    if starts[0] != 0 or any(end - start < 2 for start, end in pairwise(starts)):
        _refuse("sentinels_out_of_order")
    _places(source, markers)
    _check_times(source, final, source.count(final), 0)
    bounds = zip(markers, pairwise(starts), strict=True)
    return {marker: targets[start + 1 : end] for marker, (start, end) in bounds}


def _places(tokens: Sequence[str], markers: Sequence[str]) -> list[int]:
    """Return where each marker stands; refuse unless each stands in just one place."""
    places: dict[str, list[int]] = {marker: [] for marker in markers}
    for place, token in enumerate(tokens):
        if token in places:
            places[token].append(place)
    for marker, found in places.items():
        _check_times(tokens, marker, len(found), 1)
    return [place for (place,) in places.values()]


def _check_times(tokens: Sequence[str], marker: str, found: int, wanted: int) -> None:
    if found != wanted:
        times = {"found": WORDS("restore.times", count=found)}
        times["wanted"] = WORDS("restore.times", count=wanted)
        _refuse("marker_unclear", marker=marker, tokens=checks.shown(tokens), **times)


def _refuse(why: str, **slots: Any) -> NoReturn:
    raise ValueError(WORDS("restore.refused", why=WORDS(f"restore.{why}", **slots)))
