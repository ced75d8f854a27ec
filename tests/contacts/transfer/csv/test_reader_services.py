"""Files with the headers that services on the web write."""

from contactsvc.contacts.transfer.csv.reader import read
from contactsvc.contacts.transfer.records import ReadContact
from tests.contacts.transfer.csv.products import entry, labelled, read_row


def test_linkedin_writes_prose_before_its_header() -> None:
    file = (
        'Notes:\n"When exporting your connection data, you may see that,\nfor some, it is not."\n'
        "\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Ana,Souza,https://www.linkedin.com/in/ana,ana@example.com,Acme,CEO,05 Mar 2021\n"
    )

    (contact,) = read([file.encode()]).contacts

    assert isinstance(contact, ReadContact)
    fields = contact.fields
    assert (contact.line, fields["last_name"], fields["title"]) == (6, "Souza", "CEO")
    assert fields["emails"] == [entry("ana@example.com")]
    assert fields["custom"] == [labelled("05 Mar 2021", "Connected On")]


def test_yahoo() -> None:
    header = "First,Middle,Last,Nickname,Email,Category,Home,Work,Pager,Fax,Mobile,Other,Comments"
    phones = {"Home": "1", "Work": "2", "Mobile": "3", "Other": "4"}

    found = read_row(header, First="Ada", Comments="x", **phones)

    assert found["phones"] == [
        entry("1", "home"),
        entry("2", "work"),
        entry("3", "mobile"),
        entry("4", "other"),
    ]


def test_gmx() -> None:
    header = "Anrede,Vorname,Name,E-Mail Privat,Mobil Privat,Mobil Geschäftlich,Ort"

    found = read_row(header, **{"Name": "Groß", "Mobil Privat": "1", "Mobil Geschäftlich": "2"})

    assert found["last_name"] == "Groß"
    assert found["phones"] == [entry("1", "mobile"), entry("2", "mobile")]


def test_mail_ru() -> None:
    file = "Имя,Фамилия,Отчество,Мобильный телефон,День рождения\nЯн,Ге,Сергеевич,1,15.03.1980\n"

    (contact,) = read([file.encode("cp1251")]).contacts

    assert isinstance(contact, ReadContact)
    assert contact.fields == {
        "first_name": "Ян",
        "last_name": "Ге",
        "middle_name": "Сергеевич",
        "birthday": "1980-03-15",
        "phones": [entry("1", "mobile")],
    }
