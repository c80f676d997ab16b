"""Lets the workers of gunicorn, each a process, keep one set of figures: in files, of which every worker writes its own.

A worker that takes another's place goes on with its files, so that there are never more of them than workers.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, make_wsgi_app, values
from prometheus_client.multiprocess import MultiProcessCollector

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class SharedFigures:
    """The files in which workers count. The parent makes and removes the folder; each worker says its number."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="early-help-figures-"))
        self._worker = 0
        # The library looks for the folder in the environment, and for what keeps a value here, whenever it
        # meets new labels: every figure has labels, and nothing is counted before there are workers.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(self._folder)
        values.ValueClass = values.MultiProcessValue(lambda: self._worker)  # type: ignore[no-untyped-call]

    def begin_worker(self, number: int) -> None:
        """Count in the files of this number from now on; no two living workers may have the same."""
        self._worker = number

    def beside(self, app: "WSGIApplication", port: int) -> "WSGIApplication":
        """Return what answers with all workers' figures on `port`, and as `app` on any other."""
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(self._folder))  # type: ignore[no-untyped-call]
        figures = make_wsgi_app(registry)

        def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            # The port of the socket that was connected to; what a request's headers say has no part in it.
            chosen = figures if environ["SERVER_PORT"] == str(port) else app
            return chosen(environ, start_response)

        return answer

    def remove(self) -> None:
        """Remove the files."""
        shutil.rmtree(self._folder, ignore_errors=True)
