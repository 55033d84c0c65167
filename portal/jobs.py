"""Background work: a second process takes it from the queue. Enqueue only after the transaction it follows."""

from __future__ import annotations

import logging
from typing import Any

from huey import Huey, SqliteHuey

from .db import Installation
from .settings import Settings, own_file, own_folder

logger = logging.getLogger(__name__)


def make_queue(settings: Settings) -> Huey:
    """The queue of an installation: Redis where one is set, else a SQLite file of its own."""
    if settings.redis_url:
        from huey import RedisHuey

        return RedisHuey("minyi", url=settings.redis_url)
    file = own_folder(settings.data_dir) / "jobs.db"
    own_file(file)
    return SqliteHuey("minyi", filename=str(file))


class Jobs:
    """The portal's jobs on one queue."""

    def __init__(self, place: Installation) -> None:
        self.place = place
        self.queue = make_queue(place.settings)
        self._score = self.queue.task()(self.run_score)
        self._import = self.queue.task()(self.run_import)

    def score(self, run_id: str) -> None:
        """Enqueue a score run."""
        self._score(run_id)

    def import_file(self, path: str, map_path: str) -> None:
        """Enqueue an import of a file that the worker can read."""
        self._import(path, map_path)

    def run_score(self, run_id: str) -> bool:
        from .releases.run import execute

        return execute(self.place, run_id)

    def run_import(self, path: str, map_path: str) -> str:
        from .imports import import_responses

        return import_responses(self.place, path, map_path).wave_id

    def append_batch(self) -> int:
        """Write what is due into the log."""
        place = self.place
        with place.database.write() as connection:
            n = place.log.append_due(connection, place.now(), place.today(), minimum=place.settings.batch_minimum)
        if n:
            place.database.forget("response", "log_pending", "spent_invitation")
            logger.info("batch of %s leaves logged", n)
        return n


def work(place: Installation) -> None:
    """Run the worker until it is stopped: one thread for jobs, and the log's batches at their interval."""
    import threading

    jobs = Jobs(place)
    consumer: Any = jobs.queue.create_consumer(workers=1, periodic=False, check_worker_health=True)
    stopped = threading.Event()

    def batches() -> None:
        while not stopped.wait(place.settings.batch_seconds):
            try:
                jobs.append_batch()
            except Exception:
                logger.exception("the batch could not be logged; it is tried again")

    thread = threading.Thread(target=batches, name="batches", daemon=True)
    thread.start()
    try:
        consumer.run()
    finally:
        stopped.set()
