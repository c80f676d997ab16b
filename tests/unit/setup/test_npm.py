"""Of the npm registry only what was checked is used."""

import pytest

from deploy.setup.npm import Package, check_integrity
from deploy.setup.progress import SetUpFailed

_EMPTY = "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="


def test_the_checked_package_is_taken() -> None:
    check_integrity(Package("style", "1.0.0", _EMPTY), b"")


def test_a_package_that_is_not_the_checked_one_is_refused() -> None:
    with pytest.raises(SetUpFailed, match=r"not the one that was checked"):
        check_integrity(Package("style", "1.0.0", _EMPTY), b"something else")


@pytest.mark.parametrize(("name", "file"), [("style", "style-1.0.0.tgz"), ("@maker/style", "maker-style-1.0.0.tgz")])
def test_a_package_is_found_where_npm_puts_it(name: str, file: str) -> None:
    assert Package(name, "1.0.0", _EMPTY).file_name == file
