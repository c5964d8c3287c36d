"""Mutation score: which of some small faults, planted one at a time, does the suite catch?

``python tests/benchmarks/mutation.py numerics --sample 40 --seed 1`` draws 40 places in
``course_utils/numerics`` (or in a folder or file below) and plants at each a fault of Cosmic Ray's (``pip
install cosmic-ray``): another operator, another number, a condition turned round, a decorator gone; never
another text, and neither the seed of a draw, nor what a cache keeps, nor that lengths are asserted, nor
which numbers an exercise is tried on: test_checks holds them to the label of their check, test_inputs to the
edges and ends of the contract. Each runs against the tests that concern its file, up to the first failure.
What survives is printed as a diff, and is either equivalent, and then stands below with the reason, or lacks
a test.

The score is a bound from below: what is built upon the file is asked one step far, and mostly in its area
only, and a test that fails, or hangs, catches a fault only if it does not fail without it.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cosmic_ray.ast import get_ast
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).resolve().parents[2]
AREAS = ("numerics", "lessons", "teaching", "classroom", "publish")
ENOUGH = 0.95
HANGS = 900  # seconds; a fault that makes a loop endless is caught
SLOWER = 8  # times as long as without a fault is hanging, unless it then takes as long without one again
SWEEPS = (
    "checks",
    "demos",
    "derivations",
    "exercises",
    "inputs",
    "labels",
    "mistakes",
    "points_on_curves",
    "presets",
    "questions",
    "solutions",
    "stored_pictures",
)  # of a lesson
EVERYWHERE = ("tests/test_project.py", "-k", "dataclass")  # what holds the code of every area
DIAGNOSED = ("tests/lessons/test_exercises.py", "-k", "told")  # what is said of wrong functions, by hand
WHOLE = ("claims", "contracts")  # of all lessons, and quick
IN_SPHINX = Path("course_utils/publish/site/conf.py")  # no module imports it

# Any other is as good: the seed of a draw, how many bits are drawn, how much a cache keeps (what it forgot is
# computed anew), how far JSON is indented, to whom a warning is ascribed, how much is read at a time; and its
# neighbor for a size by which the judge of formulas gives up, for the longest wait, for how much is sent, for
# the bits of a sorted position, and for the pixels by which a word is moved. In a shape, any negative number
# is the length that is left.
ANY = re.compile(
    r"(?<=default_rng\()\s*\d+\s*(?=\))|(?<=lru_cache\(maxsize=)\s*[\d_]+\s*(?=\))"
    r"|(?<=lru_cache\()\s*[\d_]+\s*(?=\))|(?<=\bRandom\()\s*\d+\s*(?=\))|(?<=randbits\()\s*\d+\s*(?=\))"
    r"|(?<=\bindent=)\s*\d+|(?<=\bstacklevel=)\s*\d+"
    r"|(?<=receive\(min\(count, )\s*[12] << *(19|20|21)(?=\)\))|^LARGEST_FRAME = [12] << +\d+"
    r"|(?<=\bd[xy]=)\s*\d+\b|(?<=\bd[xy]=-)\s*\d+\b|(?<=\breshape\()(?:-\s*[12]|~1)\b"
    r"|^(LONGEST_DIFFERENCE|LARGEST_DIFFERENCE|LARGEST_TREE|MOST_TERMS|FARTHEST_EXPONENT) = [\d_.]+"
    r"|^(PATIENCE|LOADED|LARGEST_VALUE|TEXT|SOURCE|WORDS|_SORT_BITS) = [\d_.]+|^LARGEST_INTEGER = 10\*\* *\d+"
    r"|^MOST_TERMS_TO_FACTOR, MOST_BITS_TO_FACTOR = [\d, ]+",
    re.MULTILINE,
)
# So is a ``zip`` that asserts no length: where lengths differ, it is a fault elsewhere that this would show.
ASSERTED = re.compile(r"(?<=\bstrict=)(True|False)\b")
CACHE = re.compile(r"@(functools\.)?(lru_)?cache\b")

# Faults that change nothing one could see, as ``file: old line -> new line``, and why.
EQUIVALENT = {
    "course_utils/lessons/linear_regions/patterns.py: hit = np.zeros(2**bits, dtype=bool) -> "
    "hit = np.zeros( 3**bits, dtype=bool)": "room that is not used",
    "course_utils/lessons/training_a_classifier/rate_exercises.py: np.arange(min(steps + 3, 8)), -> "
    "np.arange(min(steps | 3, 8)),": "other steps, some of them past the end too",
    "course_utils/teaching/pictures/labels.py: return bool(((x > left - half) & (x < right + half) & "
    "(y > top - half) & (y < bottom + half)).any()) -> return bool(((x > left - half) * (x < right + half) & "
    "(y > top - half) & (y < bottom + half)).any())": "of truth values the product is the same",
    "course_utils/teaching/pictures/scene.py: "
    '[np.stack(c if not mark["horizontal"] else c[::-1], axis=-1) for c in corners], axis=1 -> '
    '[np.stack(c if not mark["horizontal"] else c[::-1], axis=+1) for c in corners], axis=1': "the last axis "
    "is the second",
    "course_utils/lessons/training_a_classifier/playground.py: weight=1.7, -> weight= 2.7,": "a map has its "
    "height's width either way",
    "course_utils/teaching/algebra/normal_form.py: "
    "if before == e or not any(kernel.is_Pow and not kernel.base.is_Symbol for kernel in meaning.values()): "
    "-> if before == e and not any(kernel.is_Pow and not kernel.base.is_Symbol for kernel in "
    "meaning.values()):": "another pass finds nothing",
    **{
        "course_utils/teaching/algebra/points.py: self.noise = self.mp.mpf(10) ** (20 - digits) -> "
        f"self.noise = self.mp.mpf(10) ** ( {spare} - digits)": "far from what is left, and from what is told"
        for spare in (19, 21)
    },
    "course_utils/lessons/activation_derivatives/dead.py: if gradient == 0 and active == 0: -> "
    "if gradient == 0 and active <= 0:": "a count is not negative",
    "course_utils/teaching/text.py: if rounded == 0: -> if rounded <= 0:": "a share is not negative there",
    'course_utils/teaching/text.py: return f"over {100 - least:g} %" if rounded == 100 else '
    'f"{rounded:.{decimals}f} %" -> return f"over {100 - least:g} %" if rounded >= 100 else '
    'f"{rounded:.{decimals}f} %"': "nor above all",
    **{
        'course_utils/teaching/text.py: words = " ".join(text[: 4 * LONGEST_REPORT].split()) -> '
        f'words = " ".join(text[: {times} * LONGEST_REPORT].split())': "far more than is shown"
        for times in (3, 5)
    },
    "course_utils/teaching/exercise/exercise.py: if total == 1: -> if total <= 1:": "an exercise has a check",
    "course_utils/teaching/exercise/listed.py: "
    "if about_error(one.got.error_text) != about_error(other.error_text): -> "
    "if about_error(one.got.error_text) is not about_error(other.error_text):": "each meaning is one text",
    "course_utils/teaching/exercise/judging.py: "
    'where = f" at index {index if index[1:] else index[0]}" if index else "" -> '
    'where = f" at index {index if index[1:] else index[ -1]}" if index else ""': "there is one only",
    "course_utils/teaching/algebra/judge.py: "
    'return bool(abs(getattr(value, "imag", 0)) > 1e-20 * (1 + abs(value))) -> '
    'return bool(abs(getattr(value, "imag", 0)) >= 1e-20 * (1 + abs(value)))': "no rounding is just that",
    **{
        f"course_utils/classroom/{file}: {line} -> {line.replace(old, new)}": why
        for file, line, old, news, why in (
            ("workers.py", "return 0", "0", ("1",), "asked is only whether it is below 0"),
            ("worker.py", "os._exit(0)", "0", (" 1", " -1"), "nor is more asked of this"),
            (
                "records.py",
                'return json.dumps({"version": VERSION, **asdict(self)}, ensure_ascii=False, indent=1)',
                "False",
                ("True",),
                "the same JSON",
            ),
            (
                "remote.py",
                "self._computed += self._worker.computed if self._worker else 0.0",
                "0.0",
                ("1.0",),
                "what does not start is not asked often",
            ),
            (
                "workers.py",
                "LOOK = 0.5  # seconds between two looks at a worker that owes an answer",
                "0.5",
                ("1.5",),
                "it is looked at later",
            ),
            ("workers.py", "call: float = 1.0", "1.0", ("2.0",), "far more than a right answer takes"),
            ("workers.py", "all_calls: float = 15.0", "15.0", ("14.0", "16.0"), "that, too"),
            ("workers.py", "memory: int = 3 << 29", "29", ("28", "30"), "and that"),
            ("workers.py", "memory: int = 3 << 29", "3", ("2", "4"), "and that"),
            (
                "workers.py",
                "text = self._control.recv(4096)",
                "4096",
                (" 4095", " 4097"),
                "more than there is",
            ),
            (
                "worker.py",
                "request, descriptors, _, _ = socket.recv_fds(control, 64, 1)",
                "64, 1",
                ("63, 1", "65, 1", "64, 2"),
                "more than there is",
            ),
            (
                "worker.py",
                'kinds = [f"{kind.__module__}.{kind.__qualname__}"[:100] '
                "for kind in type(error).__mro__[:8]]",
                "[:100]",
                ("[: 99]", "[: 101]"),
                "more than is shown",
            ),
            (
                "worker.py",
                'kinds = [f"{kind.__module__}.{kind.__qualname__}"[:100] '
                "for kind in type(error).__mro__[:8]]",
                "[:8]",
                ("[: 7]", "[: 9]"),
                "more than errors have",
            ),
            (
                "worker.py",
                "said = list(dict.fromkeys(str(one.message)[:TEXT] for one in caught))[:10]",
                "[:10]",
                ("[: 9]", "[: 11]"),
                "more than is shown",
            ),
            (
                "channel.py",
                'return stranger(kind.replace("\\0", "")[:60] or "object", written[:400])',
                "[:60]",
                ("[: 59]", "[: 61]"),
                "more than is shown",
            ),
            (
                "channel.py",
                'return stranger(kind.replace("\\0", "")[:60] or "object", written[:400])',
                "[:400]",
                ("[: 399]", "[: 401]"),
                "more than is shown",
            ),
            (
                "channel.py",
                "return value if abs(value) < 1 << 4096 else self.other(value)  "
                "# Python writes no longer ones",
                "< 1 << 4096",
                ("<= 1 << 4096", "< 2 << 4096", "< 1 << 4095", "< 1 << 4097"),
                "far more digits than a right answer has, far fewer than Python writes",
            ),
            (
                "report_pictures.py",
                "ROW, AROUND = 30, 54  # pixels: of a bar, and of title and axis",
                "30, 54",
                ("29, 54", "31, 54", "30, 53", "30, 55"),
                "by eye",
            ),
            (
                "report_pictures.py",
                'table = Table(title, {"": list(names), "share": shares, "count": list(counts)}, digits=3)',
                "digits=3",
                ("digits= 2", "digits= 4"),
                "by eye",
            ),
            ("report_text.py", "WIDTH = 100", "100", ("99", "101"), "by eye"),
            (
                "report_text.py",
                "if asked.right_first is None or asked.right_last is None:",
                " or ",
                (" and ",),
                "either both are told or none",
            ),
            (
                "places.py",
                "title = to_plain(section.title) if section.level <= 2 else title",
                "<=",
                ("==",),
                "nothing is asked above the first section",
            ),
            (
                "places.py",
                "return next((one for i, one in here if i > at), last)",
                ">",
                (">=",),
                "what is asked is no demo",
            ),
            (
                "summary.py",
                "safe = alone and all(count >= SMALLEST for count in moves.values()) and len(moves) > 1",
                "> 1",
                ("!= 1",),
                "somebody has answered",
            ),
            *(
                (file, line, "== 1", ("<= 1",), "none is empty")
                for file, line in (
                    ("summary.py", "alone = any(kind.right and len(kind.label) == 1 for kind in kinds)"),
                    ("summary.py", "if not kind.right and len(kind.label) == 1"),
                    ("shares.py", "if all(len(kind.label) == 1 for kind in asked.kinds)"),
                    ("own.py", "return bool(arrays) and all(len(set(some)) == 1 for some in arrays)"),
                )
            ),
            (
                "grading.py",
                "place = next(at for at, cell in enumerate(result) if cell is found[name])",
                "is",
                ("==",),
                "no two cells have one name",
            ),
            (
                "groups.py",
                "return sorted(groups, key=lambda group: (-group.count, order.index(group.names[0])))",
                "-",
                ("~",),
                "the order is the same",
            ),
            (
                "assignment.py",
                "cells.update(_graded(page, place, name, exercise, points, wish.seed + number, drawn))",
                "+",
                ("^",),
                "each has another, too",
            ),
        )
        for new in news
    },
    'course_utils/classroom/worker.py: for cell in settings["known"]: -> for cell in []:': "it is read later",
    "course_utils/numerics/_cells.py: parts = slices(count, max(map(len, biases)) * len(biases[-1]))"
    " -> parts = slices(count, max(map(len, biases)) // len(biases[-1]))": "pieces of another size",
    'course_utils/numerics/_arrays.py: return given if given.kind == "f" and given.itemsize < 8 else FLOAT64 '
    '-> return given if given.kind == "f" and given.itemsize < 7 else FLOAT64': "no float has 7 bytes",
    "course_utils/numerics/_exponentials.py: if t != 1: -> if t <= 1:": "t is at most 1 there",
    "course_utils/numerics/_exponentials.py: "
    "wide = (np.isfinite(lowest) & np.isfinite(m) & np.isinf(m - lowest))[:, 0] -> "
    "wide = (np.isfinite(lowest) & np.isfinite(m) & np.isinf(m - lowest))[:, -1]": "there is one column",
    "course_utils/numerics/_splitter.py: "
    "to_do += [(negative, active, neuron + 1), (positive, switched_on, neuron + 1)] -> "
    "to_do += [(negative, active, neuron + 0), (positive, switched_on, neuron + 1)]": "it cuts there no more",
    "course_utils/numerics/losses.py: "
    "series = np.polynomial.polynomial.polyval(x, [1 / math.factorial(k) for k in range(2, 15)]) -> "
    "series = np.polynomial.polynomial.polyval(x, [1 / math.factorial(k) for k in range(2, 14)])": "2e-18",
    "course_utils/numerics/_planar_map.py: if np.count_nonzero(key[1:] == key[:-1]): -> "
    "if np.count_nonzero(key[1:] is key[:-1]):": "no network is known for which it is needed",
    "course_utils/numerics/softmax.py: terms = rows * np.log(np.where(rows == 0, 1.0, rows)) -> "
    "terms = rows * np.log(np.where(rows == 0, 2.0, rows))": "times 0",
    "course_utils/lessons/numeric_instability/one_pass.py: "
    "return m + np.log(sum(np.exp(x - m) for x in stream)) -> "
    "return m / np.log(sum(np.exp(x - m) for x in stream))": "a stream that is read twice stops it before",
    "course_utils/lessons/linear_regions/timing.py: "
    "exact = _seconds(lambda: activation_regions(mlp, window_around(10)).polygons) -> "
    "exact = _seconds(lambda: activation_regions(mlp, window_around( 11)).polygons)": "it takes as long",
    "course_utils/classroom/fence.py: "
    'self._checked(self._libc.syscall(RESTRICT_SELF, self._rules, 0), "Landlock") -> '
    'self._checked(self._libc.syscall(RESTRICT_SELF, self._rules, 1), "Landlock")': "newer kernels log less",
    'course_utils/classroom/grading.py: if cell.cell_type != "code" or not exercise or not seed: -> '
    'if cell.cell_type > "code" or not exercise or not seed:': "markdown and raw are above it",
    "course_utils/numerics/_exponentials.py: LOWEST = -746.0  # exp is 0 from here on down -> "
    "LOWEST = - 747.0  # exp is 0 from here on down": "exp is 0 there, too",
    "course_utils/numerics/_exponentials.py: HALVES = 0.5 ** np.arange(1 - int(LOWEST / math.log(2))) -> "
    "HALVES = 0.5 ** np.arange( 2 - int(LOWEST / math.log(2)))": "room that is not used",
    "course_utils/numerics/depth.py: "
    "hidden = activation.function(pre_activations[-1]).astype(np.float64, copy=False) -> "
    "hidden = activation.function(pre_activations[-1]).astype(np.float64, copy=True)": "a copy is no other",
    "course_utils/numerics/gradients.py: if stray.size > 0: -> if stray.size != 0:": "a size is not negative",
    "course_utils/numerics/softmax.py: if z.ndim == 0 or z.shape[-1:] != v.shape[-1:]: -> "
    "if z.ndim <= 0 or z.shape[-1:] != v.shape[-1:]:": "nor is a number of dimensions",
    "course_utils/numerics/softmax.py: if z.ndim == 0: -> if z.ndim <= 0:": "nor is this one",
    "course_utils/numerics/gradients.py: if stray.size > 0: -> if stray.size > 1:": "each has two numbers",
    "course_utils/lessons/logsumexp_versus_max/search.py: "
    "z: Sequence[float] | npt.NDArray[np.float64], inverse_temperature: float, digits: int = 50 -> "
    "z: Sequence[float] | npt.NDArray[np.float64], inverse_temperature: float, digits: int = 49": "far more "
    "than a float has",
    **{
        "course_utils/numerics/_planar_map.py: "
        "along = np.zeros((len(self.places) + 1, step.shape[1]), dtype=np.int64) -> "
        f"along = np.zeros((len(self.places) {other}, step.shape[1]), dtype=np.int64)": "places are even in "
        "number, and a row too many is never taken"
        for other in ("| 1", "^ 1", "+ 2")
    },
    "course_utils/numerics/_planar_map.py: "
    "if len(network.weights) == 1: -> if len(network.weights) <= 1:": "without any it has returned",
    "course_utils/lessons/cross_entropy_derivation/four_classes.py: "
    "WINDOW_P = np.linspace(0.01, 0.99, 99) -> WINDOW_P = np.linspace(0.01, 0.99, 100)": "one point more "
    "on a curve",
    "course_utils/classroom/examples.py: "
    "in_order = sorted(written, key=lambda code: (-written[code], len(code), code)) -> "
    "in_order = sorted(written, key=lambda code: (~written[code], len(code), code))": "the order is the same",
    'course_utils/classroom/nbgrader_export.py: out = to if assignment == "*" else to / assignment -> '
    'out = to if assignment <= "*" else to / assignment': "no name of a notebook sorts before a star",
    "course_utils/classroom/examples.py: LONGEST = 40  # lines of one example -> "
    "LONGEST = 41  # lines of one example": "a choice, which tests take from there",
    **{
        "course_utils/publish/serving.py: return gzip.compress(path.read_bytes(), compresslevel=6) -> "
        f"return gzip.compress(path.read_bytes(), compresslevel= {level})": "as good on this machine"
        for level in (5, 7)
    },
    **{
        f"course_utils/publish/recording.py: {line} -> {line.replace('1', f' {threads}')}": "slower at most"
        for line in ["with ProcessPoolExecutor(initializer=threadpool_limits, initargs=(1,)) as pool:"]
        for threads in (0, 2)
    },
    'course_utils/notebook_files/anatomy.py: if page.number == "00": -> '
    'if page.number <= "00":': "no number sorts before it",
    "course_utils/notebook_files/budget.py: words, kinds, in_core = 0, Counter[str](), False -> "
    "words, kinds, in_core = 0, Counter[str](), True": "a page begins with its title, which decides",
    "course_utils/publish/film_file.py: listed: list[Any] = [form, arrays[0].size] -> "
    "listed: list[Any] = [form, arrays[ -1].size]": "both have as many",
    "course_utils/publish/film_file.py: "
    'return zlib.compress(len(text).to_bytes(4, "little") + text + arrays.to_bytes(), 9) -> '
    'return zlib.compress(len(text).to_bytes(4, "little") + text + arrays.to_bytes(), 8)': "as good",
    "course_utils/publish/chapters.py: "
    'return [(stop, stop.shown.value) for stop in self.path if stop.kind == "demo" and stop.shown] -> '
    'return [(stop, stop.shown.value) for stop in self.path if stop.kind <= "demo" and stop.shown]': "no "
    "other kind sorts before it",
    **{
        f"course_utils/publish/site/conf.py: {line}400) -> {line} {other})": "before 500, as Sphinx counts"
        for line in ['app.connect("html-page-context", _formulas_in_pieces, priority=']
        for other in (399, 401)
    },
    **{
        "course_utils/teaching/controls.py: places = 6 - math.floor(math.log10(step)) -> "
        f"places = {digits} - math.floor(math.log10(step))": "far more digits than a step has, far fewer "
        "than rounding errors need"
        for digits in (5, 7)
    },
    "course_utils/teaching/algebra/points.py: "
    "if before and value and abs(value - before) <= abs(value) / 10**10: -> "
    "if before and value and abs(value - before) <= abs(value) / 10*10:": "rounding is a hundred digits "
    "smaller at the next precision, and agrees in none",
    "course_utils/teaching/algebra/points.py: "
    "DIGITS = (60, 160, 500, 1100)  # one after the other, so that a difference of 1e-300 is found -> "
    "DIGITS = (60, 160, 500, 1101)  # one after the other, so that a difference of 1e-300 is found": "a "
    "digit more tells nothing else",
    **{
        "course_utils/teaching/algebra/points.py: "
        "def number_at(expression: Expression, point: Point, digits: int = DIGITS[0]) -> Any: -> "
        f"def number_at(expression: Expression, point: Point, digits: int = DIGITS[ {rung}]) -> Any:": ""
        "nor do a hundred"
        for rung in (1, -1)
    },
    **{
        f"course_utils/teaching/pictures/{file}: {old} -> {new}": "chosen by eye; one more is as good"
        for file, old, news in (
            ("projection.py", "elevation: float = 28", ("elevation: float = 27", "elevation: float = 29")),
            ("projection.py", "azimuth: float = -120", ("azimuth: float = - 119", "azimuth: float = - 121")),
            ("shapes.py", "width: float = 2", ("width: float = 3",)),
            ("shapes.py", "size: float = 9", ("size: float = 8", "size: float = 10")),
            ("stored.py", "MOST_BYTES = 40_000", ("MOST_BYTES = 39999", "MOST_BYTES = 40001")),
        )
        for new in news
    },
    **{
        f"course_utils/teaching/pictures/typeset.py: {line} -> {line.replace('400', other)}": "not bold"
        for line in (
            "def width(text: str, size: float, weight: int = 400) -> float:",
            "def run_width(words: str, style: str, size: float, weight: int = 400) -> float:",
            "def wrapped(text: str, room: float, size: float, weight: int = 400) -> list[str]:",
        )
        for other in ("399", "401")
    },
    **{
        f"course_utils/teaching/pictures/{file}: {line} -> {line.replace('== ', '>= ')}": "none is greater"
        for file, line in (
            ("scene.py", 'return Scale(low, high, json["scale"] == "log", start, length)'),
            ("layout.py", 'Scale(x0, x1, panel.x.scale == "log", x, w),'),
            ("layout.py", 'Scale(y0, y1, panel.y.scale == "log", y + h, -h),'),
            ("layout.py", 'if panel.x.scale == "log":'),
            (
                "panel.py",
                'if self.scale == "log" and any(end is None or end <= 0 for end in (self.low, self.high)):',
            ),
            ("layout.py", 'return list(zip(values, tick_texts(values, axis.scale == "log"), strict=True))'),
            (
                "typeset.py",
                'return ("semibold" if weight == 600 else "") + ("italic" if italic else "") or "regular"',
            ),
        )
    },
    **{
        f"course_utils/teaching/{file}: {line} -> {line.replace(old, new)}": "more or fewer of the same"
        for file, line, old, news in (
            ("pictures/spec.py", "SHORT = 16  # numbers that still go as JSON", "16", ("15", "17")),
            (
                "picture_view.py",
                "KEPT = 8  # last answers to which the next may say only what has changed",
                "8",
                ("7", "9"),
            ),
        )
        for new in news
    },
    "course_utils/teaching/pictures/scene.py: "
    '"square": 0.89 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1.0]]), -> '
    '"square": 0.89 / np.array([[-1, -1], [1, -1], [1, 1], [-1, 1.0]]),': "by 1 or −1",
    **{
        f"course_utils/teaching/pictures/ticks.py: {line} -> {line.replace(old, new)}": "of a billionth"
        for line in [
            'within = [float(f"{v:.12g}") for v in fine if low * (1 - 1e-9) <= v <= high * (1 + 1e-9)]'
        ]
        for old, new in (("<= v", "< v"), ("v <=", "v <"))
    },
    **{
        f"course_utils/teaching/pictures/fields.py: {line} -> {line.replace('=0', f'= {other}')}": "below 256"
        for line in ['"counts": pack.plain(self.counts, "u1" if self.counts.max(initial=0) < 256 else "u2"),']
        for other in (-1, 1)
    },
    "course_utils/teaching/controls.py:  -> def default(self) -> Any:": "each kind of control has its own",
    "course_utils/teaching/pictures/projection.py: "
    "level = np.abs(height[a] - height[c]) <= np.abs(height[b] - height[d]) -> "
    "level = np.abs(height[a] - height[c]) < np.abs(height[b] - height[d])": "where both are as level",
    'course_utils/teaching/pictures/marks.py: may_be_nan = {one.dtype.kind, other.dtype.kind} <= set("biuf") '
    '-> may_be_nan = {one.dtype.kind, other.dtype.kind} < set("biuf")': "two are never all four",
    **{
        f"course_utils/teaching/pictures/labels.py: {line} -> {line.replace(old, new)}": "a hair of a pixel"
        for line in [
            "inside = [s for s in spots if s[0] >= left and s[2] <= right and s[1] >= top and s[3] <= bottom]"
        ]
        for old, new in (
            ("[0] >= left", "[0] > left"),
            ("[2] <= right", "[2] < right"),
            ("[1] >= top", "[1] > top"),
            ("[3] <= bottom", "[3] < bottom"),
        )
    },
    "course_utils/lessons/logsumexp_versus_max/stream.py: "
    "y=Axis(low=-6.5, high=8.5, ticks=(-5, 0, 5)), -> y=Axis(low=-6.5, high=8.5, ticks=(- 4, 0, 5)),": "by "
    "eye",
    "course_utils/lessons/training_a_classifier/backward.py: "
    "np.array([[2.0, -1.0], [1.0, 1.0]]), -> np.array([[2.0, -1.0], [ 0.0, 1.0]]),": "the first unit is "
    "at the kink either way",
}


class Mutant(NamedTuple):
    """One fault in one file."""

    path: Path  # from ROOT
    operator: str
    occurrence: int
    sound: str
    source: str

    def describe(self) -> str:
        """What was changed, as it stands in EQUIVALENT."""
        lines = zip(self.sound.splitlines(), self.source.splitlines(), strict=False)
        changed = ((a, b) for a, b in lines if a != b)
        old, new = next(changed, ("", ""))
        return f"{self.path}: {old.strip()} -> {new.strip()}"

    def is_as_good(self) -> bool:
        """Whether the change is known to change nothing."""
        if self.operator.endswith("RemoveDecorator"):
            gone = Counter(self.sound.splitlines()) - Counter(self.source.splitlines())
            if all(CACHE.match(line.strip()) for line in gone if line.strip()):
                return True
        either = ASSERTED if self.operator.endswith("ReplaceTrueWithFalse") else ANY
        if either.sub("", self.sound) == either.sub("", self.source):
            return True
        return _but_for_given(self.sound) == _but_for_given(self.source) or self.describe() in EQUIVALENT

    def diff(self) -> str:
        """What was changed, for a reader."""
        before = self.sound.splitlines(keepends=True)
        lines = difflib.unified_diff(before, self.source.splitlines(keepends=True), str(self.path), n=1)
        return "".join([*lines][2:])


@cache
def _but_for_given(source: str) -> str:
    """A file without the numbers that its checks show and that are picked for its exercises."""
    tree = ast.parse(source)
    names = Counter(_names(tree))
    shown: Counter[str] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Check":
            shown.update(_names(node))
            node.args[1:] = [_Alike().visit(part) for part in node.args[1:]]
        elif isinstance(node, ast.FunctionDef) and "Pick" in map(_annotation, node.args.args):
            node.body = [_Alike().visit(part) for part in node.body]
    for node in tree.body:
        given = [*_names(node, ast.Store)] if isinstance(node, ast.Assign) else []
        if given and all(names[name] == shown[name] > 0 for name in given):  # for checks alone
            node.value = _Alike().visit(node.value)
    return ast.dump(tree)


def _annotation(argument: ast.arg) -> str:
    return ast.unparse(argument.annotation) if argument.annotation else ""


def _names(tree: ast.AST, context: type[ast.expr_context] = ast.Load) -> Iterator[str]:
    return (n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, context))


class _Alike(ast.NodeTransformer):
    """Makes all numbers alike, those with a sign and truth values too."""

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        operand = self.visit(node.operand)
        return operand if isinstance(operand, ast.Constant) else node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant(0) if isinstance(node.value, int | float) else node


def stale() -> list[str]:
    """List what stands in EQUIVALENT of lines that are gone; without a decorator, of the next line."""
    found = []
    for entry in EQUIVALENT:
        path, _, change = entry.partition(": ")
        arrows = re.finditer(" -> ", change)  # what a function returns is written with one, too
        old = {change[: arrow.start()] or change[arrow.end() :] for arrow in arrows}
        if old.isdisjoint(map(str.strip, (ROOT / path).read_text().splitlines())):
            found.append(entry)
    return found


# --- faults ---------------------------------------------------------------------------------------


def sample(area: str, size: int, seed: int) -> list[Mutant]:
    """Draw places evenly from all files of an area, and for each place one of the faults it can have.

    Left out are scripts that made a file of data once (``make_…``): what they made is tested.
    """
    root = ROOT / "course_utils" / area
    files = [f for f in sorted(root.rglob("*.py")) or [root] if not f.match("make_*")]
    every = [place for file in files for place in places(file.relative_to(ROOT))]
    chance = random.Random(seed)
    chance.shuffle(every)
    drawn = (plant(path, *chance.choice(faults)) for path, faults in every)
    valid = (mutant for mutant in drawn if mutant and not mutant.is_as_good())
    return [mutant for _, mutant in zip(range(size), valid, strict=False)]


@cache
def operators() -> dict[str, object]:
    """Every operator of Cosmic Ray that needs no argument."""
    classes = {name: get_operator(name) for name in sorted(operator_names())}
    return {name: cls() for name, cls in classes.items() if not cls.arguments()}


@cache
def families() -> dict[str, list[str]]:
    """Operators that are planted at the same places: those that replace the same sign by another."""
    alike: dict[str, list[str]] = {}
    for name in operators():
        family = re.sub(r"(Replace(?:Binary|Comparison|Unary)Operator_[^_]+)_.*", r"\1", name)
        alike.setdefault(family, []).append(name)
    return alike


def places(path: Path) -> list[tuple[Path, list[tuple[str, int]]]]:
    """The places of a file where faults can be planted, each with its (operator, occurrence)."""
    source = (ROOT / path).read_text()
    types = list(annotations(ast.parse(source)))
    tree = list(nodes(get_ast(source)))
    found: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for names in families().values():
        starts = [start for node in tree for start, _ in operators()[names[0]].mutation_positions(node)]
        for occurrence, start in enumerate(starts):
            if not any(first <= start <= last for first, last in types):
                found.setdefault(start, []).extend((name, occurrence) for name in names)
    return [(path, found[start]) for start in sorted(found)]


def nodes(tree: object) -> Iterator[object]:
    """All nodes in the order in which Cosmic Ray visits them."""
    yield tree
    for child in getattr(tree, "children", ()):
        yield from nodes(child)


def annotations(tree: ast.AST) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """From where to where types are written, which nothing evaluates."""
    for node in ast.walk(tree):
        written = [getattr(node, name, None) for name in ("annotation", "returns")]
        if isinstance(node, ast.AnnAssign) and "TypeAlias" in ast.unparse(node.annotation):
            written.append(node.value)
        for a in written:
            if a is not None:
                yield (a.lineno, a.col_offset), (a.end_lineno, a.end_col_offset)


def plant(path: Path, name: str, occurrence: int) -> Mutant | None:
    """The file with one fault; None if that is no Python or no change, or cannot be planted."""
    source = (ROOT / path).read_text()
    try:
        mutated = MutationVisitor.mutate_code(source, operators()[name], occurrence)
    except AttributeError:  # Cosmic Ray replaces errors with a plain name only
        return None
    try:
        same = mutated is None or ast.dump(ast.parse(mutated)) == ast.dump(ast.parse(source))
    except SyntaxError:
        return None
    return None if same else Mutant(path, name, occurrence, source, mutated)


# --- tests ----------------------------------------------------------------------------------------


@cache
def concerned(path: Path) -> tuple[tuple[str, ...], ...]:
    """Arguments for pytest, one run after the other: the tests that concern a file of ``course_utils``.

    Most faults fall in the first run. What is built upon the file is asked only after that.
    """
    area, *rest = path.parts[1:]
    if area == "lessons":
        topics = sorted({module.parts[2] for module in (path, *built_on(path)) if len(module.parts) == 4})
        lessons = [run for topic in topics for run in runs_of_lesson(topic)]
        own = ROOT / "tests" / "lessons" / f"test_{rest[0]}.py"
        first = [own.relative_to(ROOT)] if own.exists() else nearest_tests(path)
        return (str(path), *map(str, first)), EVERYWHERE, *lessons
    first = nearest_tests(Path("course_utils/publish/site.py") if path == IN_SPHINX else path)
    further = [test for module in built_on(path) for test in nearest_tests(module) if test not in first]
    runs = [(str(path), *map(str, first)), EVERYWHERE, tuple(dict.fromkeys(map(str, further)))]
    runs += [DIAGNOSED] * (path.parent == Path("course_utils", "teaching", "exercise"))
    return tuple(run for run in runs if run)


def runs_of_lesson(topic: str) -> Iterator[tuple[str, ...]]:
    """What holds a lesson whatever is in it: sentences on trial, the sweeps, and its notebook."""
    (notebook,) = (ROOT / "notebooks").glob(f"*_{topic}.ipynb")
    yield tuple(f"tests/lessons/test_{name}.py" for name in WHOLE)
    yield *(f"tests/lessons/test_{sweep}.py" for sweep in SWEEPS), "-k", f"[{topic}. or {notebook.stem}"
    yield (f"notebooks/{notebook.name}",)


@cache
def nearest_tests(path: Path) -> list[Path]:
    """The tests of its area, in a folder or a file, that import a module.

    If there are none, those of the modules that import it.

    Few tests name a private module: those of what is built upon it prove it too.
    """
    area = path.parts[1]
    files = [*(ROOT / "tests" / area).rglob("test_*.py"), *(ROOT / "tests").glob(f"test_{area}.py")]
    tests = {file.relative_to(ROOT) for file in files}
    stem = path.stem.strip("_")
    found: set[Path] = set()
    reached, new = {path}, {path}
    while new:
        names = {dotted(file) for file in new}
        found |= {test for test in tests if names & imported(test)}
        if found and not all(re.match("_[a-z]", module.name) for module in new):
            break
        new = {module for one in new for module in built_on(one)} - reached
        reached |= new
    return sorted(found, key=lambda test: (stem not in test.stem, str(test)))


@cache
def built_on(path: Path) -> list[Path]:
    """The modules that import a module, or start a process that does."""
    modules = sorted(file.relative_to(ROOT) for file in (ROOT / "course_utils").rglob("*.py"))
    return [module for module in modules if module != path and dotted(path) in imported(module)]


def dotted(path: Path) -> str:
    """The name under which a file is imported."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@cache
def imported(path: Path) -> set[str]:
    """Every dotted name that a file imports, also in code that it runs elsewhere, or that may be a module."""
    names = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names |= set(re.findall(r"\bfrom (course_utils[\w.]*) import", node.value))
    return names


class Failure(NamedTuple):
    """How a run of pytest did not pass, and arguments for pytest that ask only what it failed at."""

    how: str
    again: tuple[str, ...]


def is_caught(course: Path, mutant: Mutant, limits: dict[tuple[str, ...], float]) -> bool:
    """Whether a test fails once the fault is planted in this copy of the course, and only then."""
    file = course / mutant.path
    sound = file.read_text()
    for run in concerned(mutant.path):
        limit = limits[run]
        file.write_text(mutant.source)
        try:
            failure = failure_of(course, run, limit)
        finally:
            file.write_text(sound)
        if failure is None:
            continue
        without = failure_of(course, failure.again, limit)
        if without and without.how != failure.how:  # a test that there is with the fault only
            without = failure_of(course, run, limit)
        if without is None:
            return True
        print(f"     ({failure.how} without the fault too: {' '.join(failure.again)})", flush=True)
    return False


def failure_of(course: Path, arguments: tuple[str, ...], limit: float) -> Failure | None:
    """How pytest fails, or hangs; that it finds no test is no failure."""
    options = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "-m", "not browser"]
    command = [sys.executable, "-m", "pytest", *options, *arguments]
    environment = os.environ | {"PYTHONPATH": str(course), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        run = subprocess.run(
            command, cwd=course, env=environment, capture_output=True, text=True, timeout=limit
        )
    except subprocess.TimeoutExpired:
        return Failure("hangs", arguments)
    if run.returncode in (0, 5):
        return None
    named = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", run.stdout, re.MULTILINE)
    if named is None or "::" not in named[1]:
        return Failure("cannot be collected", (*arguments, "--collect-only"))
    notebook = re.match(r".*?\.ipynb(?=::)", named[1])  # a cell needs those above it
    return Failure("fails", (notebook[0] if notebook else named[1],))


# --- the run --------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Plant, run, and tell; the exit code is 1 if the score is too low."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("area", help=f"{', '.join(AREAS)}, or a folder or file there")
    parser.add_argument("--sample", type=int, default=40, help="how many faults (default: 40)")
    parser.add_argument("--seed", type=int, default=1, help="which faults (default: 1)")
    parser.add_argument("--skip", type=int, default=0, help="leave out the first so many of the sample")
    parser.add_argument("--trust", action="store_true", help="do not first run the tests without a fault")
    parser.add_argument("--limit", type=float, default=HANGS, help=f"seconds for one run (default: {HANGS})")
    options = parser.parse_args(arguments)
    if not (ROOT / "course_utils" / options.area).exists():
        parser.error(f"there is no course_utils/{options.area}")
    if gone := stale():
        parser.error("EQUIVALENT names lines that are gone:\n" + "\n".join(gone))
    mutants = sample(options.area, options.sample, options.seed)[options.skip :]
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        shutil.copytree(ROOT, course, ignore=shutil.ignore_patterns(".git", ".*cache*", ".venv"))
        limits: dict[tuple[str, ...], float] = {}
        for run in dict.fromkeys(run for mutant in mutants for run in concerned(mutant.path)):
            start = time.monotonic()
            if not options.trust and failure_of(course, run, options.limit):
                print(f"No fault is planted yet, and pytest {' '.join(run)} fails already.")
                return 2
            taken = options.limit if options.trust else time.monotonic() - start
            limits[run] = min(options.limit, 60 + SLOWER * taken)
        for number, mutant in enumerate(mutants, options.skip + 1):
            caught = is_caught(course, mutant, limits)
            survivors += [] if caught else [mutant]
            print(f"{number:4} {'caught  ' if caught else 'SURVIVED'} {mutant.describe()}", flush=True)
    for mutant in survivors:
        print(f"\n{re.sub('.*/', '', mutant.operator)} survived in {mutant.path}:\n{mutant.diff()}")
    score = 1 - len(survivors) / max(1, len(mutants))
    print(f"\n{options.area}: {len(mutants) - len(survivors)} of {len(mutants)} caught, {100 * score:.1f} %")
    return int(score < ENOUGH)


if __name__ == "__main__":
    sys.exit(main())
