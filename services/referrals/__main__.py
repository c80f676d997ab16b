"""`python -m services.referrals web|work|migrate`."""

from services.referrals.app import SERVICE
from shared.main import main

if __name__ == "__main__":
    main(SERVICE)
