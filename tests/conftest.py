"""What every test shares: property tests that do not depend on how busy the machine is, and one folder of samples."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests.filled import fill

settings.register_profile("calm", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("calm")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a system that has its samples and is stopped."""
    folder = tmp_path_factory.mktemp("filled")
    fill(folder)
    return folder
