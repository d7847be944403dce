"""Draw the picture world: scenes, patches, samples with their patches, and who may look at whom."""

from collections import defaultdict
from collections.abc import Sequence
from html import escape
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from lessonlib.samples import START, Sample
from lessonlib.samples.pictures import patch
from lessonlib.views.drawing import INK, Picture, moved, path, rect, svg, text
from lessonlib.views.figures import colour_of
from lessonlib.views.strips import strip
from lessonlib.views.tables import WORDS
from lessonlib.worlds.scenes import GRID, PATCH, Scene, Thing, draw
from lessonlib.worlds.sounds import Note, play, spectrogram, to_patches

PIXEL, GAP, MARGIN, CELL = 7, 8, 12, 9
LOOKS_NOT = "#e6e9ec"
SQUARE = f"h{CELL - 1}v{CELL - 1}h{1 - CELL}z"

Pixels = NDArray[np.uint8]


def show_scenes(*scenes: Scene) -> Picture:
    """Draw scenes side by side; the alt text names everything on them."""
    side, drawn, seen = 24 * PIXEL, [], []
    for number, scene in enumerate(scenes):
        left = MARGIN + number * (side + 2 * MARGIN)
        drawn.append(moved(_paint(draw(scene), PIXEL), left, MARGIN))
        seen.append(WORDS("scenes.picture", number=number + 1, seen=in_words(scene)))
    size = (len(scenes) * (side + 2 * MARGIN), side + 2 * MARGIN)
    return Picture(svg(*size, *drawn), " ".join(seen), as_it_is=True)


def show_pictures(pictures: Sequence[Pixels], titles: Sequence[str], alt: str) -> Picture:
    """Draw pictures, arrays of shape (height, width, 3), side by side, each below its title."""
    drawn, left = [], MARGIN
    for picture, title in zip(pictures, titles, strict=True):
        painted = moved(_paint(picture, PIXEL), left, MARGIN + 18)
        drawn += [text(left, MARGIN + 8, title), painted]
        left += max(picture.shape[1] * PIXEL, 7 * len(title)) + 2 * MARGIN
    height = max(picture.shape[0] for picture in pictures) * PIXEL
    return Picture(svg(left - MARGIN, height + 2 * MARGIN + 18, *drawn), alt, as_it_is=True)


def show_sound(melody: Sequence[Note]) -> Picture:
    """Draw the spectrogram of a melody, cut into patches: time runs to the right, pitch upwards."""
    heard = spectrogram(play(melody))[::-1]
    grey = np.rint(255 * (1 - np.clip(heard, 0, 1))).astype(np.uint8)
    slices = np.split(np.repeat(grey[:, :, None], 3, axis=2), len(to_patches(heard)), axis=1)
    notes = (WORDS("scenes.note", height=note.height, voice=note.voice) for note in melody)
    alt = WORDS("scenes.spectrogram", notes=WORDS("scenes.then").join(notes), slices=len(slices))
    return show_pictures(slices, [*map(str, range(len(slices)))], alt)


def show_patches(scene: Scene) -> Picture:
    """Draw a scene cut into its numbered patches."""
    picture, side, drawn = draw(scene), PATCH * PIXEL, []
    for k in range(GRID**2):
        row, column = divmod(k, GRID)
        x, y = MARGIN + column * (side + GAP), MARGIN + row * (side + GAP + 10)
        painted = moved(_paint(_patch(picture, k), PIXEL), x, y)
        drawn += [painted, text(x + side / 2, y + side + 11, str(k), "middle", 11)]
    width = 2 * MARGIN + GRID * (side + GAP) - GAP
    whole = svg(width, 2 * MARGIN + GRID * (side + GAP + 10), *drawn)
    alt = WORDS("scenes.patches", seen=in_words(scene), grid=GRID, last=GRID**2 - 1)
    return Picture(whole, alt, as_it_is=True)


def in_words(scene: Scene) -> str:
    """Say what stands where in a scene."""

    def said(thing: Thing) -> str:
        key = "scenes.thing_inside" if thing.inner else "scenes.thing"
        return WORDS(key, colour=thing.colour, shape=thing.shape, place=thing.place)

    return ", ".join(map(said, sorted(scene.things, key=lambda thing: (thing.place, thing.inner))))


def picture_strip(sample: Sample, picture: Pixels) -> str:
    """Draw a sample about a picture as HTML, with a small image of each patch over its name."""
    patches = {patch(k): k for k in range(GRID**2)}

    def decorated(token: str) -> str:
        if token not in patches:
            return escape(token)
        return (
            f'<svg width="26" height="26" viewBox="-1 -1 26 26" aria-hidden="true" '
            f'style="display:block;margin:auto">{_paint(_patch(picture, patches[token]), 4)}</svg>'
            f'<span class="lesson-patch">{token}</span>'
        )

    # The picture on one line, its caption on the next.
    return strip(sample, columns=GRID**2, decorate=decorated)


def looks_picture(sample: Sample) -> Picture:
    """Draw who may look at whom in a sample about a picture: rows look, columns are looked at."""
    mask, looks = sample.attention_mask, colour_of(sample.objective)
    total, size = len(mask), sample.inputs.index(START)
    if sample.attention[0] == "apart":
        size += 1  # the picture has a start token of its own
    left, top = 84, 46
    squares = [
        path("".join(f"M{left + CELL * x} {top + CELL * y}{SQUARE}" for y, x in pairs), fill=fill)
        for pairs, fill in ((np.argwhere(mask), looks), (np.argwhere(~mask), LOOKS_NOT))
    ]
    picture, caption = CELL * size / 2, CELL * (size + total) / 2
    names = [
        text(left + picture, top - 8, WORDS("looks.picture"), "middle", 12),
        text(left + caption, top - 8, WORDS("looks.caption"), "middle", 12),
        text(left - 8, top + picture, WORDS("looks.picture"), "end", 12),
        text(left - 8, top + caption, WORDS("looks.caption"), "end", 12),
        text(left, 16, WORDS("looks.key"), size=12),
    ]
    across, down = left + CELL * size - 0.5, top + CELL * size - 0.5
    lines = f"M{across} {top} v{CELL * total} M{left} {down} h{CELL * total}"
    border = path(lines, stroke=INK, stroke_width=1.5)
    width = max(left + CELL * total + MARGIN, 320)
    whole = svg(width, top + CELL * total + MARGIN, *squares, *names, border)
    return Picture(whole, _looks_in_words(mask, size))


def _looks_in_words(mask: NDArray[np.bool_], size: int) -> str:
    parts, seen = {"picture": slice(size), "caption": slice(size, None)}, {}
    for who, looking in parts.items():
        for whom, looked_at in parts.items():
            block = mask[looking, looked_at]
            how = "all" if block.all() else "past" if block.any() else "none"
            seen[f"{who}_{whom}"] = WORDS(f"looks.{how}_{whom}")
    return WORDS("looks.alt", **seen)


def _patch(picture: Pixels, k: int) -> Pixels:
    top, left = PATCH * (k // GRID), PATCH * (k % GRID)
    return picture[top : top + PATCH, left : left + PATCH]


def _paint(picture: Pixels, pixel: int) -> str:
    """Draw pixels on a white ground: each colour in one stroke, run by run of equal ones."""
    height, width = picture.shape[:2]
    strokes: dict[tuple[int, ...], str] = defaultdict(str)
    for y, row in enumerate(picture.tolist()):
        x = 0
        for colour, run in groupby(map(tuple, row)):
            length = len(list(run))
            across = length * pixel
            strokes[colour] += f"M{x * pixel} {y * pixel}h{across}v{pixel}h-{across}z"
            x += length
    size = (width * pixel + 1, height * pixel + 1)
    ground = rect(-0.5, -0.5, *size, fill="#fff", stroke="#8c959f")
    white = (255, 255, 255)
    fills = {colour: f"#{bytes(colour).hex()}" for colour in strokes if colour != white}
    painted = [path(strokes[colour], fill=fill) for colour, fill in fills.items()]
    return f'<g shape-rendering="crispEdges">{ground}{"".join(painted)}</g>'
