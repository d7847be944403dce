"""An explorer for attention masks: who may look at whom, in each architecture."""

from collections.abc import Sequence
from html import escape

import ipywidgets as widgets

from lessonlib.attention import PATTERNS
from lessonlib.samples import SENTENCE, Sample, causal, masked, prefix_lm, span_corruption
from lessonlib.views.explorers.base import OneSentence, choice, slider
from lessonlib.views.grids import attention_grid
from lessonlib.words import Words

WORDS = Words("views")
DECODER, PREFIX, ENCODER, BOTH = (
    WORDS(f"attention.{name}") for name in ("decoder", "prefix", "encoder", "both")
)

WIDE = 16  # tokens; more may need scrolling


def attention_picture(tokens: Sequence[str], architecture: str, position: int, split: int) -> str:
    """Draw the mask, or the three masks, of one of the four architectures as HTML.

    It points out a looking position, the last one if there are fewer. `split` is the length of the
    prefix, where there is one.
    """
    sample = _sample(tokens, architecture, position, split)
    looking = min(position, len(sample.inputs) - 1)
    if architecture == BOTH:
        encoder, decoder, cross = sample.attention_mask
        read, written = sample.source, sample.inputs
        parts = [
            (encoder, read, read, "encoder_looks", None),
            (decoder, written, written, "decoder_looks_back", looking),
            (cross, written, read, "decoder_looks_across", looking),
        ]
        grids = [
            attention_grid(mask, who, whom, WORDS(f"attention.{caption}"), row)
            for mask, who, whom, caption, row in parts
        ]
        seen = [*_seen(cross[looking], sample.source), *_seen(decoder[looking], sample.inputs)]
    else:
        mask = sample.attention_mask
        grids = [attention_grid(mask, sample.inputs, sample.inputs, architecture, looking)]
        seen = _seen(mask[looking], sample.inputs)
    kind = PATTERNS[sample.attention[0]].architecture
    token = sample.inputs[looking]
    words = WORDS("attention.may_look", position=looking, token=token, seen=", ".join(seen))
    words = escape(words, quote=False)
    scrolls = len(tokens) > WIDE
    kind += " lesson-scrolls" * scrolls
    named = escape(WORDS("attention.whole"))
    reached = f' tabindex="0" role="region" aria-label="{named}"' * scrolls
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
    return OneSentence(attention_picture, text, reach, _room, [architecture], unused=unused)


def _sample(tokens: Sequence[str], architecture: str, position: int, split: int) -> Sample:
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
