"""What every test shares: property tests that do not depend on how busy the machine is."""

from hypothesis import settings

settings.register_profile("calm", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("calm")
