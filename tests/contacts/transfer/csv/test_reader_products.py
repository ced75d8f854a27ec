"""Files with the headers that products really write."""

import csv
import io

import pytest

from contactsvc.contacts.transfer.csv.reader import read
from contactsvc.contacts.transfer.records import ReadContact
from tests.contacts.transfer.csv.products import (
    FROM_CARDS,
    GOOGLE_UNTIL_2024,
    OUTLOOK,
    OUTLOOK_FRENCH,
    OUTLOOK_GERMAN,
    OUTLOOK_ITALIAN,
    OUTLOOK_SPANISH,
    THUNDERBIRD_BRITISH,
    THUNDERBIRD_GERMAN,
    address,
    entry,
    labelled,
    read_row,
)


def test_google_until_2024() -> None:
    assert read_row(
        GOOGLE_UNTIL_2024,
        **{
            "Name": "Dr. Ada Marie Lovelace",
            "Given Name": "Ada",
            "Additional Name": "Marie",
            "Family Name": "Lovelace",
            "Name Prefix": "Dr.",
            "Birthday": "1815-12-10",
            "Gender": "f",
            "Group Membership": "* myContacts ::: Engineers",
            "E-mail 1 - Type": "Other",
            "E-mail 1 - Value": "ada@home.example",
            "E-mail 2 - Type": "* Work",
            "E-mail 2 - Value": "ada@work.example",
            "Phone 1 - Type": "Work Fax",
            "Phone 1 - Value": "+44 20 7946 0000 ::: +44 20 7946 0001",
            "Address 1 - Type": "Home",
            "Address 1 - Formatted": "12 Baker St\nLondon",
            "Address 1 - Street": "12 Baker St",
            "Address 1 - City": "London",
            "Address 1 - Extended Address": "Flat 2",
            "Organization 1 - Name": "Engines Ltd",
            "Organization 1 - Title": "Engineer",
            "Website 1 - Type": "Profile",
            "Website 1 - Value": "https://x.example/ada",
            "Event 1 - Type": "Anniversary",
            "Event 1 - Value": " --07-08",
            "Relation 1 - Type": "Spouse",
            "Relation 1 - Value": "William King",
            "IM 1 - Type": "Home",
            "IM 1 - Service": "Signal",
            "IM 1 - Value": "ada.42",
        },
    ) == {
        "prefix": "Dr.",
        "first_name": "Ada",
        "middle_name": "Marie",
        "last_name": "Lovelace",
        "birthday": "1815-12-10",
        "tags": ["Engineers"],
        "organization": "Engines Ltd",
        "title": "Engineer",
        "emails": [entry("ada@work.example", "work"), entry("ada@home.example", "other")],
        "phones": [
            entry("+44 20 7946 0000", "fax", "Work"),
            entry("+44 20 7946 0001", "fax", "Work"),
        ],
        "addresses": [address("home", street="12 Baker St", city="London", extended="Flat 2")],
        "urls": [entry("https://x.example/ada", None, "Profile")],
        "dates": [labelled("--07-08", "Anniversary")],
        "relations": [labelled("William King", "Spouse")],
        "custom": [labelled("f", "Gender"), labelled("ada.42", "Signal")],
    }


def test_outlook_in_english() -> None:
    assert read_row(
        OUTLOOK,
        **{
            "First Name": "Alan",
            "Last Name": "Turing",
            "Title": "Mr.",
            "Initials": "A.T.",
            "Gender": "Unspecified",
            "Birthday": "6/23/1912",
            "Anniversary": "0/0/00",
            "E-mail Address": "alan@x.example",
            "E-mail 2 Address": "work@x.example",
            "Home Fax": "1",
            "Home Address": "Hut 8, Bletchley",
            "Home Street": "Hut 8",
            "Home Street 2": "Bletchley Park",
            "Home City": "Bletchley",
            "Home Address PO Box": "7",
            "Manager's Name": "Max Newman",
            "Company Main Phone": "2",
            "Car Phone": "3",
            "Company": "GC&CS",
            "Job Title": "Cryptanalyst",
            "Business Address": "Wilton Ave, Milton Keynes",
            "Priority": "Normal",
            "Private": "False",
            "Office Location": "Hut 8",
            "Categories": "Friends;Chess",
        },
    ) == {
        "first_name": "Alan",
        "last_name": "Turing",
        "prefix": "Mr.",
        "title": "Cryptanalyst",
        "organization": "GC&CS",
        "birthday": "1912-06-23",
        "tags": ["Friends", "Chess"],
        "emails": [entry("alan@x.example"), entry("work@x.example")],
        "phones": [
            entry("1", "fax", "Home"),
            entry("2", "work", "Company"),
            entry("3", "mobile", "Car"),
        ],
        "addresses": [
            address("home", street="Hut 8\nBletchley Park", city="Bletchley", po_box="7"),
            address("work", street="Wilton Ave, Milton Keynes"),
        ],
        "relations": [labelled("Max Newman", "Manager")],
        "custom": [labelled("Hut 8", "Office Location")],
    }


EVERYWHERE = {
    "prefix": "Dr",
    "first_name": "Eve",
    "last_name": "Ng",
    "organization": "Loom",
    "title": "Weaver",
    "birthday": "1990-02-01",
    "tags": ["Chess"],
    "emails": [entry("eve@x.example"), entry("ng@x.example")],
    "phones": [entry("1", "work"), entry("2", "mobile")],
    "addresses": [address("work", street="Weg 4\nHof", city="Aba", country="NG")],
    "urls": [entry("https://x.example")],
}


@pytest.mark.parametrize(
    ("header", "names"),
    [
        (
            OUTLOOK_GERMAN,
            "Anrede|Vorname|Nachname|Firma|Position|Geburtstag|Kategorien|E-Mail-Adresse"
            "|E-Mail 2: Adresse|Telefon geschäftlich|Mobiltelefon|Straße geschäftlich"
            "|Straße geschäftlich 2|Ort geschäftlich|Land/Region geschäftlich|Webseite",
        ),
        (
            OUTLOOK_FRENCH,
            "Titre|Prénom|Nom|Société|Titre|Anniversaire|Catégories|Adresse de messagerie"
            "|Adresse de messagerie 2|Téléphone (bureau)|Tél. mobile|Rue (bureau)|Rue (bureau) 2"
            "|Ville (bureau)|Pays/Région (bureau)|Page Web",
        ),
        (
            OUTLOOK_SPANISH,
            "Title|Nombre|Apellidos|Organización|Puesto|Birthday|Categorías|E-mail Address"
            "|Dirección de correo electrónico 2|Teléfono del trabajo|Mobile Phone"
            "|Calle del trabajo|Calle del trabajo 2|Ciudad de trabajo|País o región del trabajo"
            "|Página web",
        ),
        (
            OUTLOOK_ITALIAN,
            "Titolo|Nome|Cognome|Società|Posizione|Compleanno|Categorie"
            "|Indirizzo posta elettronica|Indirizzo posta elettronica 2|Ufficio|Cellulare"
            "|Via (uff.)|Via (uff.) 2|Città (uff.)|Paese/area geografica (uff.)|Pagina Web",
        ),
    ],
)
def test_outlook_in_other_languages(header: str, names: str) -> None:
    cells = "Dr|Eve|Ng|Loom|Weaver|1.2.1990|Chess|eve@x.example|ng@x.example|1|2|Weg 4|Hof|Aba|NG"
    places = next(csv.reader([header]))
    row = [""] * len(places)
    for name, text in zip(names.split("|"), [*cells.split("|"), "https://x.example"], strict=True):
        place = places.index(name)
        row[places.index(name, place + 1) if row[place] else place] = text
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows([places, row])

    (contact,) = read([file.getvalue().encode("cp1252")]).contacts

    assert isinstance(contact, ReadContact)
    assert contact.fields == EVERYWHERE


@pytest.mark.parametrize(
    ("header", "names"),
    [
        (
            THUNDERBIRD_GERMAN,
            "Vorname|Nachname|Anzeigename|Primäre E-Mail-Adresse|Tel. dienstlich|Mobil-Tel.-Nr."
            "|Privat: Adresse|Privat: Adresse 2|Privat: PLZ|Organisation|Webseite 2|Geburtsjahr"
            "|Geburtsmonat|Geburtstag",
        ),
        (
            THUNDERBIRD_BRITISH,
            "First Name|Last Name|Display Name|Primary Email|Work Phone|Mobile Number"
            "|Home Address|Home Address 2|Home Post Code|Organisation|Web Page 2|Birth Year"
            "|Birth Month|Birth Day",
        ),
    ],
)
def test_thunderbird(header: str, names: str) -> None:
    cells = "Eve|Ng|Eve Ng|eve@x.example|1|2|Weg 4|Hof|77|Loom|https://x.example|1990|2|1"

    assert read_row(header, **dict(zip(names.split("|"), cells.split("|"), strict=True))) == {
        "first_name": "Eve",
        "last_name": "Ng",
        "emails": [entry("eve@x.example")],
        "phones": [entry("1", "work"), entry("2", "mobile")],
        "addresses": [address("home", street="Weg 4\nHof", postal_code="77")],
        "organization": "Loom",
        "urls": [entry("https://x.example", "home")],
        "birthday": "1990-02-01",
    }


def test_a_converter_of_cards() -> None:
    assert read_row(
        FROM_CARDS,
        **{
            "First name": "Eve",
            "Company": "Loom",
            "Phone (mobile)": "1",
            "Phone (work fax)": "2",
            "Email (work)": "eve@x.example",
            "Address (home) - Street": "Weg 4",
            "Address (home) - Zip": "77",
            "Url (home)": "https://x.example",
            "Note": "x",
        },
    ) == {
        "first_name": "Eve",
        "organization": "Loom",
        "phones": [entry("1", "mobile"), entry("2", "fax", "Work")],
        "emails": [entry("eve@x.example", "work")],
        "addresses": [address("home", street="Weg 4", postal_code="77")],
        "urls": [entry("https://x.example", "home")],
        "notes": "x",
    }
