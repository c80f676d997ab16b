"""The folders of a server: whose they are, and that only one process uses them."""

import fcntl
import hashlib
import os
import tempfile
from pathlib import Path

from services.embedded.postgres.account import Account
from services.embedded.postgres.failures import AlreadyRunning, PostgresFailed

PORT = 5432  # Only names the socket file; nothing listens on the network.
_LONGEST_SOCKET_PATH = 107


def in_use(folder: Path) -> bool:
    """Tell whether some process runs PostgreSQL in this folder."""
    try:
        os.close(take_lock(folder))
    except FileNotFoundError:
        return False
    except AlreadyRunning:
        return True
    return False


def socket_folder(data: Path) -> Path:
    """Return the folder of the socket: its path must be short, whatever the data folder is called."""
    name = "early-help-" + hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:12]
    folder = Path(tempfile.gettempdir(), name)
    too_long = len(os.fsencode(folder / f".s.PGSQL.{PORT}")) > _LONGEST_SOCKET_PATH
    return Path("/tmp", name) if too_long else folder  # noqa: S108 - made private and checked in make_private


def make_private(folder: Path, account: Account) -> None:
    """Make a folder that only the server's account enters; raises PostgresFailed if somebody else made it before."""
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not folder.is_dir() or folder.is_symlink() or status.st_uid not in (os.geteuid(), account.uid):
        raise PostgresFailed(f"{folder} belongs to somebody else; PostgreSQL needs it.")
    folder.chmod(0o700)
    if status.st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)


def take_lock(folder: Path) -> int:
    """Return the held lock of the folder; it is let go when closed or when this process ends, however it ends."""
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(lock, 20, 0).decode().strip() or "unknown"
        os.close(lock)
        raise AlreadyRunning(f"PostgreSQL in {folder} is already running, for the process {holder}.") from None
    os.truncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock
