"""Section "Top-p, and a trap": draw from the most probable classes only."""

import numpy as np

from course_utils.teaching import Check, Contract, Exercise, Given, Mistake, Pick, Question

top_p_question = Question(
    "Ten words have probability 0.1 each. In Python, `np.cumsum(p) >= 1.0` asks how many words make up all the "
    "probability. What is its last entry?",
    [
        "True: ten times 0.1 is 1.",
        "False: the computed sum ends just below 1.",
        "It depends on the order of the words.",
    ],
    "B",
    [
        "of the numbers on paper. 0.1 is not a float; adding the nearest one ten times ends at 0.9999999999999999.",
        "So no entry is True, `argmax` answers 0, and a careless top-p of 1 keeps one word instead of all.",
        "of notebook 02, where the order of *different* terms mattered. Here all ten are the same.",
    ],
    expected=[45, 45, 10],
)


def sample_top_p(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0], np.cumsum(p[order])[:-1]])
    chosen = order[total_before < top_p]
    kept = np.zeros(len(p))
    kept[chosen] = p[chosen]
    edges = np.cumsum(kept)
    return np.searchsorted(edges / edges[-1], u, side="right")


def _inverse(kept, u):
    edges = np.cumsum(kept)
    return np.searchsorted(edges / edges[-1], u, side="right")


def _kept(p, chosen):
    kept = np.zeros(len(p))
    kept[chosen] = p[chosen]
    return kept


def _compares_with_one(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    count = np.argmax(np.cumsum(p[order]) >= top_p) + 1
    return _inverse(_kept(p, order[:count]), u)


def _takes_no_care_of_sums(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    count = np.argmax(np.cumsum(p[order]) >= top_p) + 1
    kept = _kept(p, order[:count])
    return np.searchsorted(np.cumsum(kept / kept.sum()), u, side="right")


def _stops_too_early(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    return _inverse(_kept(p, order[np.cumsum(p[order]) <= top_p]), u)


def _stops_too_early_but_keeps_one(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    count = max(1, np.sum(np.cumsum(p[order]) <= top_p))
    return _inverse(_kept(p, order[:count]), u)


def _drops_the_last_one_needed(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    return _inverse(_kept(p, order[np.cumsum(p[order]) < top_p]), u)


def _one_too_many(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0], np.cumsum(p[order])[:-1]])
    return _inverse(_kept(p, order[total_before <= top_p]), u)


def _does_not_renormalize(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0], np.cumsum(p[order])[:-1]])
    edges = np.cumsum(_kept(p, order[total_before < top_p]))
    return np.searchsorted(edges, u, side="right")


def _gives_the_rest_to_the_last(p, top_p, u):
    return np.minimum(_does_not_renormalize(p, top_p, u), len(p) - 1)


def _in_sorted_order(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0], np.cumsum(p[order])[:-1]])
    edges = np.cumsum(p[order][total_before < top_p])
    return order[np.searchsorted(edges / edges[-1], u, side="right")]


def _returns_places(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0], np.cumsum(p[order])[:-1]])
    edges = np.cumsum(p[order][total_before < top_p])
    return np.searchsorted(edges / edges[-1], u, side="right")


def _above_one_minus_top_p(p, top_p, u):
    return _inverse(np.where(p >= 1 - top_p, p, 0), u)


def _above_top_p(p, top_p, u):
    return _inverse(np.where(p >= top_p, p, 0), u)


def _without_sorting(p, top_p, u):
    total_before = np.concatenate([[0], np.cumsum(p)[:-1]])
    return _inverse(np.where(total_before < top_p, p, 0), u)


def _ignores_top_p(p, top_p, u):
    return _inverse(p, u)


def _left_side(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0], np.cumsum(p[order])[:-1]])
    edges = np.cumsum(_kept(p, order[total_before < top_p]))
    return np.searchsorted(edges / edges[-1], u, side="left")


def _trusts_the_sum(p, top_p, u):
    order = np.argsort(-p, kind="stable")
    total_before = np.concatenate([[0], np.cumsum(p[order])[:-1]])
    kept = _kept(p, order[total_before < top_p])
    edges = np.cumsum(kept / kept.sum())
    return np.searchsorted(edges, u, side="right")


ALMOST_ONE = 1 - 2**-53  # the largest float below 1, and the largest that `random()` returns
EVENLY = (np.arange(40) + 0.5) / 40
MIXED = np.array([0.06, 0.31, 0.02, 0.25, 0.17, 0.19])
TEN_EQUALS = np.full(10, 0.1)


def any_draws(pick: Pick) -> Given:
    n = pick.whole(1, 7)
    if pick.one_of(True, False):  # dyadic numbers, which meet totals and edges exactly
        p = pick.random.permutation(np.diff([0, *sorted(pick.random.integers(0, 65, n - 1)), 64])) / 64
        return p, pick.whole(1, 64) / 64, np.floor(64 * pick.random.random(6)) / 64
    rounded = np.round(pick.probabilities(n), 3)
    p = rounded / rounded.sum()
    totals = np.cumsum(np.sort(p)[::-1])
    top_p = pick.number(0.01, 1, 0.5, 0.9)
    near_a_total = np.abs(totals - top_p).min() < 1e-6
    ends = pick.one_of([0.0, ALMOST_ONE], [])
    return p, (1.0 if near_a_total else top_p), np.append(pick.random.random(pick.whole(0, 8, 1)), ends)


top_p_exercise = Exercise(
    "Write `sample_top_p(p, top_p, u)`: turn random numbers into classes drawn from p, cut to top-p.",
    Contract(
        "`p` is a 1-D NumPy array of probabilities (its computed sum may miss 1 by rounding), 0 < `top_p` ≤ 1, and `u` is a 1-D array of "
        "numbers (maybe of none) with 0 ≤ u < 1. Keep the most probable classes, as few as make a computed total of at least `top_p` (rounding decides near a tie; of equal ones, those "
        "with the smaller index first), and let them share the probability in proportion. Class i owns an interval of that length; the intervals follow each other in the order of the "
        "class indices from 0 to 1, each with its left end and without its right one. Return the class of each u, an integer array. "
        "A class that was cut or has p = 0 is never returned.",
        whole=True,
        inputs=any_draws,
    ),
    sample_top_p,
    [
        Check("everything is kept", (MIXED, 1.0, EVENLY)),
        Check("the two most probable", (MIXED, 0.5, EVENLY)),
        Check("four of six", (MIXED, 0.9, EVENLY)),
        Check("only the winner", (MIXED, 0.05, EVENLY)),
        Check("a total that is met exactly", (np.array([0.125, 0.5, 0.125, 0.25]), 0.75, EVENLY)),
        Check(
            "ends of intervals belong to the right",
            (np.array([0.25, 0.5, 0.25]), 1.0, np.array([0.0, 0.25, 0.5, 0.75])),
        ),
        Check("equal ones: the first are kept", (np.full(4, 0.25), 0.5, EVENLY)),
        Check("ten times 0.1, all kept", (TEN_EQUALS, 1.0, EVENLY)),
        Check("ten times 0.1, and a u just below 1", (TEN_EQUALS, 1.0, np.array([ALMOST_ONE]))),
        Check(
            "the last class was cut", (np.array([0.45, 0.4, 0.15]), 0.8, np.array([0.0, 0.99, ALMOST_ONE]))
        ),
        Check("an impossible first class", (np.array([0.0, 0.75, 0.25]), 1.0, np.array([0.0, 0.9]))),
    ],
    [
        Mistake(
            _compares_with_one,
            "`np.argmax(total >= top_p)` asks for the first True. Where rounding keeps the total below 1 there is none, "
            "`argmax` answers 0, and one class is left. Ask how much came *before* each class: `before < top_p`.",
        ),
        Mistake(
            _takes_no_care_of_sums,
            "the formula is right, but computed sums may end just below 1, and then two lines go wrong: `np.argmax(total >= top_p)` "
            "finds no True and answers 0, so that one class is left; and a large u lies behind the last edge. Ask how much came *before* "
            "each class, and divide the cumulative sum by its last entry.",
        ),
        Mistake(
            _stops_too_early,
            "you stop before `top_p` is exceeded. The class that lifts the total over it belongs to the kept ones; without it, "
            "none may be left.",
        ),
        Mistake(
            _stops_too_early_but_keeps_one,
            "you keep at least one class, but stop before `top_p` is exceeded. The class that lifts the total over it always "
            "belongs to the kept ones.",
        ),
        Mistake(
            _drops_the_last_one_needed,
            "you keep the classes up to which the total is below `top_p`, and drop the one that makes it reach `top_p`. "
            "Look at the total *before* each class.",
        ),
        Mistake(
            _one_too_many,
            "where the total meets `top_p` exactly you keep one class too many: use `before < top_p`.",
        ),
        Mistake(
            _does_not_renormalize,
            "the kept classes do not share the probability of the cut ones: their total must become 1 again.",
        ),
        Mistake(
            _gives_the_rest_to_the_last,
            "the last class gets the probability of all that were cut. Let the kept ones share it, in proportion: their total "
            "must become 1 again.",
        ),
        Mistake(
            _in_sorted_order,
            "your intervals are in order of probability. The contract wants them in order of class index.",
        ),
        Mistake(
            _returns_places,
            "you return places in the sorted order. Translate them back into class indices.",
        ),
        Mistake(
            _above_top_p,
            "you compare each p with `top_p`. Top-p limits the *total* of the kept ones.",
        ),
        Mistake(
            _above_one_minus_top_p,
            "you compare each p with a threshold, 1 − `top_p`. Top-p limits the *total* of the kept ones.",
        ),
        Mistake(
            _without_sorting,
            "you add up the classes as they come. Sort by probability first: the most probable are kept.",
        ),
        Mistake(_ignores_top_p, "`top_p` has no effect: you draw from all classes."),
        Mistake(
            _left_side,
            'a u on the border falls to the left (`side="left"`), so that u = 0 can choose a class with p = 0.',
        ),
        Mistake(
            _trusts_the_sum,
            "the last edge of your intervals may lie just below 1, and the largest u beyond it: the class returned is one "
            "that does not exist, or was cut. Divide the *cumulative* sum by its last entry: it then ends at exactly 1.",
        ),
    ],
    [
        "Two steps: decide which classes stay, by going through them from the most probable down; then find the interval of each u.",
        "Class i stays if the total of all more probable classes is below top_p. Then its share is p_i / Σ p over the classes that stay.",
        '`order = np.argsort(-p, kind="stable")`, totals before each from `np.cumsum(p[order])`, zeros for what is cut; then '
        '`np.searchsorted(edges / edges[-1], u, side="right")` with `edges` the cumulative sum.',
    ],
    payoff="You can now draw words as language models do, cut to the most probable ones.",
)
