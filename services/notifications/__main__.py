"""`python -m services.notifications web|work|migrate`."""

from services.notifications.app import SERVICE
from shared.main import main

if __name__ == "__main__":
    main(SERVICE)
