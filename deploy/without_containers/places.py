"""Where things are without containers: ports of 127.0.0.1 for names of the network, a folder for mounts."""

import os
import pwd
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url

from deploy.without_containers.blocks import PROJECT, Block
from services.embedded.together import free_port
from shared.service import SERVICES

_NGINX_FILES = "/etc/nginx/early-help"
_DOORS = {"http": "nginx:8080", "https": "nginx:8443"}
_LISTENS = {"PORT": "BIND", "METRICS_PORT": "METRICS_BIND"}
"""The settings of where a process listens: port -> address."""
_SECRETS = "/run/secrets"
_FILES = "/var/lib/early-help/files"
_NOT_AS_ROOT = "nobody"


class Places:
    """Translates a block's command, environment and files for this machine, below a private folder."""

    def __init__(self, folder: Path, url: str, blocks: Mapping[str, Block], admin_url: str, broker_url: str) -> None:
        self.folder = folder
        self.token = f"early_help_{secrets.token_hex(4)}"
        """Begins the name of every database, role, queue and exchange, so that another system is not touched."""
        self.nginx = folder / "nginx"
        self.databases = _databases(make_url(admin_url), self.token)
        """The address of each service's database on the given server."""
        self._admin_url = admin_url
        self._broker_url = broker_url
        ours = {
            f"{block.name}:{block.environment[name]}"
            for block in blocks.values()
            for name in _LISTENS
            if name in block.environment
        }
        self._ports = {where: free_port() for where in (*sorted(ours), "nginx:8000", *_DOORS.values())}
        self._ports[_DOORS[urlsplit(url).scheme]] = urlsplit(url).port or 0

    @property
    def inner_url(self) -> str:
        """Return where the services ask each other."""
        return f"http://127.0.0.1:{self._ports['nginx:8000']}"

    def lay_out(self) -> None:
        """Write secrets, nginx's files and the folders for what is temporary."""
        (self.folder / "logs").mkdir()
        run_as = {"RUN_AS": f"{os.geteuid()}:{os.getegid()}", "PATH": os.environ.get("PATH", os.defpath)}
        made = self.folder / "secrets"
        subprocess.run([PROJECT / "deploy/make-secrets", made], env=run_as, capture_output=True, check=True)
        for service, url in self.databases.items():
            (made / f"database_url_{service}").write_text(url.render_as_string(hide_password=False))
        (made / "broker_url").write_text(self._broker_url)
        (made / "postgres_password").write_text("")
        self.lay_out_nginx()

    def lay_out_nginx(self) -> None:
        """Write nginx's files with the ports of this machine."""
        files, account = self.nginx, nginx_account()
        shutil.copytree(PROJECT / "deploy/nginx", files)
        (files / "tmp").mkdir()
        for secret in ("tls_certificate", "tls_key"):
            shutil.copy(self.folder / "secrets" / secret, files)
        for file in files.glob("*.*"):
            text = file.read_text(encoding="utf-8").replace("/tmp/", f"{files}/tmp/").replace(_SECRETS, str(files))  # noqa: S108
            file.write_text(re.sub(r"\blisten (\d+)", self._listen, self.translated(text)), encoding="utf-8")
        if account:
            for path in (files, *files.rglob("*")):
                os.chown(path, account.pw_uid, account.pw_gid)

    def command(self, block: Block) -> list[str]:
        """Return the block's command; a child that outlives this process is told to end."""
        words = ["setpriv", "--pdeathsig=TERM"]
        account = nginx_account() if block.name == "nginx" else None
        if account:
            words += [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        return [*words, *map(self.translated, block.command)]

    def environment(self, block: Block) -> dict[str, str]:
        """Return the block's environment, and what an image would set."""
        temporary = self.folder / "tmp" / block.name
        temporary.mkdir(parents=True, exist_ok=True)
        environ = {name: self.translated(value) for name, value in block.environment.items()}
        for port, bind in _LISTENS.items():
            if port in environ:
                environ |= {port: str(self._ports[f"{block.name}:{environ[port]}"]), bind: "127.0.0.1"}
        if "BROKER_URL_FILE" in environ:
            environ["BROKER_PREFIX"] = self.token
        if "POSTGRES_ADMIN_URL" in environ:
            environ |= {"POSTGRES_ADMIN_URL": self._admin_url, "BROKER_ADMIN_URL": ""}
        system = os.environ.get("PATH", os.defpath)
        return environ | {
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), system, "/usr/sbin")),
            "LANG": "C.UTF-8",
            "TMPDIR": str(temporary),
            "PYTHONUNBUFFERED": "1",
        }

    def translated(self, text: str) -> str:
        """Return the text with this machine's ports and paths in place of the network's and the containers'."""
        for where, port in self._ports.items():
            text = text.replace(where, f"127.0.0.1:{port}")
        for inside, here in ((_SECRETS, "secrets"), (_FILES, "files")):
            text = text.replace(inside, str(self.folder / here))
        return text.replace(_NGINX_FILES, str(self.nginx))

    def _listen(self, found: re.Match[str]) -> str:
        return f"listen 127.0.0.1:{self._ports[f'nginx:{found[1]}']}"


def nginx_account() -> pwd.struct_passwd | None:
    """Return whom nginx runs as where we are root; None where we are nobody special."""
    return pwd.getpwnam(_NOT_AS_ROOT) if os.geteuid() == 0 else None


def _databases(server: URL, token: str) -> dict[str, URL]:
    # libpq's own form for a socket names the user in the query, which would win over what is set here.
    server = server.difference_update_query(["user", "password"])
    names = {service: f"{token}_{service}" for service in SERVICES}
    return {
        service: server.set(username=name, password=secrets.token_hex(16), database=name)
        for service, name in names.items()
    }
