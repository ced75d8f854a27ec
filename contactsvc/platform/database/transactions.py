"""The unit of work: what is written in one transaction happens as a whole, or not at all.

A use case opens a :func:`transaction`, and what it calls joins it. An error that leaves any part of
it rolls back the whole; only a :func:`savepoint` lets an error be caught and the work go on. What
must follow a commit is registered by :func:`after_commit` where it is written, so that no caller
has to remember it.

A transaction belongs to the task that opened it. A task that is begun inside works outside of it:
it may go on when the transaction is over.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from tortoise.transactions import in_transaction

logger = logging.getLogger(__name__)


class RolledBack(RuntimeError):
    """An error that left a joined transaction was caught, and the work went on as if it were done.

    Its cause is that error. Catch it around a :func:`savepoint` instead.
    """


@dataclass
class _Scope:
    """An open transaction or savepoint.

    Args:
        task: The task that opened it.
        hooks: What follows its commit, in order.
        error: The error that left a part which had joined. The scope must not be committed then.
    """

    task: asyncio.Task[Any] | None
    hooks: list[Callable[[], object]] = field(default_factory=list)
    error: BaseException | None = None


_SCOPE: Final[ContextVar[_Scope | None]] = ContextVar("scope", default=None)


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Commit what is written inside, or nothing where an error leaves it; join the open one.

    Raises:
        RolledBack: An error left a part that had joined, and somebody caught it on its way.
    """
    scope = _current()
    if scope is None:
        async with savepoint():
            yield
        return
    try:
        yield
    except BaseException as error:
        scope.error = scope.error or error
        raise


@asynccontextmanager
async def savepoint() -> AsyncIterator[None]:
    """Roll back what is written inside if an error leaves the block, and nothing else.

    For the place that catches the error and goes on. Where no transaction is open, it opens one.

    Raises:
        RolledBack: As :func:`transaction`.
    """
    outer, scope = _current(), _Scope(asyncio.current_task())
    token = _SCOPE.set(scope)
    try:
        async with in_transaction():
            yield
            if scope.error is not None:
                raise RolledBack from scope.error
    finally:
        _SCOPE.reset(token)
    for hook in scope.hooks:
        if outer is None:
            _call(hook)
        else:
            outer.hooks.append(hook)


def is_open() -> bool:
    """Return whether this task is inside a transaction."""
    return _current() is not None


def after_commit(hook: Callable[[], object]) -> None:
    """Call something when the open transaction has been committed; at once where none is open.

    Hooks are called in the order in which they were registered, outside of the transaction and
    before it returns to whoever opened it. They are not called after a rollback, nor where nobody
    knows how a COMMIT has ended: the connection was lost, or the task cancelled. One that fails is
    logged, and changes nothing of what has been committed.

    Args:
        hook: It must not block; what takes time begins a task.
    """
    scope = _current()
    if scope is None:
        _call(hook)
    else:
        scope.hooks.append(hook)


def _current() -> _Scope | None:
    """Return this task's innermost scope; another task's may have been inherited."""
    scope = _SCOPE.get()
    return scope if scope is not None and scope.task is asyncio.current_task() else None


def _call(hook: Callable[[], object]) -> None:
    try:
        hook()
    except Exception:
        logger.exception("What was to follow a commit has failed.")
