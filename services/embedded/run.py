"""`make run`: start everything, fill a new system with the samples, say where it is, stop on Ctrl-C."""

import shutil
import signal
import threading
from pathlib import Path

from services.directory.actions import add_first_administrator
from services.embedded.client import Client
from services.embedded.postgres import AlreadyRunning, in_use
from services.embedded.progress import say
from services.embedded.samples import SAMPLES, sample_requests, send_requests, send_who_is_who
from services.embedded.together import SAMPLE_PASSWORD, Options, PortInUse, Together, refuse_port_in_use
from shared.london import london_date

ADMINISTRATOR = "admin@earlyhelp.example"


def run(options: Options, *, fresh: bool) -> None:
    """Run until Ctrl-C or SIGTERM; raises SystemExit with one clear line when it cannot start."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    together = Together(options)
    try:
        refuse_port_in_use(options.port)
        if fresh:
            start_over(options.folder)
            together = Together(options)
        say("Starting PostgreSQL and the four services ...")
        together.start()
    except (PortInUse, AlreadyRunning) as error:
        raise SystemExit(str(error)) from None
    try:
        fill_with_samples(together, stop)
        if not stop.is_set():
            say(ready_line(options))
        stop.wait()
        say("Stopping ...")
    finally:
        together.stop()


def start_over(folder: Path) -> None:
    """Throw the state in `folder` away; raises AlreadyRunning when it is in use."""
    if in_use(folder / "postgres"):
        raise AlreadyRunning(f"{folder} is in use. Stop that system before you start over.")
    shutil.rmtree(folder, ignore_errors=True)


def fill_with_samples(together: Together, stop: threading.Event | None = None) -> None:
    """Send the samples unless that was done before; safe to repeat after an interruption."""
    done = together.options.folder / "samples-sent"
    if done.exists() or (stop is not None and stop.is_set()):
        return
    administrator = sign_in_administrator(together)
    send_who_is_who(administrator, together.options.authority, SAMPLE_PASSWORD)
    portal = Client(together.options.url, together.keys.portal)
    today = london_date(together.held["referrals"].clock.now())
    send_requests(portal, sample_requests(together.options.authority, today))
    done.touch()


def sign_in_administrator(together: Together) -> Client:
    """Return a client of the first administrator, made where there is none yet."""
    with together.held["directory"].database.begin() as session:
        add_first_administrator(session, ADMINISTRATOR, "Sample Administrator", SAMPLE_PASSWORD)
    return Client.signed_in(together.options.url, ADMINISTRATOR, SAMPLE_PASSWORD)


def ready_line(options: Options) -> str:
    """Return the line that says where to go and whom to sign in as."""
    keys = "front-door, coordinator, chair, school"
    return (
        f"Ready: {options.url}  Sign in with one click as any sample person ({keys}, ... in"
        f" {SAMPLES.name}/{options.authority}/people.json), password {SAMPLE_PASSWORD!r}. Ctrl-C stops everything."
    )
