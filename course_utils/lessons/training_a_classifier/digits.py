"""Section "Ten digits and one loss"."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from course_utils.teaching import Picture, Question, Table, look


@look.applied
def show_digits(images: npt.ArrayLike, titles: list[str], said: str) -> Picture:
    """Show digits in rows of ten, each under its title.

    Parameters
    ----------
    images : array_like, shape (n, 8, 8) or (n, 64)
    titles : list of str
        One or two words for each image.
    said : str
        One sentence: which images these are.
    """
    pixels = np.asarray(images, dtype=float).reshape(-1, 8, 8)
    rows = -(-len(pixels) // 10)
    figure, panels = look.panels(
        10, rows, height=96 * rows, left=12, right=12, gap=12, top=30, bottom=8, row_gap=40
    )
    for axes in panels[len(pixels) :]:
        axes.remove()
    for i, (axes, image, title) in enumerate(zip(panels, pixels, titles, strict=False)):
        axes.imshow(image, cmap="gray_r", vmin=0, vmax=pixels.max(), gid=f"image {i}")
        axes.set_title(title)
        axes.set_axis_off()
    return Picture(
        figure,
        said,
        Table("The images", {"image": np.arange(len(pixels)), "title": titles}),
        {f"image {i}": image for i, image in enumerate(pixels)},
    )


start_question = Question(
    "Before training, a network with small random weights gets a digit to look at. Its ten logits are nearly 0. "
    "What is its loss, about?",
    ["0", "0.1", "ln 10, about 2.3", "10"],
    "C",
    [
        "that an untrained network makes no mistakes because it makes no claims. It does claim something: one tenth for each digit.",
        "of the probability of the right digit, which is about one tenth. The loss is minus its *logarithm*.",
        "Equal logits give each digit the probability one tenth, and −ln(1/10) = ln 10. "
        "A first loss far from this number says that the weights or the code are wrong.",
        "of the number of classes. The loss is the logarithm of that number.",
    ],
)
