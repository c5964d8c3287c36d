"""The colors of all pictures: one table of named colors, and the maps from numbers to colors.

The names are those of quantities: a quantity has the same color in every notebook. The hues are those of
Okabe & Ito (2008, "Color Universal Design"), a little darker or lighter where they would be too faint on
white or on near-black paper. Color is never the only cue: a label, a dash, a hatch or a shape goes with it.
"""

from __future__ import annotations

import functools
import re

import numpy as np
import numpy.typing as npt

# Name: (on light paper, on dark paper). The CSS variables --cu-<name> are made from this table.
TOKENS: dict[str, tuple[str, str]] = {
    "logits": ("#0072b2", "#4fb0ea"),
    "probabilities": ("#d55e00", "#ff8c42"),
    "target": ("#008f6b", "#2fc79a"),
    "temperature": ("#b0508a", "#e49ac6"),
    "exponentials": ("#3b94c9", "#86cdf5"),
    "loss": ("#8f5a00", "#f0b23e"),
    "gradient": ("#6a51a3", "#b49df0"),
    "ink": ("#1f2328", "#e6e8eb"),
    "muted": ("#646b73", "#a0a6ad"),
    "axis": ("#a9afb6", "#5b626a"),
    "faint": ("#e2e5e9", "#34393f"),  # lines that may be overlooked
    "paper": ("#ffffff", "#111417"),
    "accent": ("#0072b2", "#4fb0ea"),
    "class0": ("#b87400", "#f0b23e"),
    "class1": ("#3b94c9", "#86cdf5"),
    "class2": ("#8f7a00", "#e3d55b"),
    "class3": ("#008f6b", "#2fc79a"),
    "layer1": ("#1f2328", "#e6e8eb"),
    "layer2": ("#0072b2", "#4fb0ea"),
    "layer3": ("#d55e00", "#ff8c42"),
    "layer4": ("#008f6b", "#2fc79a"),
    "right": ("#1b7f4b", "#5fd08a"),
    "wrong": ("#b3261e", "#ff7b72"),
    # Fills of neighboring areas: boundaries, marks and words stay readable on them. The first three are the
    # areas of class0, class1 and class3: their hues change together.
    "tint0": ("#f9e3b4", "#4d3c14"),
    "tint1": ("#cfe7f7", "#1d3a4d"),
    "tint2": ("#bfe5d8", "#17433a"),
    "tint3": ("#f6f2bf", "#45411a"),
    "tint4": ("#f0d3e2", "#4a2a3d"),
    "tint5": ("#e3e5e8", "#33383d"),
}

# Colors at even steps; those between are interpolated (off by what nobody sees). The first two are
# Matplotlib's maps of these names, perceptually uniform; the third marks its middle by white.
_ANCHORS = {
    "viridis": "440154 481769 472a7a 433d84 3d4e8a 355e8d 2e6d8e 297b8e 23898e 1f978b 21a585 2eb37c 46c06f "
    "65cb5e 89d548 b0dd2f d8e219 fde725",
    "cividis": "00224e 002d68 163770 2e416d 3f4c6c 4e566c 5c616e 696b71 767676 838179 928c78 a09875 afa471 "
    "bfb06b cfbd62 dfca57 f0d846 fee838",
    "diverging": "00426e 005a91 1f76ae 4b93c3 77afd5 a2c9e4 cbe0f0 eaf2f8 ffffff fbeee4 f6d6bf eeb48c e5925c "
    "da7030 c75608 a94400 8a3500",
    "gray": "ffffff f4f4f4 e9e9e9 dedede d2d2d2 c6c6c6 bababa aeaeae a2a2a2 959595 888888 7b7b7b 6d6d6d "
    "5f5f5f 505050 414141 303030 1c1c1c",
}
COLORMAPS = tuple(_ANCHORS)
_LITERAL = re.compile(r"#[0-9a-f]{6}")


def checked(color: str) -> str:
    """Return a color as the protocol writes it: a name of the table, or ``#rrggbb``.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> checked("logits"), checked("#0072B2")
    ('logits', '#0072b2')
    >>> checked("salmon")
    Traceback (most recent call last):
        ...
    ValueError: 'salmon' is no color here: use a name such as 'logits' or 'ink' (colors.TOKENS), or '#rrggbb'
    """
    if color in TOKENS:
        return color
    if isinstance(color, str) and _LITERAL.fullmatch(color.lower()):
        return color.lower()
    raise ValueError(
        f"{color!r} is no color here: use a name such as 'logits' or 'ink' (colors.TOKENS), or '#rrggbb'"
    )


def hex_of(color: str, dark: bool = False) -> str:
    """Return ``#rrggbb`` for a checked color, on light or dark paper.

    Examples
    --------
    >>> hex_of("logits"), hex_of("logits", dark=True), hex_of("#123456")
    ('#0072b2', '#4fb0ea', '#123456')
    """
    return TOKENS[color][dark] if color in TOKENS else color


def on_paper(color: str) -> str:
    """Return the name of a color that was taken from light paper: words stand on the reader's own.

    A line on an image or on areas with the colors of a map is as dark on dark paper; its label is not.

    Examples
    --------
    >>> on_paper(hex_of("ink")), on_paper("logits"), on_paper("#123456")
    ('ink', 'logits', '#123456')
    """
    return next((name for name, (light, _) in TOKENS.items() if light == color), color)


@functools.cache
def colormap(name: str) -> npt.NDArray[np.uint8]:
    """Return a map's 256 colors.

    Parameters
    ----------
    name : {"viridis", "cividis", "diverging", "gray"}

    Returns
    -------
    ndarray of uint8, shape (256, 3)

    Raises
    ------
    ValueError
        For another name.

    Examples
    --------
    >>> colormap("viridis")[[0, 255]].tolist()
    [[68, 1, 84], [253, 231, 37]]
    """
    if name not in _ANCHORS:
        raise ValueError(f"{name!r} is no color map here: choose one of {', '.join(COLORMAPS)}")
    anchors = np.array([list(bytes.fromhex(color)) for color in _ANCHORS[name].split()], dtype=float)
    places = np.linspace(0, 255, len(anchors))
    table = np.stack([np.interp(np.arange(256), places, channel) for channel in anchors.T], axis=1)
    rounded = np.round(table).astype(np.uint8)
    rounded.flags.writeable = False
    return rounded


def color_indices(
    values: npt.ArrayLike, low: float, high: float, missing: bool = False
) -> npt.NDArray[np.uint8]:
    """Return where numbers lie in a color map: 0 at `low` and below, 255 at `high` and above.

    With `missing`, 255 is kept for what is not a number, and `high` is 254.

    Examples
    --------
    >>> color_indices([-1, 0, 0.5, 2], 0, 1).tolist(), color_indices([1, np.nan], 0, 1, missing=True).tolist()
    ([0, 0, 128, 255], [254, 255])
    """
    numbers = np.asarray(values, dtype=float)
    top = 254 if missing else 255
    scaled = np.clip((numbers - low) * (top / (high - low)) + 0.5, 0, top)
    if missing:
        scaled = np.where(np.isnan(scaled), 255, scaled)
    indices: npt.NDArray[np.uint8] = scaled.astype(np.uint8)
    return indices
