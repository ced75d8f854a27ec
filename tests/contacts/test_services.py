"""Views of contacts find the services of the whole application."""

from contactsvc import assembly
from contactsvc.app import create_app
from contactsvc.contacts.services import ContactServices, services_of
from contactsvc.platform.settings import Settings


def test_the_services_of_contacts_are_those_of_the_assembly(settings: Settings) -> None:
    app = create_app(assembly.assemble(settings))

    assert services_of(app) is assembly.services_of(app)
    assert isinstance(services_of(app), ContactServices)
