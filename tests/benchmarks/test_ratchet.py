from pathlib import Path

from benchmarks import ratchet


def test_what_is_ten_percent_worse_is_told() -> None:
    held = {"me": 0.80, "page": 0.50, "one": 0.60}
    measured = {"me": 0.719, "page": 0.451, "one": 0.70}
    assert ratchet.problems(held, measured) == ["me: 0.72, 10% worse than 0.80"]


def test_what_is_not_held_is_told() -> None:
    assert ratchet.problems({}, {"me": 0.7}) == ["me: 0.70, and no ratio is held"]


def test_what_was_not_measured_is_no_problem() -> None:
    assert ratchet.problems({"me": 0.7}, {}) == []


def test_it_turns_one_way_only(tmp_path: Path) -> None:
    file = tmp_path / "ratchet.json"
    ratchet.write({"me": 0.8, "page": 0.5}, file)
    ratchet.write(
        ratchet.raised(ratchet.read(file), {"me": 0.7, "page": 0.6, "one": 0.41234}), file
    )
    assert ratchet.read(file) == {"me": 0.8, "one": 0.412, "page": 0.6}
