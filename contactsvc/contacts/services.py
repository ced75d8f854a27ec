"""The services that views of contacts use, and how they are reached."""

from dataclasses import dataclass
from typing import cast

from aiohttp import web

from contactsvc.accounts.services import AccountServices
from contactsvc.contacts.reminders.unsubscribe_tokens import UnsubscribeTokens
from contactsvc.platform.admission import Admission, Queue, Queues
from contactsvc.platform.storage.pictures import Pictures
from contactsvc.web.keys import SERVICES
from contactsvc.web.upload_slots import UploadSlots


@dataclass(frozen=True, kw_only=True)
class ContactServices(AccountServices):
    """The services of contacts, beside those of accounts."""

    card_lists: Queues
    batches: Admission
    card_queries: Admission
    data_exports: Admission
    duplicate_searches: Admission
    exports: Admission
    feeds: Admission
    import_uploads: UploadSlots
    imports: Queue
    pictures: Pictures
    photo_uploads: Admission
    unsubscribe_tokens: UnsubscribeTokens


def services_of(app: web.Application) -> ContactServices:
    """Return the services of an application, which is always assembled with those of contacts."""
    return cast(ContactServices, app[SERVICES])
