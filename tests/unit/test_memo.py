"""A memory that forgets never gives another answer than the function it stands for."""

from hypothesis import given
from hypothesis import strategies as st

from svodka.memo import Memo


class Squares(Memo[int, int]):
    worked_out: list[int]

    def work_out(self, key: int) -> int:
        self.worked_out.append(key)
        return key * key


@given(st.integers(1, 5), st.lists(st.integers(0, 12), max_size=60))
def test_values_are_right_and_few(limit: int, keys: list[int]) -> None:
    squares = Squares(limit)
    squares.worked_out = []
    for key in keys:
        assert squares[key] == key * key
        assert len(squares) <= limit
        assert len(squares._past) <= limit


def test_what_is_in_use_stays() -> None:
    squares = Squares(3)
    squares.worked_out = []
    for key in range(1, 30):
        assert squares[0] == 0
        assert squares[key] == key * key
    assert squares.worked_out.count(0) == 1
