"""What the scripts share with Python: texts, figures and signs, each from where Python has it."""

from gettext import c2py
from typing import Any

from lessonlib.attention import PATTERNS
from lessonlib.samples import SENTENCE
from lessonlib.samples.special import (
    END,
    EOP,
    MASK,
    MID,
    MODE,
    PRE,
    SOP,
    START,
    SUF,
    sentinel,
)
from lessonlib.styles import BOXED, CENTRED
from lessonlib.views import explore_attention, explore_blanks, explore_prefix, explore_spans, strips
from lessonlib.views.explorers import attention, base, sentence
from lessonlib.views.figures import ALL_OBJECTIVES
from lessonlib.words import Words

_OBJECTIVES = ("causal", "masked", "span_corruption", "prefix_lm", "text_infilling")
_PATTERNS = ("causal", "bidirectional", "prefix", "encoder_decoder")
_VIEWS = ("strip", "controls", "explorer", "values", "hiding", "spans", "attention", "helper")
_ASKS = ("press_tokens", "press_words")
_WIDEST_STRIP = 980  # pixels, as in strips.css
_COUNTED = 1000  # a strip has fewer questions


def data() -> dict[str, Any]:
    """Return all of it, as JSON can hold it, in the language of the day."""
    return {
        "words": _words(),
        "numbers": _numbers(),
        "spaces": "".join(filter(str.isspace, map(chr, range(0x10000)))),
        "markers": _markers(),
        "patterns": {name: {"architecture": PATTERNS[name].architecture} for name in _PATTERNS},
        "sizes": _sizes(),
        "signs": {
            "nothing": strips.NO_QUESTION,
            "unknown": strips.UNKNOWN,
            "may_look": attention.MAY_LOOK,
            "hidden": attention.HIDDEN,
        },
        "pointed_out": attention.POINTED_OUT,
        "styles": {"boxed": BOXED, "centred": CENTRED},
        "rows": strips.ROWS,
        "sentence": SENTENCE,
        "starts": _starts(),
    }


def _words() -> dict[str, Any]:
    views, looks = Words("views").texts, Words("attention").texts
    named = {name: ALL_OBJECTIVES[name] for name in _OBJECTIVES}
    return {
        "views": {name: views[name] for name in (*_VIEWS, *_ASKS)},
        "attention": {name: looks[name] for name in _PATTERNS},
        "checks": Words("checks").texts,
        "objectives": {
            name: {"title": row.title, "slogan": row.slogan} for name, row in named.items()
        },
    }


def _numbers() -> dict[str, Any]:
    """Return the forms of plurals, and which of them each number takes."""
    plural = Words("language").texts["plural"]
    return {"forms": plural["forms"], "chosen": [*map(c2py(plural["rule"]), range(_COUNTED))]}


def _markers() -> dict[str, Any]:
    return {
        "mask": MASK,
        "start": START,
        "sequential": MODE["S"],
        "sentinels": sentinel(0).split("0"),
        "named": [MASK, START, END, PRE, SUF, MID, SOP, EOP, *MODE.values()],
    }


def _sizes() -> dict[str, Any]:
    return {
        "width": strips.WIDTH,
        "frame": _WIDEST_STRIP - strips.WIDTH,
        "character": strips.CHARACTER,
        "gap": strips.GAP,
        "narrowest": strips.NARROWEST,
        "widest": strips.WIDEST,
        "narrow": {
            "line": strips.NARROW_LINE,
            "letter": strips.NARROW_LETTER,
            "small": strips.NARROW_SMALL,
            "name": strips.NARROW_NAME,
            "gap": strips.NARROW_GAP,
            "shortest": strips.SHORTEST,
        },
        "longest_name": strips.LONGEST_NAME,
        "most_tokens": base.MOST_TOKENS,
        "most_masks": sentence.MOST_MASKS,
        "masks": sentence.MASKS,
        "span": sentence.SPAN,
        "wide": attention.WIDE,
        "few": attention.FEW,
        "longest_head": attention.LONGEST,
    }


def _starts() -> dict[str, Any]:
    """Return where controls stand at first: sliders with how far they reach and how low."""
    (clickable,) = explore_blanks().controls
    sliders = {
        explorer.__name__: [
            (control.value, control.max, control.min)
            for control in explorer().controls
            if control.has_trait("max")
        ]
        for explorer in (explore_attention, explore_prefix, explore_spans)
    }
    return {**sliders, "explore_blanks": clickable.value}
