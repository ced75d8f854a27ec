"""Several processes at one port, supervised by gunicorn, which ``contactsvc serve`` becomes.

It is a program of its own, ``python -m contactsvc.workers``, because prometheus-client decides when
it is imported whether it counts for one process or for several.
"""

import gc
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, cast

from aiohttp import web
from aiohttp.worker import GunicornUVLoopWebWorker
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger

from contactsvc.platform import logs, memory, sockets
from contactsvc.platform.settings import Settings, load_settings

if TYPE_CHECKING:
    from contactsvc.web.draining import Draining

HEARTBEAT_TIMEOUT: Final = 30
"""Seconds without a sign of life after which a worker is replaced."""

CLOSE_TIMEOUT: Final = 10
"""Seconds that a worker may need, beyond its requests, to close what it has open."""


class ServiceWorker(GunicornUVLoopWebWorker):
    """One process that serves; SIGTERM lets it leave as ``contactsvc serve`` alone does."""

    draining: "Draining | None" = None
    signals_before: "SimpleQueue[int]"
    """What the handlers of the master, which a fork inherits, have heard in this process."""

    def init_signals(self) -> None:
        """Leave them to the master's handlers: uvloop forgets what comes before it runs."""

    def load_wsgi(self) -> None:
        """Hand over the sockets and the factory of the application, which runs in the loop."""
        # uvloop closes a socket that it is given, and gunicorn's wrapper would not hear of it.
        self.sockets = [listener.sock for listener in cast(Any, self.sockets)]
        self.wsgi = cast(Any, self._make_runner)  # aiohttp's worker awaits it

    async def _make_runner(self) -> web.AppRunner:
        self._heed_signals()
        # Not at the top: prometheus-client needs PROMETHEUS_MULTIPROC_DIR before it is imported.
        from contactsvc.app import create_app, freeze_garbage
        from contactsvc.assembly import assemble
        from contactsvc.web.middleware.access_log import AccessLog

        memory.share_one_arena()
        settings = cast(Service, self.app).settings
        services = assemble(settings)
        app = create_app(services)
        app.on_startup.append(freeze_garbage)
        app.cleanup_ctx.append(memory.trimming)
        self.draining = services.draining
        self.delay = settings.shutdown_delay
        return web.AppRunner(
            app, access_log_class=AccessLog, shutdown_timeout=settings.shutdown_timeout
        )

    def _heed_signals(self) -> None:
        """Heed signals from now on, and those that have come before."""
        super().init_signals()
        with suppress(Empty):
            while True:
                sig = self.signals_before.get_nowait()
                if sig == signal.SIGTERM:
                    self.handle_exit(sig, None)
                elif sig in (signal.SIGINT, signal.SIGQUIT):
                    self.handle_quit(sig, None)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Stop, but not at once; a second SIGTERM does not wait."""
        if self.draining is None or self.draining.is_on:
            self._stop()
            return
        self.draining.begin(self.delay)
        self.loop.call_later(self.delay, self._stop)

    def _stop(self) -> None:
        self.alive = False
        self._notify_waiter_done()


class ServiceLogger(Logger):
    """Gives gunicorn's own log lines the format of all the others."""

    def setup(self, cfg: Config) -> None:
        """Pass the lines on to the root logger."""
        self.error_log.propagate = True
        self.error_log.setLevel(logging.NOTSET)


class Service(BaseApplication):
    """The service as gunicorn sees it.

    Args:
        workers: Number of processes that serve, from 1.
        listening: Bound sockets; gunicorn takes them over.
        metrics_folder: Folder for the metrics of all workers; any of them can add up the files.
    """

    def __init__(
        self,
        settings: Settings,
        workers: int,
        listening: list[socket.socket],
        metrics_folder: str,
    ) -> None:
        self.settings = settings
        self._options = {
            "bind": [f"fd://{each.detach()}" for each in listening],
            "workers": workers,
            "worker_class": ServiceWorker,
            "preload_app": True,
            "logger_class": ServiceLogger,
            "timeout": HEARTBEAT_TIMEOUT,
            "graceful_timeout": settings.shutdown_delay + settings.shutdown_timeout + CLOSE_TIMEOUT,
            "raw_env": [f"PROMETHEUS_MULTIPROC_DIR={metrics_folder}"],
            "post_fork": _hand_over_signals,
            "child_exit": _forget,
            "control_socket_disable": True,  # nothing uses it, and it would open the master
            "proc_name": "contactsvc",
        }
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn the options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Import the application in the master, so that workers share its memory.

        gunicorn calls it before the first fork, with ``raw_env`` in the environment. No connection
        and no thread may be opened here. Each worker makes an application of its own.
        """
        with memory.without_collections():
            from contactsvc import app  # noqa: F401 - for its modules
            from contactsvc.platform.text import sort_keys

            sort_keys.collator()
        gc.freeze()  # the collector would write to the shared pages


def _hand_over_signals(master: Arbiter, worker: ServiceWorker) -> None:
    worker.signals_before = master.SIG_QUEUE


def _forget(_: Arbiter, worker: ServiceWorker) -> None:
    from contactsvc.platform import metrics

    metrics.forget(int(worker.pid))


def main(workers: int) -> None:
    """Serve with so many processes until SIGTERM or Ctrl-C; exit where the port is taken."""
    settings = load_settings()
    logs.configure(settings.log_level, settings.log_format)
    try:
        listening = sockets.bound(settings.host, settings.port)
    except sockets.CannotListen as error:
        sys.exit(f"Error: {error}")
    folder, master = tempfile.mkdtemp(prefix="contactsvc-metrics-"), os.getpid()
    try:
        Service(settings, workers, listening, folder).run()
    finally:
        if os.getpid() == master:  # workers, being forks, come by here, too
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
