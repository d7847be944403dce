"""What can be read of a drawing: where its words are, and whether they have room."""

from collections.abc import Iterator
from xml.etree import ElementTree

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from lessonlib.views import Picture

LINE = 10  # pixels: words that are nearer to each other are on one line


def boxes(picture: Picture) -> Iterator[tuple[float, float, float, str]]:
    """Yield left, right, top and words of every text that is not turned, in a wide font."""
    for text in ElementTree.fromstring(picture.svg).iter("{http://www.w3.org/2000/svg}text"):
        if text.get("transform"):
            continue
        weight = "bold" if int(text.get("font-weight", 400)) > 500 else "normal"
        size = float(text.get("font-size"))
        font = FontProperties(family="DejaVu Sans", weight=weight, size=size)
        width = TextPath((0, 0), text.text, prop=font).get_extents().width
        share = {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor", "start")]
        x = float(text.get("x")) - share * width
        yield x, x + width, float(text.get("y")), text.text


def assert_nothing_is_cut_off_or_overlaps(picture: Picture) -> None:
    """Fail with the words that are cut off, or that run into others."""
    drawing = ElementTree.fromstring(picture.svg)
    wide, high = float(drawing.get("width")), float(drawing.get("height"))
    found = list(boxes(picture))
    assert found
    for number, (left, right, top, words) in enumerate(found):
        assert left >= 0, words
        assert right <= wide, words
        assert 0 < top < high, words
        for other_left, other_right, other_top, other in found[:number]:
            if abs(other_top - top) < LINE:
                assert right <= other_left or other_right <= left, (words, other)
