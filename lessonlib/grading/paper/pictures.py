"""Pictures out of a submission, as addresses that a page can show: of bounded size, and inert."""

import base64
import binascii
import re
import struct
import xml.etree.ElementTree as ET

MOST_BYTES = 3_000_000
MOST_DOTS = 30_000_000  # a small file can say that it is huge, and the browser would draw it
MOST_ELEMENTS = 30_000
_KINDS = {b"\x89PNG\r\n\x1a\n": "png", b"GIF8": "gif", b"\xff\xd8\xff": "jpeg"}
_DATA = re.compile(r"\s*data:image/(?:png|gif|jpe?g);base64,", re.IGNORECASE)

# What a drawing may hold: nothing that grows when it is drawn. It is shown as a picture, in which
# no script runs and nothing is loaded.
_DRAWN = {
    *("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text"),
    *("tspan", "defs", "use", "clipPath", "style", "title", "desc", "metadata", "stop"),
    *("linearGradient", "radialGradient", "symbol"),
}
_SVG = "{http://www.w3.org/2000/svg}"


def embedded(address: str) -> str:
    """Return a ``data:`` address of a picture as it may be shown; nothing if it may not."""
    found = _DATA.match(address[:100])
    return picture(address[found.end() :]) if found else ""


def picture(encoded: str) -> str:
    """Return the address of a picture in base64, whatever it says it is; nothing if it is none."""
    if len(encoded) > MOST_BYTES * 4 // 3:
        return ""
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
        kind = next((name for start, name in _KINDS.items() if data.startswith(start)), "")
        width, height = _SIZES[kind](data)
    except (KeyError, ValueError, TypeError, struct.error, binascii.Error):
        return ""
    small = 0 < width * height <= MOST_DOTS
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}" if small else ""


def drawing(text: str) -> str:
    """Return the address of an SVG picture; nothing if it holds what should not be drawn."""
    if len(text) > MOST_BYTES or re.search(r"<!ENTITY|<!DOCTYPE[^>]*\[|<\?xml-style", text):
        return ""
    try:
        root = ET.fromstring(text)
    except (ET.ParseError, ValueError, RecursionError):
        return ""
    elements = list(root.iter())
    own = [each for each in elements if str(each.tag).startswith(_SVG)]
    if root.tag != f"{_SVG}svg" or len(elements) > MOST_ELEMENTS:
        return ""
    if not {each.tag.removeprefix(_SVG) for each in own} <= _DRAWN:
        return ""
    # What is used over and over uses nothing itself.
    aims = {value.lstrip("#") for each in own for name, value in each.items() if "href" in name}
    if any(each.get("id") in aims and each.find(f".//{_SVG}use") is not None for each in own):
        return ""
    if any(each.tag == f"{_SVG}use" and each.get("id") in aims for each in own):
        return ""
    return f"data:image/svg+xml;base64,{base64.b64encode(text.encode('utf-8', 'replace')).decode()}"


def _size_of_jpeg(data: bytes) -> tuple[int, int]:
    place = 2
    while True:
        mark, kind, length = struct.unpack_from(">BBH", data, place)
        if mark != 0xFF:
            raise ValueError(mark)
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            return struct.unpack_from(">HH", data, place + 5)
        place += 2 + length


_SIZES = {
    "png": lambda data: struct.unpack_from(">II", data, 16),
    "gif": lambda data: struct.unpack_from("<HH", data, 6),
    "jpeg": _size_of_jpeg,
}
