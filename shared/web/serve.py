"""Serves a service's pages and API by gunicorn, as deployed; how it runs is in `deploy/gunicorn.conf.py`."""

import gc
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from gunicorn.app.base import Application
from gunicorn.glogging import Logger

from shared.metrics.workers import SharedFigures
from shared.service import Resources, Service, ServiceSettings, open_resources
from shared.web.following import Followers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_HOW_IT_RUNS = Path(__file__).parents[2] / "deploy" / "gunicorn.conf.py"


class Web(Application):  # type: ignore[misc]
    """One service under gunicorn. The parent opens nothing: each worker has its own app and its own database pool."""

    def __init__(self, service: Service, settings: ServiceSettings) -> None:
        self._service = service
        self._settings = settings
        self._resources: Resources | None = None
        self._is_stopping: Callable[[], bool] = lambda: False
        super().__init__(prog=service.name)
        self._figures = SharedFigures() if settings.metrics_port else None

    def load_config(self) -> None:
        """Read how to run; gunicorn itself would read our own command line too."""
        self.load_config_from_file(str(_HOW_IT_RUNS))
        self.cfg.set("logger_class", QuietLogger)

    def begin_worker(self, number: int, is_stopping: Callable[[], bool]) -> None:
        """Count this worker's requests under its number, which no other living one has; `is_stopping` asks it."""
        self._is_stopping = is_stopping
        if self._figures is not None:
            self._figures.begin_worker(number)

    def load(self) -> "WSGIApplication":
        """Return the app; gunicorn asks for it in each worker, after the fork."""
        self._resources = open_resources(self._service.name, self._settings)
        app = self._service.create_app(self._resources)
        followers: Followers | None = app.extensions.get("followers")
        if followers is not None:
            # They hold threads for which a worker that is told to stop would wait in vain.
            followers.is_stopping = self._is_stopping
        _spare_what_stays()
        port = self._settings.metrics_port
        return app if self._figures is None or port is None else self._figures.beside(app, port)

    def close(self) -> None:
        """Let a worker's database connections go."""
        if self._resources is not None:
            self._resources.database.close()

    def end(self) -> None:
        """Leave nothing behind, when the parent ends."""
        if self._figures is not None:
            self._figures.remove()


def _spare_what_stays() -> None:
    """Take what was made by now from the garbage collector: walking through it held up some pages for 0.2 s."""
    gc.collect()
    gc.freeze()


class QuietLogger(Logger):  # type: ignore[misc]
    """gunicorn's own words as lines of our log, without what they quote: an address may hold a name.

    There is no access log: the line of each request is written by `shared/web/app.py`.
    """

    def critical(self, msg: Any, *args: Any, **_: Any) -> None:
        """Log a disaster."""
        _log("critical", msg, args)

    def error(self, msg: Any, *args: Any, **_: Any) -> None:
        """Log a failure."""
        _log("error", msg, args)

    def warning(self, msg: Any, *args: Any, **_: Any) -> None:
        """Log something odd."""
        _log("warning", msg, args)

    def info(self, msg: Any, *args: Any, **_: Any) -> None:
        """Log a step."""
        _log("info", msg, args)

    def exception(self, msg: Any, *args: Any, **_: Any) -> None:
        """Log the exception that is being handled: its type and places only."""
        _log("error", msg, args, exc_info=sys.exc_info()[1])

    def debug(self, msg: Any, *args: Any, **_: Any) -> None:
        """Log nothing."""

    def log(self, lvl: Any, msg: Any, *args: Any, **_: Any) -> None:
        """Log at the level that gunicorn chose."""
        _log(str(lvl).lower() if isinstance(lvl, str) else "info", msg, args)

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Log nothing."""


def _log(level: str, msg: Any, args: tuple[Any, ...], **more: Any) -> None:
    logger = structlog.get_logger()
    getattr(logger, level, logger.info)(f"gunicorn: {_without_data(str(msg), args)}", **more)


def _without_data(msg: str, args: tuple[Any, ...]) -> str:
    """Return a message with the numbers of its arguments only; of one that came put together, the beginning."""
    if not args:
        return re.split(r"[:='\"(\n]", msg)[0]
    try:
        return msg % tuple(arg if isinstance(arg, int) else "..." for arg in args)
    except (TypeError, ValueError):
        return msg
