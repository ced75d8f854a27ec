"""Answers lists in pages; a cursor works only for the query that it was made for."""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import orjson
from yarl import URL

from contactsvc.platform.database.keysets import Page
from contactsvc.web.keys import USER_ID
from contactsvc.web.view import View


@dataclass(frozen=True)
class CursorScope:
    """How the query that a cursor is bound to is turned into the name that is signed with it.

    New lists use the default: path, user, and every parameter with its value. Lists that version
    0.1.0 had keep its format, because a client may be between two pages while the service is
    updated. Every parameter counts in every format.

    Args:
        kind: The prefix of the name; changing it invalidates all cursors that were given out.
        by_user: Whether cursors of other users are refused.
        values_of: Parameters whose values come first, without names, in place of the path (0.1.0).
    """

    kind: str = "list"
    by_user: bool = True
    values_of: tuple[str, ...] = ()

    def name(self, path: str, user_id: int, parameters: dict[str, Any]) -> str:
        """Return the name of a query, with which its cursors are signed."""
        named = {name: v for name, v in parameters.items() if name not in self.values_of}
        parts: list[Any] = [user_id] if self.by_user else []
        parts += [parameters[name] for name in self.values_of]
        if not self.values_of:
            parts.insert(0, path)
        if named or not self.values_of:
            parts.append(named)
        digest = sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()
        return f"{self.kind}:{digest}"


DEFAULT_SCOPE: Final = CursorScope()


class Listing:
    """One request for a page of a list: its limit, filters and cursor.

    Args:
        view: The view that answers. Its query schema is a PageQuerySchema. The parameter ``sort``,
            if there is one, is the order; all others are filters.
        free: Parameters that may differ from page to page, because they are neither filters nor the
            order.
        scope: The format of the cursor's name; given only by lists that version 0.1.0 had.

    Raises:
        ValidationFailed: The cursor was made for another list, query or user, or is forged.
    """

    def __init__(
        self, view: View, *, free: Collection[str] = (), scope: CursorScope = DEFAULT_SCOPE
    ) -> None:
        query = view.query
        asked = {k: v for k, v in query.items() if k not in ("limit", "cursor", *free)}
        self._request = view.request
        self._cursors = view.services.cursors
        self._name = scope.name(view.request.path.rstrip("/"), view.request[USER_ID], asked)
        self.limit: int = query["limit"]
        cursor = query["cursor"]
        self.after = None if cursor is None else self._cursors.open(self._name, cursor)
        """The position after which the page begins; None for the first page."""
        self.filters = {k: v for k, v in asked.items() if k != "sort"}
        """The filters: validated values by the names of their parameters."""

    def answer(self, page: Page[Any]) -> dict[str, Any]:
        """Return the JSON object of a page, with the cursor of the next one."""
        position = page.next_position
        cursor = None if position is None else self._cursors.seal(self._name, position)
        return {"items": page.rows, "next_cursor": cursor}

    def link(self, url: str, next_cursor: str | None) -> str:
        """Return a Link header (RFC 8288): the first page, and the next one if there is one.

        Args:
            url: The absolute URL of the list, without a query.
            next_cursor: The cursor of the next page; None on the last.
        """
        asked = [(name, v) for name, v in self._request.query.items() if name != "cursor"]
        first = URL(url).with_query(asked)
        links = [f'<{first}>; rel="first"']
        if next_cursor is not None:
            # A cursor has no character that a query would quote.
            links.append(f'<{first}{"&" if asked else "?"}cursor={next_cursor}>; rel="next"')
        return ", ".join(links)
