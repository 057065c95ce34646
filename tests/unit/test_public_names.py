"""The public names: complete, sorted, and each one really there."""

import zoning


def test_names_are_sorted_and_exist() -> None:
    assert zoning.__all__ == sorted(zoning.__all__)
    assert set(zoning.__all__) == set(zoning._HOMES)
    for name in zoning.__all__:
        assert getattr(zoning, name).__module__.startswith("zoning")


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(zoning, "chek_site")
