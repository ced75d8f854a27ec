"""The headers that products really write, and what becomes of one row below them."""

import csv
import io
from typing import Any

from contactsvc.contacts.details import ADDRESS
from contactsvc.contacts.transfer.csv.reader import read
from contactsvc.contacts.transfer.records import ReadContact

GOOGLE_UNTIL_2024 = (
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,"
    "Family Name Yomi,Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,"
    "Gender,Location,Billing Information,Directory Server,Mileage,Occupation,Hobby,Sensitivity,"
    "Priority,Subject,Notes,Language,Photo,Group Membership,E-mail 1 - Type,E-mail 1 - Value,"
    "E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,Address 1 - Type,"
    "Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,"
    "Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,"
    "Organization 1 - Type,Organization 1 - Name,Organization 1 - Yomi Name,"
    "Organization 1 - Title,Organization 1 - Department,Organization 1 - Symbol,"
    "Organization 1 - Location,Organization 1 - Job Description,Website 1 - Type,"
    "Website 1 - Value,Event 1 - Type,Event 1 - Value,Relation 1 - Type,Relation 1 - Value,"
    "IM 1 - Type,IM 1 - Service,IM 1 - Value,Custom Field 1 - Type,Custom Field 1 - Value"
)
OUTLOOK = (
    "First Name,Middle Name,Last Name,Title,Suffix,Initials,Web Page,Gender,Birthday,Anniversary,"
    "Location,Language,Internet Free Busy,Notes,E-mail Address,E-mail 2 Address,E-mail 3 Address,"
    "Primary Phone,Home Phone,Home Phone 2,Mobile Phone,Pager,Home Fax,Home Address,Home Street,"
    "Home Street 2,Home Street 3,Home Address PO Box,Home City,Home State,Home Postal Code,"
    "Home Country,Spouse,Children,Manager's Name,Assistant's Name,Referred By,Company Main Phone,"
    "Business Phone,Business Phone 2,Business Fax,Assistant's Phone,Company,Job Title,Department,"
    "Office Location,Organizational ID Number,Profession,Account,Business Address,Business Street,"
    "Business Street 2,Business Street 3,Business Address PO Box,Business City,Business State,"
    "Business Postal Code,Business Country,Other Phone,Other Fax,Other Address,Other Street,"
    "Other Street 2,Other Street 3,Other Address PO Box,Other City,Other State,Other Postal Code,"
    "Other Country,Callback,Car Phone,ISDN,Radio Phone,TTY/TDD Phone,Telex,User 1,User 2,User 3,"
    "User 4,Keywords,Mileage,Hobby,Billing Information,Directory Server,Sensitivity,Priority,"
    "Private,Categories"
)
OUTLOOK_GERMAN = (
    "Anrede,Vorname,Weitere Vornamen,Nachname,Suffix,Firma,Abteilung,Position,Straße geschäftlich,"
    "Straße geschäftlich 2,Straße geschäftlich 3,Ort geschäftlich,Region geschäftlich,"
    "Postleitzahl geschäftlich,Land/Region geschäftlich,Straße privat,Straße privat 2,"
    "Straße privat 3,Ort privat,Bundesland/Kanton privat,Postleitzahl privat,Land/Region privat,"
    "Weitere Straße,Weitere Straße 2,Weitere Straße 3,Weiterer Ort,Weiteres/r Bundesland/Kanton,"
    "Weitere Postleitzahl,Weiteres/e Land/Region,Telefon Assistent,Fax geschäftlich,"
    "Telefon geschäftlich,Telefon geschäftlich 2,Rückmeldung,Autotelefon,Telefon Firma,Fax privat,"
    "Telefon privat,Telefon privat 2,ISDN,Mobiltelefon,Weiteres Fax,Weiteres Telefon,Pager,"
    "Haupttelefon,Mobiltelefon 2,Telefon für Hörbehinderte,Telex,Abrechnungsinformation,"
    "Benutzer 1,Benutzer 2,Benutzer 3,Benutzer 4,Beruf,Büro,E-Mail-Adresse,E-Mail-Typ,"
    "E-Mail: Angezeigter Name,E-Mail 2: Adresse,E-Mail 2: Typ,E-Mail 2: Angezeigter Name,"
    "Geburtstag,Geschlecht,Hobby,Initialen,Jahrestag,Kategorien,Kinder,Notizen,Partner,Postfach "
    "geschäftlich,Priorität,Privat,Vertraulichkeit,Webseite"
)
OUTLOOK_FRENCH = (
    "Titre,Prénom,Deuxième prénom,Nom,Suffixe,Société,Service,Titre,Rue (bureau),Rue (bureau) 2,"
    "Rue (bureau) 3,Ville (bureau),Dép/Région (bureau),Code postal (bureau),Pays/Région (bureau),"
    "Rue (domicile),Rue (domicile) 2,Rue (domicile) 3,Ville (domicile),Dép/Région (domicile),"
    "Code postal (domicile),Pays/Région (domicile),Téléphone de l'assistant(e),Télécopie (bureau),"
    "Téléphone (bureau),Téléphone 2 (bureau),Rappel,Téléphone (voiture),Téléphone société,"
    "Télécopie (domicile),Téléphone (domicile),Téléphone 2 (domicile),RNIS,Tél. mobile,"
    "Télécopie (autre),Téléphone (autre),Récepteur de radiomessagerie,Téléphone principal,"
    "Adresse de messagerie,Type de messagerie,Nom complet de l'adresse de messagerie,"
    "Adresse de messagerie 2,Type de messagerie 2,Nom complet de l'adresse de messagerie 2,"
    "Anniversaire,Anniversaire de mariage ou fête,Catégories,Conjoint(e),Critère de diffusion,"
    "Enfants,Initiales,Notes,Page Web,Passe-temps,Priorité,Privé,Responsable,Sexe"
)
OUTLOOK_SPANISH = (
    "Title,Nombre,Segundo nombre,Apellidos,Suffix,Organización,Department,Puesto,"
    "Calle del trabajo,Calle del trabajo 2,Calle del trabajo 3,Ciudad de trabajo,"
    "Provincia o estado de trabajo,Código postal del trabajo,País o región del trabajo,"
    "Home Street,Home City,Home Postal Code,País o región del domicilio,Otra calle,Otra ciudad,"
    "Otra provincia o estado,Otro código postal,Otro país o región,Business Fax,"
    "Teléfono del trabajo,Particular,Mobile Phone,Otro teléfono,Birthday,Anniversary,Categorías,"
    "E-mail Address,E-mail Type,Nombre de pantalla de correo electrónico,"
    "Dirección de correo electrónico 2,Notes,Página web,Aficiones"
)
OUTLOOK_ITALIAN = (
    "Titolo,Nome,Secondo nome,Cognome,Titolo straniero,Società,Reparto,Posizione,Via (uff.),"
    "Via (uff.) 2,Via (uff.) 3,Città (uff.),Provincia (uff.),CAP (uff.),"
    "Paese/area geografica (uff.),Via (ab.),Via (ab.) 2,Via (ab.) 3,Città (ab.),Provincia (ab.),"
    "CAP (ab.),Paese/area geografica (ab.),Fax (uff.),Ufficio,Ufficio 2,Fax (ab.),Abitazione,"
    "Abitazione 2,Cellulare,Altro telefono,Cercapersone,Anniversario,Categorie,Compleanno,Hobby,"
    "Nome coniuge/partner,Notes,Pagina Web,Indirizzo posta elettronica,Tipo posta elettronica,"
    "Nome visualizzato posta elettronica,Indirizzo posta elettronica 2,Priorità,Privato"
)
THUNDERBIRD_GERMAN = (
    "Vorname,Nachname,Anzeigename,Spitzname,Primäre E-Mail-Adresse,Sekundäre E-Mail-Adresse,"
    "Messenger-Name,Tel. dienstlich,Tel. privat,Fax-Nummer,Pager-Nummer,Mobil-Tel.-Nr.,"
    "Privat: Adresse,Privat: Adresse 2,Privat: Ort,Privat: Bundesland,Privat: PLZ,Privat: Land,"
    "Dienstlich: Adresse,Dienstlich: Adresse 2,Dienstlich: Ort,Dienstlich: Bundesland,"
    "Dienstlich: PLZ,Dienstlich: Land,Arbeitstitel,Abteilung,Organisation,Webseite 1,Webseite 2,"
    "Geburtsjahr,Geburtsmonat,Geburtstag,Benutzerdef. 1,Benutzerdef. 2,Benutzerdef. 3,"
    "Benutzerdef. 4,Notizen"
)
THUNDERBIRD_BRITISH = (
    "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,"
    "Work Phone,Home Phone,Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,"
    "Home City,Home County,Home Post Code,Home Country,Work Address,Work Address 2,Work City,"
    "Work County,Work Post Code,Work Country,Job Title,Department,Organisation,Web Page 1,"
    "Web Page 2,Birth Year,Birth Month,Birth Day,Custom 1,Custom 2,Custom 3,Custom 4,Notes"
)
FROM_CARDS = (
    "First name,Last name,Company,Phone (mobile),Phone (home),Phone (work fax),Email (home),"
    "Email (work),Address (home) - Street,Address (home) - City,Address (home) - Zip,Url (home),"
    "Note,Birthday"
)


def read_row(header: str, **cells: str) -> dict[str, Any]:
    """Return the fields of one row."""
    names = next(csv.reader([header]))
    row = [""] * len(names)
    for name, text in cells.items():
        row[names.index(name)] = text
    file = io.StringIO()
    csv.writer(file).writerows([names, row])
    (contact,) = read([file.getvalue().encode()]).contacts
    assert isinstance(contact, ReadContact)
    assert not contact.remarks
    return dict(contact.fields)


def entry(value: str, type_: str | None = None, label: str = "") -> dict[str, Any]:
    """Return an entry that has a type."""
    return {"value": value, "type": type_, "label": label}


def labelled(value: str, label: str) -> dict[str, Any]:
    """Return an entry that has none."""
    return {"value": value, "label": label}


def address(type_: str | None, **parts: str) -> dict[str, Any]:
    """Return an address of these parts."""
    return dict.fromkeys(ADDRESS, "") | {"type": type_, "label": ""} | parts
