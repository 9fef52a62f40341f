"""The function xlp_range against scipy and against the engine's own draws, which use other random numbers."""

import numpy as np
import pytest
from scipy import stats

from xlplan.addin.spread import SPREAD_DRAWS, amount, spread_of, sums
from xlplan.sampling import Triangles, draws

ROWS = ((80.0, 100.0, 150.0), (10.0, 10.0, 40.0), (45.0, 50.0, 55.0), (0.0, 300.0, 320.0))


def shares_below(totals: list[float], rows: tuple[tuple[float, float, float], ...], correlation: float) -> np.ndarray:
    """Where these totals stand among 40,000 draws of the engine."""
    of = Triangles(*np.array(rows).T, group=np.array([0, 0, 1, 1])[: len(rows)])
    found = np.concatenate(list(draws(of, correlation, 40_000, 7, 1000))).sum(axis=1)
    return np.array([(found <= total).mean() for total in totals])


@pytest.mark.parametrize("ends", ROWS)
def test_an_amount_at_a_share_is_that_of_scipy(ends):
    low, mode, high = ends
    exact = stats.triang((mode - low) / (high - low), low, high - low)
    shares = np.linspace(0.001, 0.999, 51)
    assert np.allclose([amount(ends, share) for share in shares], exact.ppf(shares), rtol=1e-9)


@pytest.mark.parametrize("correlation", [0.0, 0.5, 1.0])
def test_the_three_sums_stand_where_the_engine_s_draws_put_them(correlation):
    columns = [[[end] for end in ends] for ends in zip(*ROWS, strict=True)]
    cells = spread_of([*columns, [["a"], ["a"], ["b"], ["b"]], correlation])
    found = shares_below([row[0] for row in cells], ROWS, correlation)
    assert np.allclose(found, [0.1, 0.5, 0.9], atol=4 * 0.5 / np.sqrt(SPREAD_DRAWS))


def test_sums_of_a_planted_correlation_stand_elsewhere():
    in_step = sorted(sums([(ends, "a") for ends in ROWS], 1.0))
    found = shares_below([in_step[SPREAD_DRAWS // 10]], ROWS, 0.0)
    assert found[0] < 0.1 - 4 * 0.3 / np.sqrt(SPREAD_DRAWS)


def test_amounts_without_a_range_add_up_exactly():
    assert spread_of([None, [[1.5], [2.25], [None]], None]) == [[3.75], [3.75], [3.75]]


def test_the_same_arguments_give_the_same_sums():
    one = [[[8], [3]], [[9], [4]], [[12], [5]]]
    assert spread_of(one) == spread_of(one)
