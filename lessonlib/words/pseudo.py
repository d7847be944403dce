"""A language for tests: every text is marked and a third longer, so that both can be looked for."""

import re
from collections.abc import Mapping
from textwrap import wrap
from typing import Any

OPEN, CLOSE = "⟦", "⟧"
LONGEST_WORD = 16  # letters: a line may break after so many, as in any language

# What is no language: slots, code, tags, entities, addresses of links.
_LEFT_ALONE = re.compile(r"(\{[^{}]*\}|`[^`]*`|<[^>]*>|&\w+;|\]\([^)]*\))")
_VOWELS = str.maketrans("aeiouAEIOU", "àéîöûÀÉÎÖÛ")


def pseudo(texts: Any, key: str = "") -> Any:
    """Return texts with every one of them translated; keys that begin with "_" are no texts."""
    if isinstance(texts, Mapping):
        return {name: pseudo(text, name) for name, text in texts.items()}
    if isinstance(texts, list):
        return [pseudo(text, key) for text in texts]
    return texts if key.startswith("_") or not isinstance(texts, str) else translated(texts)


def translated(text: str) -> str:
    """Mark a text, change its vowels, make it a third longer; slots, code and tags stay."""
    parts = _LEFT_ALONE.split(text)
    letters = sum(len(part) for part in parts[::2])
    said = "".join(part if nth % 2 else part.translate(_VOWELS) for nth, part in enumerate(parts))
    longer = " ".join(wrap("~" * max(1, round(letters / 3)), LONGEST_WORD))
    return f"{OPEN}{said}{longer}{CLOSE}" if text.strip() else text
