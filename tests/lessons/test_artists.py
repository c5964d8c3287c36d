"""What the sweeps lean on: numbers in sentences and in Plotly must be those a reader can look up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from artists import number_problems, plotly_problems
from matplotlib.figure import Figure

from course_utils.teaching import Picture, Table


def test_a_number_does_not_count_as_known_because_some_pixel_has_it() -> None:
    image = np.linspace(0, 1, 10_000).reshape(100, 100)
    table = Table("Two numbers", {"": ["a", "b"], "p": np.array([0.25, 0.75])})
    for value, problems in ((0.25, 0), (0.31, 1)):
        picture = Picture(Figure(), f"It is {value}.", table, {"image": image})
        assert len(number_problems(picture, {})) == problems


def plotted(**trace: Any) -> Picture:
    def build() -> dict[str, Any]:
        return {"data": [{"type": "scatter", "name": "t | p", "x": [0, 1], **trace}], "layout": {}}

    return Picture(Figure(), "It rises.", Table("Two", {"t": [0, 1], "p": [0.25, 0.75]}), plotly=build)


def test_what_plotly_shows_is_compared_with_the_data() -> None:
    assert plotly_problems(plotted(y=[0.25, 0.75])) == []
    assert plotly_problems(plotted(y=[0.25, 0.7500001])) == [
        "trace 't | p' does not show 'p' as it is in the data"
    ]
    assert plotly_problems(plotted(y=[0.25, 0.75], name="q")) == ["trace 'q' is not named after its data"]
    with pytest.raises(ValueError, match="heigth"):
        plotly_problems(plotted(heigth=[0.25, 0.75]))
