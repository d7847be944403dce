"""An explorer for attention masks: who may look at whom, in each architecture."""

from collections.abc import Sequence
from html import escape

import ipywidgets as widgets

from lessonlib.attention import PATTERNS, Mask
from lessonlib.samples import (
    SENTENCE,
    Sample,
    causal,
    masked,
    packed,
    prefix_lm,
    span_corruption,
)
from lessonlib.views.explorers.base import OneSentence, choice, slider
from lessonlib.views.explorers.layout import grid
from lessonlib.views.strips import strip
from lessonlib.views.tables import WORDS

DECODER, PREFIX, ENCODER, BOTH = (
    WORDS(f"attention.{name}") for name in ("decoder", "prefix", "encoder", "both")
)

WITHIN, ACROSS = (WORDS(f"attention.{name}") for name in ("within", "across"))

WIDE = 16  # tokens; more may need scrolling
MAY_LOOK, HIDDEN = "●", "·"
POINTED_OUT = (' class="looking"', "<span>▶ </span>")
FEW, LONGEST = 12, 20  # heads that stand side by side; letters of one


def attention_grid(
    mask: Mask, queries: Sequence[str], keys: Sequence[str], caption: str, looking: int = -1
) -> str:
    """Draw a mask of shape (queries, keys) as an HTML table: a disc means that a row may look.

    `caption` is plain text; `looking` points out a row.
    """
    if mask.shape != (len(queries), len(keys)):
        sizes = {"shape": mask.shape, "queries": len(queries), "keys": len(keys)}
        raise ValueError(WORDS("errors.another_mask", **sizes))
    names = (WORDS("attention.who"), *map(_head, keys))
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    disc = f'<td class="may-look">{MAY_LOOK}</td>'
    rows = []
    for position, (query, row) in enumerate(zip(queries, mask, strict=True)):
        points, pointer = POINTED_OUT if position == looking else ("", "")
        cells = "".join(disc if may else f"<td>{HIDDEN}</td>" for may in row)
        rows.append(f'<tr{points}><th scope="row">{pointer}{_head(query)}</th>{cells}</tr>')
    many = " lesson-many" * (len(keys) > FEW)
    return (
        f'<table class="lesson-grid{many}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _head(token: str) -> str:
    return escape(token if len(token) <= LONGEST else f"{token[:12]}…{token[-6:]}")


def attention_picture(tokens: Sequence[str], architecture: str, position: int, split: int) -> str:
    """Draw an architecture's masks as HTML; `split` is the length of the prefix, if it has one."""
    sample = _sample(tokens, architecture, position, split)
    looking = min(position, len(sample.inputs) - 1)
    if architecture == BOTH:
        encoder, decoder, cross = sample.attention_mask
        read, written = sample.source, sample.inputs
        captions = ("encoder_looks", "decoder_looks_back", "decoder_looks_across")
        alone, back, across = (WORDS(f"attention.{caption}") for caption in captions)
        grids = [
            attention_grid(encoder, read, read, alone),
            attention_grid(decoder, written, written, back, looking),
            attention_grid(cross, written, read, across, looking),
        ]
        seen = [*_seen(cross[looking], read), *_seen(decoder[looking], written)]
    else:
        mask = sample.attention_mask
        grids = [attention_grid(mask, sample.inputs, sample.inputs, architecture, looking)]
        seen = _seen(mask[looking], sample.inputs)
    kind = PATTERNS[sample.attention[0]].architecture
    slots = {"position": looking, "token": sample.inputs[looking], "seen": ", ".join(seen)}
    words = escape(WORDS("attention.may_look", **slots), quote=False)
    reached = ""
    if len(tokens) > WIDE:
        kind += " lesson-scrolls"
        reached = f' tabindex="0" role="region" aria-label="{escape(WORDS("attention.whole"))}"'
    drawn = f'<p>{words}</p><div class="lesson-grids">{"".join(grids)}</div>'
    return f'<section class="lesson-strip {kind}"{reached}>{drawn}</section>'


def explore_attention(text: str = SENTENCE) -> OneSentence:
    """Show who may look at whom in each architecture."""
    architecture = choice("architecture", [DECODER, PREFIX, ENCODER, BOTH])
    position = slider("looking_position", 3, 7)
    split = slider("prefix_length", 3, 7, smallest=1)

    def last_position(count: int) -> int:
        return len(_sample([""] * count, architecture.value, 0, 1).inputs) - 1

    def unused(_: Sequence[str], architecture: str, *__: int) -> dict[widgets.IntSlider, str]:
        return {} if architecture == PREFIX else {split: WORDS("attention.no_prefix")}

    reach = {position: last_position, split: lambda count: count - 1}
    return OneSentence(text, [(attention_picture, _room)], reach, [architecture], unused=unused)


def explore_windows(text: str = WORDS("attention.two_texts")) -> OneSentence:
    """Show who may look at whom where two documents share a window, and what is asked there."""
    looks = choice("attention", [WITHIN, ACROSS])
    position = slider("looking_position", 6, 7)
    split = slider("second_document", 4, 7, smallest=1)
    reach = {position: int, split: lambda count: count - 1}
    views = [(attention_picture, _room), (_window_strip, _window_strip)]
    return OneSentence(text, views, reach, [looks], [[grid([looks, position, split])], []])


def _window_strip(tokens: Sequence[str], looks: str, _: int, split: int) -> str:
    return strip(_sample(tokens, looks, 0, split))


def _sample(tokens: Sequence[str], architecture: str, position: int, split: int) -> Sample:
    if architecture in (WITHIN, ACROSS):
        split = min(split, len(tokens) - 1)
        return packed([tokens[:split], tokens[split:]], across=architecture == ACROSS)
    if architecture == BOTH:
        return span_corruption(tokens, [(len(tokens) // 2, len(tokens))])
    if architecture == ENCODER:
        return masked(tokens, [min(position, len(tokens) - 1)])
    if architecture == PREFIX:
        return prefix_lm(tokens, min(split, len(tokens) - 1))
    return causal(tokens)


def _room(tokens: Sequence[str], architecture: str, _: int, split: int) -> str:
    return attention_picture(tokens, architecture, len(tokens), split)  # the last one sees most


def _seen(row: Sequence[bool], tokens: Sequence[str]) -> list[str]:
    return [token for token, may in zip(tokens, row, strict=True) if may]
