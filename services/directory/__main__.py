"""`python -m services.directory web|work|migrate|administrator`."""

from services.directory.app import SERVICE
from shared.main import main

if __name__ == "__main__":
    main(SERVICE)
