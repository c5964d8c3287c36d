"""Arrays in, arrays out: any shape, axis and real dtype to a float64 matrix of rows, and back."""

import math
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from numpy.lib.array_utils import normalize_axis_tuple

FloatArray: TypeAlias = npt.NDArray[np.floating[Any]]
Float64Array: TypeAlias = npt.NDArray[np.float64]
Rows: TypeAlias = Float64Array  # shape (rows, columns)
Axis: TypeAlias = int | tuple[int, ...] | None

FLOAT64 = np.dtype(np.float64)


class Layout(NamedTuple):
    """How rows go back to the caller's shape and dtype."""

    shape: tuple[int, ...]
    axes: tuple[int, ...]
    dtype: np.dtype[Any]

    def full(self, rows: npt.NDArray[Any]) -> FloatArray:
        """Back from (rows, columns) to the shape of the input."""
        if self.axes == (len(self.shape) - 1,):
            return own_dtype(rows.reshape(self.shape), self.dtype)
        kept = [size for i, size in enumerate(self.shape) if i not in self.axes]
        moved = rows.reshape(kept + [self.shape[i] for i in self.axes])
        return own_dtype(np.moveaxis(moved, range(-len(self.axes), 0), self.axes), self.dtype)

    def reduced(self, column: npt.NDArray[Any], keepdims: bool) -> FloatArray:
        """From (rows, 1) to the shape of a reduction over `axes`."""
        kept = [1 if i in self.axes else size for i, size in enumerate(self.shape)]
        left = [size for i, size in enumerate(self.shape) if i not in self.axes]
        return own_dtype(column.reshape(kept if keepdims else left), self.dtype)


def as_rows(x: npt.ArrayLike, axis: Axis) -> tuple[Rows, Layout]:
    """`x` as a float64 matrix, the axes of `axis` joined into its rows, and the way back."""
    a = as_real("x", x)
    if axis == -1 and a.size > 0 and a.ndim > 0:  # the common case, made quick
        rows = np.ascontiguousarray(a, FLOAT64).reshape(-1, a.shape[-1])
        return rows, Layout(a.shape, (a.ndim - 1,), a.dtype)
    # NumPy lets a single number be reduced over its one imaginary axis.
    axes = normalize_axis_tuple(range(a.ndim) if axis is None else axis, max(a.ndim, 1))[: a.ndim]
    columns = math.prod([a.shape[i] for i in axes])
    height = math.prod([size for i, size in enumerate(a.shape) if i not in axes])
    rows = np.moveaxis(a, axes, range(-len(axes), 0)).reshape(height, columns)
    return np.ascontiguousarray(rows, dtype=np.float64), Layout(a.shape, axes, a.dtype)


def as_real(name: str, x: npt.ArrayLike) -> npt.NDArray[Any]:
    """`x` as an array, if it holds real numbers."""
    a = np.asarray(x)
    if a.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers (float, integer or boolean), got dtype {a.dtype}.")
    return a


def float_dtype(dtype: npt.DTypeLike) -> np.dtype[Any]:
    """The dtype of the result: float16 and float32 keep theirs, everything else becomes float64."""
    given = np.dtype(dtype)
    return given if given.kind == "f" and given.itemsize < 8 else FLOAT64


def own_dtype(a: npt.NDArray[Any], dtype: np.dtype[Any]) -> FloatArray:
    """`a` rounded once to the dtype of the input; a scalar if it has no axes."""
    if dtype is not FLOAT64:
        with np.errstate(all="ignore"):
            a = a.astype(float_dtype(dtype), copy=False)
    result: FloatArray = a[()]
    return result


def checked_number(name: str, value: float) -> float:
    try:
        if not isinstance(value, (str, bytes)):  # float("2") is 2, but "2" is no number
            return float(value)
    except OverflowError:
        raise ValueError(f"{name} is too large for a float.") from None
    except (TypeError, ValueError):
        pass
    raise TypeError(f"{name} must be one real number, got {value!r}.")


def is_whole(value: Any, lowest: int) -> bool:
    """Whether `value` is one whole number from `lowest` on; True and False are none."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool) and bool(value >= lowest)


def checked_count(name: str, value: int, lowest: int = 1) -> int:
    if not is_whole(value, lowest):
        raise ValueError(f"{name} must be a whole number from {lowest} on, got {value!r}.")
    return int(value)


def sum_tolerance(dtype: np.dtype[Any]) -> float:
    """How far from 1 rounding to `dtype` may put a sum of probabilities."""
    return max(1e-6, 8 * float(np.finfo(dtype).eps)) if dtype.kind == "f" else 1e-6


def checked_temperature(temperature: float) -> float:
    t = checked_number("temperature", temperature)
    if not 0 < t < math.inf:
        raise ValueError(f"temperature must be finite and positive, got {t}: the limit 0 is hardmax(x).")
    return t
