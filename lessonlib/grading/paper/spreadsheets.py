"""A table as whatever spreadsheet program saved it: its encoding, separator and heading."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from lessonlib.grading.paper.words import RefusedError

_SEPARATORS = ",;\t"
_UTF_8, _UTF_16 = codecs.BOM_UTF8, (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_WIDE = ("cp874", "cp932", "gb18030", "cp949", "cp950", "euc_jp")  # two bytes, or Thai
# What programs save in where they do not save in Unicode.
_CODE_PAGES = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
    *(*_WIDE, "mac_roman", "mac_cyrillic", "mac_greek", "koi8_r", "koi8_u"),
    *("iso8859_2", "iso8859_5", "iso8859_7", "iso8859_15"),
    *("cp437", "cp737", "cp850", "cp852", "cp866"),
)
_BY_ESCAPES = ("iso2022_jp_ext", "iso2022_kr", "hz")  # write all their letters in ASCII
FEW_LETTERS = 6  # so few that are none of ASCII may be valid UTF-8 by chance


def lines_of(
    path: Path, required: tuple[str, ...], known: Collection[str] = ()
) -> Iterator[dict[str, str]]:
    """Yield the lines of a table by column, in small letters; ValueError if in doubt."""
    ways = readings(path.read_bytes(), known)
    if len(ways) > 1:
        raise RefusedError("tables.unsure")
    (text,) = ways
    yield from lines_in(text, required)


def readings(data: bytes, known: Collection[str] = ()) -> dict[str, str]:
    """Return what a table may say: each text, with the name of its encoding.

    A file that is not in Unicode does not say in what else it is, and no guess from a few words is
    good enough for a comment that a learner reads. So each code page is tried, and those are left
    out in which the file is no text, or lacks known words that others find. ValueError if the file
    says that it is in Unicode and is not.
    """
    words = [word for word in known if not word.isascii()]
    encoding = "utf-8-sig" if data.startswith(_UTF_8) else "utf-16"
    if not data.startswith((_UTF_8, *_UTF_16)):
        # A heading begins with a letter of ASCII, which shows how many bytes a letter takes.
        encoding = "utf-16-be" if data[:1] == b"\0" else "utf-16-le" if data[1:2] == b"\0" else ""
    if encoding:
        if not (found := _decoded(data, [encoding])):
            raise RefusedError("tables.broken")
        return found
    for text in _decoded(data, ["utf-8"]):
        return {text: "utf-8"} | _by_chance(data, text, words)
    found = _decoded(data, _CODE_PAGES)
    counts = {text: sum(word in text for word in words) for text in found}
    most = max(counts.values(), default=0)
    found = {text: page for text, page in found.items() if counts[text] == most}
    return {text: page for text, page in found.items() if _is_text(text)} or found


def _decoded(data: bytes, encodings: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            found.setdefault(data.decode(encoding), encoding)
    return found


def _by_chance(data: bytes, text: str, words: Collection[str]) -> dict[str, str]:
    """Return what else a file without a mark may say that is valid UTF-8, if perhaps by chance."""
    letters = len(re.findall(r"[^\x00-\x7f\u2000-\u206f]", text))  # dashes and quotes are sure
    escapes = text.isascii() and (b"\x1b" in data or b"~{" in data)
    if letters > FEW_LETTERS or any(word in text for word in words):
        return {}
    found = _decoded(data, _WIDE if letters else _BY_ESCAPES if escapes else ())
    # Such a letter does not stand beside one of ASCII, as the last one of "café" would.
    return {
        other: page
        for other, page in found.items()
        if other != text and (escapes or (_is_text(other) and not _TOUCHING.search(other)))
    }


_TOUCHING = re.compile(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]")


def lines_in(text: str, required: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Yield the lines of a table whose text is known, as `lines_of` does."""
    # Excel's own way to name the separator is a first line such as "sep=;".
    text = re.sub(r'\A\s*"?sep=[^\r\n]*', "", text, flags=re.IGNORECASE)
    heading = next((line for line in text.splitlines() if line.strip(_SEPARATORS + ' "')), "")
    separator = max(_SEPARATORS, key=heading.count)
    limit = csv.field_size_limit(max(len(text), csv.field_size_limit()))
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        filled = (line for line in lines if any(cell.strip() for cell in line))
        columns = [re.sub(r"\s+", "_", cell.strip().lower()) for cell in next(filled, [])]
        if not columns:
            raise RefusedError("tables.empty")
        if missing := [name for name in required if name not in columns]:
            lacks = {"missing": ", ".join(missing), "columns": ", ".join(columns)}
            raise RefusedError("tables.no_column", **lacks)
        for line in filled:
            yield dict(zip(columns, line, strict=False))
    except csv.Error as problem:
        raise RefusedError("tables.no_table", problem=problem) from None
    finally:
        csv.field_size_limit(limit)


# Signs that may stand between two letters; any other there shows that they were letters once.
_BETWEEN = "\u00a0\u00b7\u2018\u2019\u201c\u201d\u201e\u2013\u2014\u2026\u00ab\u00bb"
_WITHOUT_SPACES = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "HALFWIDTH", "FULLWIDTH", "THAI")


def _is_text(text: str) -> bool:
    """Tell whether somebody may have written this: words of one script, capitals at their start."""
    padded = f" {text} "
    for found in re.finditer(r"[^\x00-\x7f]", padded):
        mark, before, after = found.group(), padded[found.start() - 1], padded[found.end()]
        kind = unicodedata.category(mark)
        if kind in ("Cc", "Cn", "Co", "Cs") or (kind == "Lu" and before.islower()):
            return False
        beside = {_script(each) for each in (before, after) if each.isalpha()}
        if not mark.isalpha():
            inside = before.isalpha() and after.isalpha() and not beside & {*_WITHOUT_SPACES}
            if inside and mark not in _BETWEEN and kind[0] != "M":
                return False
        elif _script(mark) in _WITHOUT_SPACES:
            if before.isascii() and after.isascii() and before.isalpha() and after.isalpha():
                return False
        elif beside - {_script(mark), *_WITHOUT_SPACES}:
            return False
    return True


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
