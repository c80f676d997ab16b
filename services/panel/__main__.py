"""`python -m services.panel web|work|migrate`."""

from services.panel.app import SERVICE
from shared.main import main

if __name__ == "__main__":
    main(SERVICE)
