"""Small bar charts that say their numbers in words."""

from collections.abc import Sequence
from html import escape

from lessonlib.views.figures import COLOURS, Picture, svg

HEIGHT, BAR, GAP = 130, 30, 6


def bars(values: Sequence[float], labels: Sequence[str], alt: str, unit: str = "%") -> str:
    """Draw one bar for each value, with the value written above it.

    Parameters
    ----------
    values : sequence of float
        At least one, none negative.
    labels : sequence of str
        What stands below each bar.
    alt : str
        What is to be seen, in words.
    unit : str
        Written behind each value.

    Returns
    -------
    str
        An ``<img>`` element with the alt text, which reads without scripts and styles, too.
    """
    top = max(max(values), 1e-9)
    width = len(values) * (BAR + GAP) + GAP
    drawn, colour = [], COLOURS["encoder-decoder"]
    for index, (value, label) in enumerate(zip(values, labels, strict=True)):
        x, height = GAP + index * (BAR + GAP), 86 * value / top
        y = HEIGHT - 22 - height
        middle = f'x="{x + BAR / 2}" text-anchor="middle" font-size="11" fill="#1f2328"'
        drawn.append(
            f'<rect x="{x}" y="{y:.1f}" width="{BAR}" height="{height:.1f}" fill="{colour}"/>'
            f'<text y="{y - 4:.1f}" {middle}>{value:.0f}{escape(unit)}</text>'
            f'<text y="{HEIGHT - 8}" {middle}>{escape(label)}</text>'
        )
    return Picture(svg(width, HEIGHT, "".join(drawn)), alt)._repr_html_()
