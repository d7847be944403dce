"""Draw the picture world: scenes, patches, samples with their patches, and who may look at whom."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from lessonlib.samples import START, Sample
from lessonlib.samples.pictures import patch
from lessonlib.views.figures import Picture, svg
from lessonlib.views.strips import BOXED, strip
from lessonlib.worlds.scenes import GRID, PATCH, Scene, draw
from lessonlib.worlds.sounds import Note, play, spectrogram, to_patches

PIXEL, GAP, MARGIN = 7, 8, 12
CELL = 9

Pixels = NDArray[np.uint8]


def show_scenes(*scenes: Scene) -> Picture:
    """Draw scenes side by side.

    Parameters
    ----------
    *scenes : Scene
        At least one.

    Returns
    -------
    Picture
        Its alt text names everything on it.
    """
    side = 24 * PIXEL
    drawn = "".join(
        _moved(_paint(draw(scene), PIXEL), MARGIN + number * (side + 2 * MARGIN), MARGIN)
        for number, scene in enumerate(scenes)
    )
    width = len(scenes) * (side + 2 * MARGIN)
    seen = ". ".join(f"Picture {k}: {in_words(scene)}" for k, scene in enumerate(scenes, 1))
    return Picture(svg(width, side + 2 * MARGIN, drawn), f"{seen}.", as_it_is=True)


def show_pictures(pictures: Sequence[Pixels], titles: Sequence[str], alt: str) -> Picture:
    """Draw pictures side by side, each below its title.

    Parameters
    ----------
    pictures : sequence of ndarray of uint8, shape (height, width, 3)
    titles : sequence of str
        One for each.
    alt : str
        What is to be seen.

    Returns
    -------
    Picture
    """
    drawn, left = [], MARGIN
    for picture, title in zip(pictures, titles, strict=True):
        drawn.append(f'<text x="{left}" y="{MARGIN + 8}" font-size="13">{escape(title)}</text>')
        drawn.append(_moved(_paint(picture, PIXEL), left, MARGIN + 18))
        left += max(picture.shape[1] * PIXEL, 7 * len(title)) + 2 * MARGIN
    height = max(picture.shape[0] for picture in pictures) * PIXEL
    whole = svg(left - MARGIN, height + 2 * MARGIN + 18, "".join(drawn))
    return Picture(whole, alt, as_it_is=True)


def show_sound(melody: Sequence[Note]) -> Picture:
    """Draw the spectrogram of a melody, cut into its patches.

    Parameters
    ----------
    melody : sequence of Note

    Returns
    -------
    Picture
        Time from left to right, pitch from bottom to top; dark is strong.
    """
    heard = spectrogram(play(melody))[::-1]
    grey = np.rint(255 * (1 - np.clip(heard, 0, 1))).astype(np.uint8)
    picture = np.repeat(grey[:, :, None], 3, axis=2)
    slices = np.split(picture, len(to_patches(heard)), axis=1)
    notes = ", then ".join(f"a {note.height} {note.voice}" for note in melody)
    return show_pictures(
        slices,
        [str(k) for k in range(len(slices))],
        f"Spectrogram of {notes}, cut into {len(slices)} slices of time.",
    )


def show_patches(scene: Scene) -> Picture:
    """Draw a scene cut into its numbered patches.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    Picture
    """
    alt = (
        f"{in_words(scene)}, cut into {GRID} rows of {GRID} patches, "
        f"numbered row by row from 0 to {GRID**2 - 1}."
    )
    return Picture(_patches_svg(draw(scene)), alt, as_it_is=True)


def in_words(scene: Scene) -> str:
    """Say what stands where in a scene."""
    return ", ".join(
        f"a {thing.colour} {thing.shape} {'inside it, ' if thing.inner else ''}at the {thing.place}"
        for thing in sorted(scene.things, key=lambda thing: (thing.place, thing.inner))
    )


def picture_strip(sample: Sample, picture: Pixels) -> str:
    """Draw a sample about a picture as HTML, with a small image of each patch over its name.

    Parameters
    ----------
    sample : Sample
        A sample of an objective on pictures.
    picture : ndarray of uint8, shape (24, 24, 3)
        What its patches show.

    Returns
    -------
    str
    """
    drawn = strip(sample, columns=GRID**2)  # the picture on one line, its caption on the next
    for k in range(GRID**2):
        icon = (
            f'<svg width="26" height="26" viewBox="-1 -1 26 26" aria-hidden="true" '
            f'style="display:block;margin:auto">{_paint(_patch(picture, k), 4)}</svg>'
        )
        for before in (f'<td class="read"{BOXED}>', "<strong>"):
            name = f'<span class="lesson-patch">{patch(k)}</span>'
            drawn = drawn.replace(f"{before}{patch(k)}<", f"{before}{icon}{name}<")
    return drawn


def looks_picture(sample: Sample) -> Picture:
    """Draw who may look at whom in a sample about a picture, one small square for each pair.

    Parameters
    ----------
    sample : Sample
        A sample of an objective on pictures.

    Returns
    -------
    Picture
        Rows look, columns are looked at; a filled square means may look.
    """
    mask = sample.attention_mask
    size, total = sample.inputs.index(START), len(mask)
    if sample.attention[0] == "apart":
        size += 1  # the picture has a start token of its own
    left, top = 84, 46
    squares = [
        f'<rect x="{left + CELL * x}" y="{top + CELL * y}" width="{CELL - 1}" height="{CELL - 1}" '
        f'fill="{"#0068a3" if may else "#e6e9ec"}"/>'
        for (y, x), may in np.ndenumerate(mask)
    ]
    middle_picture, middle_words = CELL * size / 2, CELL * (size + total) / 2
    names = [
        (left + middle_picture, top - 8, "picture", "middle"),
        (left + middle_words, top - 8, "caption", "middle"),
        (left - 8, top + middle_picture, "picture", "end"),
        (left - 8, top + middle_words, "caption", "end"),
        (left, 16, "filled: the row may look at the column", "start"),
    ]
    text = "".join(
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="12" fill="#1f2328">{name}</text>'
        for x, y, name, anchor in names
    )
    border = left + CELL * size - 0.5
    line = (
        f'<path d="M{border} {top} v{CELL * total} '
        f'M{left} {top + CELL * size - 0.5} h{CELL * total}" '
        f'stroke="#1f2328" stroke-width="1.5"/>'
    )
    width = max(left + CELL * total + MARGIN, 320)
    return Picture(
        svg(width, top + CELL * total + MARGIN, "".join(squares) + text + line),
        f"Who may look at whom. {_looks_in_words(mask, size)}",
    )


def _looks_in_words(mask: NDArray[np.bool_], size: int) -> str:
    def how(block: NDArray[np.bool_]) -> str:
        return "all of" if block.all() else "none of" if not block.any() else "the past of"

    picture, words = slice(size), slice(size, None)
    return (
        f"The picture sees {how(mask[picture, picture])} the picture and "
        f"{how(mask[picture, words])} the caption; the caption sees {how(mask[words, picture])} "
        f"the picture and {how(mask[words, words])} the caption."
    )


def _patches_svg(picture: Pixels) -> str:
    side = PATCH * PIXEL
    parts = []
    for k in range(GRID**2):
        row, column = divmod(k, GRID)
        x, y = MARGIN + column * (side + GAP), MARGIN + row * (side + GAP + 10)
        parts.append(_moved(_paint(_patch(picture, k), PIXEL), x, y))
        parts.append(
            f'<text x="{x + side / 2}" y="{y + side + 11}" text-anchor="middle" font-size="11" '
            f'fill="#1f2328">{k}</text>'
        )
    width = 2 * MARGIN + GRID * (side + GAP) - GAP
    return svg(width, 2 * MARGIN + GRID * (side + GAP + 10), "".join(parts))


def _patch(picture: Pixels, k: int) -> Pixels:
    top, left = PATCH * (k // GRID), PATCH * (k % GRID)
    return picture[top : top + PATCH, left : left + PATCH]


def _paint(picture: Pixels, pixel: int) -> str:
    """Draw pixels as rectangles, one for each run of equal ones in a row, on a white ground."""
    height, width = picture.shape[:2]
    parts = [
        f'<rect x="-.5" y="-.5" width="{width * pixel + 1}" height="{height * pixel + 1}" '
        f'fill="#fff" stroke="#8c959f"/>'
    ]
    for y, row in enumerate(picture.tolist()):
        x = 0
        for colour, run in groupby(map(tuple, row)):
            length = len(list(run))
            if colour != (255, 255, 255):
                parts.append(
                    f'<rect x="{x * pixel}" y="{y * pixel}" width="{length * pixel}" '
                    f'height="{pixel}" fill="#{"".join(f"{part:02x}" for part in colour)}"/>'
                )
            x += length
    return f'<g shape-rendering="crispEdges">{"".join(parts)}</g>'


def _moved(drawn: str, x: float, y: float) -> str:
    return f'<g transform="translate({x} {y})">{drawn}</g>'
