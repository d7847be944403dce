"""Objectives that hide spans behind numbered sentinels: span corruption and UL2's mixture."""

from collections.abc import Sequence
from typing import TypeVar

from lessonlib import checks
from lessonlib.samples.sample import Sample, each, encoder_decoder
from lessonlib.samples.special import MODE, sentinel
from lessonlib.words import Words

WORDS = Words("samples")

Item = TypeVar("Item")


def span_corruption(tokens: Sequence[str], spans: Sequence[tuple[int, int]]) -> Sample:
    """Write the hidden spans, each behind the sentinel that stands for it in the source.

    One more sentinel closes the targets. Spans that touch leave nothing to read between them; they
    are one gap and get one sentinel. Encoder-decoder; every position counts. Source: Raffel et al.
    2020 (T5), section 3.1.4.

    Parameters
    ----------
    tokens : sequence of str
        The sentence, at least 1 token.
    spans : sequence of (int, int)
        Half-open pairs ``start < end <= len(tokens)`` from left to right without overlap; none
        is allowed.

    Examples
    --------
    >>> sample = span_corruption(["a", "b", "c", "d"], [(1, 3)])
    >>> sample.source, sample.targets
    (['a', '<extra_id_0>', 'd'], ['<extra_id_0>', 'b', 'c', '<extra_id_1>'])
    """
    tokens = checks.tokens(tokens)
    spans = _merged(checks.spans(spans, len(tokens)))
    source = with_gaps(tokens, spans, [sentinel(k) for k in range(len(spans))])
    targets = []
    for k, (start, end) in enumerate(spans):
        targets += [sentinel(k), *tokens[start:end]]
    targets += [sentinel(len(spans))]
    places = with_gaps(each(len(tokens)), spans, spans)
    return encoder_decoder("span_corruption", source, targets, places)


def ul2(
    tokens: Sequence[str], denoiser: str, spans: Sequence[tuple[int, int]], bare_end: bool = True
) -> Sample:
    """Practise one of three kinds of denoising, named by a mode token in front of the source.

    Encoder-decoder; every position counts. Source: Tay et al. 2023, "UL2: Unifying Language
    Learning Paradigms", section 3.1.

    Parameters
    ----------
    tokens : sequence of str
        The sentence, at least 1 token (2 for S).
    denoiser : {"R", "S", "X"}
        R (regular) and X (extreme: long or many spans) are span corruption. S (sequential) is a
        prefix LM: the encoder reads the prefix, the decoder writes the rest.
    spans : sequence of (int, int)
        As in :func:`span_corruption`. For S exactly one span, to the end.
    bare_end : bool
        Whether S does without sentinels; there must be a prefix then. Otherwise the rest stands
        behind one, as the spans of R and X do.

    Examples
    --------
    >>> ul2(["a", "b", "c"], "R", [(1, 2)]).source
    ['[R]', 'a', '<extra_id_0>', 'c']
    >>> sample = ul2(["a", "b", "c"], "S", [(1, 3)])
    >>> sample.source, sample.targets
    (['[S]', 'a'], ['b', 'c'])
    """
    mode = MODE[checks.one_of(denoiser, "denoiser", MODE)]
    is_bare = checks.boolean(bare_end, "bare_end") and denoiser == "S"
    tokens = checks.tokens(tokens, least=2 if is_bare else 1)
    if denoiser == "S":
        split = _start_of_the_rest(spans, len(tokens), least=int(is_bare))
    if is_bare:
        source, targets, places = tokens[:split], tokens[split:], each(split)
    else:
        sample = span_corruption(tokens, spans)
        source, targets, places = sample.source, sample.targets, sample.places
    return encoder_decoder("ul2", [mode, *source], targets, [None, *places])


def with_gaps(
    tokens: list[Item], spans: list[tuple[int, int]], markers: Sequence[Item]
) -> list[Item]:
    """Return the tokens, or one thing for each of them, with each span replaced by its marker."""
    gapped = []
    kept_from = 0
    for (start, end), marker in zip(spans, markers, strict=True):
        gapped += [*tokens[kept_from:start], marker]
        kept_from = end
    return gapped + tokens[kept_from:]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and merged[-1][1] == start:
            start, _ = merged.pop()
        merged.append((start, end))
    return merged


def _start_of_the_rest(spans: Sequence[tuple[int, int]], length: int, least: int) -> int:
    spans = checks.spans(spans, length)
    if len(spans) != 1 or spans[0][0] < least or spans[0][1] != length:
        bounds = {"length": length, "least": least, "last": length - 1}
        raise ValueError(WORDS("errors.s_denoiser", spans=checks.shown(spans), **bounds))
    return spans[0][0]
