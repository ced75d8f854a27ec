"""What a request wants to be told of resources, and the answer for each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from contactsvc.contacts.dav.address_data import AddressData
from contactsvc.contacts.dav.properties import NEED_TEXT, PROPERTIES, Value
from contactsvc.contacts.dav.resources import Kind, Resource
from contactsvc.contacts.dav.xml.names import ADDRESS_DATA
from contactsvc.contacts.dav.xml.writer import element, propstat, response, status, tag

OK: Final = status("200 OK")
NOT_FOUND: Final = status("404 Not Found")


class _Written(NamedTuple):
    """A property that a kind of resources has: its tags, and what gives its value."""

    start: str
    end: str
    value: Value


@dataclass
class Selection:
    """The properties that are wanted.

    Args:
        names: Their names; None is those that RFC 4918 calls ``allprop``.
        names_only: Whether all names are wanted, and no values (``propname``).
        is_brief: Whether nothing is to be said of properties that a resource does not have (RFC
            8144, 2.1).
        address_data: How the texts of cards are wanted, where they are.
        included: What is wanted besides ``allprop`` (RFC 4918, 14.8).
    """

    names: Sequence[str] | None = None
    names_only: bool = False
    is_brief: bool = False
    address_data: AddressData | None = None
    included: Sequence[str] = ()
    _plans: dict[Kind, tuple[list[_Written], str]] = field(default_factory=dict, init=False)

    @property
    def needs_text(self) -> bool:
        """Whether the texts of cards are needed."""
        return not self.names_only and not NEED_TEXT.isdisjoint(self.names or self.included)

    def response(self, resource: Resource) -> str:
        """Return what is wanted of a resource, as an element ``response``."""
        written, missing = self._plan(resource.kind)
        found: list[str] = []
        for start, end, tell in written:
            value = tell(resource)
            if value:
                found.append(f"<{start}>{value}</{end}>")
            elif value is None:
                missing += f"<{start}/>"
            else:
                found.append(f"<{start}/>")
        content = propstat(OK, "".join(found)) if found or not missing else ""
        if missing and not (self.is_brief and found):
            content += propstat(NOT_FOUND, missing)
        return response(resource.href, content)

    def _plan(self, kind: Kind) -> tuple[list[_Written], str]:
        """Return the properties that a kind of resources has, and the elements of the others."""
        plan = self._plans.get(kind)
        if plan is None:
            plan = self._plans[kind] = self._planned(kind)
        return plan

    def _planned(self, kind: Kind) -> tuple[list[_Written], str]:
        known, wanted = PROPERTIES[kind], self.names
        if self.names_only:
            return [_Written(*tag(name), lambda _: "") for name in known], ""
        if wanted is None:
            common = [each.name for each in known.values() if each.in_allprop]
            wanted = list(dict.fromkeys([*common, *self.included]))
        written: list[_Written] = []
        missing = ""
        for name in wanted:
            if name in known:
                written.append(_Written(*tag(name), known[name].value))
            elif name == ADDRESS_DATA and kind is Kind.CARD and self.address_data:
                written.append(_Written(*tag(name), self.address_data.value))
            else:
                missing += element(name)
        return written, missing
