"""Views of every wing find the same services, each those that it knows."""

from contactsvc import assembly
from contactsvc.accounts.services import AccountServices, services_of
from contactsvc.app import create_app
from contactsvc.platform.settings import Settings


def test_the_services_of_accounts_are_those_of_the_assembly(settings: Settings) -> None:
    app = create_app(assembly.assemble(settings))

    assert services_of(app) is assembly.services_of(app)
    assert isinstance(services_of(app), AccountServices)
