"""Whom the server runs as: PostgreSQL refuses root, and another account may not read every folder."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from services.embedded.postgres.failures import PostgresFailed
from services.embedded.postgres.programs import programs


@dataclass(frozen=True)
class Account:
    """Whom the server runs as: PostgreSQL refuses root."""

    uid: int
    gid: int
    reads_any_folder: bool

    def prefix(self, *, dies_with_us: bool = False) -> list[str]:
        """Return the words to put before a command."""
        options = ["--pdeathsig=INT"] if dies_with_us else []
        if os.geteuid() == 0:
            options += [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if os.geteuid() == 0 and self.reads_any_folder:
            # A folder below a private home is reached without changing any folder's permissions. PostgreSQL asks
            # access(2) about its programs, which overlooks the capability of a user who is not root without the securebit.
            capability = _capability_to_read_any_folder()
            options += [f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}", "--securebits=+no_setuid_fixup"]
        return ["setpriv", *options] if options else []


def account_for(data: Path) -> Account:
    """Return who the server runs as: us, or for root whoever owns the data, or nobody."""
    if os.geteuid() != 0:
        return Account(os.getuid(), os.getgid(), reads_any_folder=False)
    nobody = pwd.getpwnam("nobody")
    uid, gid = nobody.pw_uid, nobody.pw_gid
    if data.exists():
        uid, gid = data.stat().st_uid or uid, data.stat().st_gid or gid
    above = {*data.parents, *programs().resolve().parents}
    return Account(uid, gid, reads_any_folder=not all(folder.stat().st_mode & 0o001 for folder in above))


def _capability_to_read_any_folder() -> str:
    """Return the least capability that reads any folder of those that root has here: a container may lack some."""
    status = Path("/proc/self/status").read_text()
    bounds = int(status.partition("CapBnd:")[2].split()[0], 16)
    for capability, bit in (("dac_read_search", 2), ("dac_override", 1)):
        if bounds >> bit & 1:
            return capability
    raise PostgresFailed(
        "PostgreSQL does not run as root, and others cannot enter this folder. Move it out of root's home."
    )
