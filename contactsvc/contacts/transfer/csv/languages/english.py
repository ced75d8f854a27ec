"""Outlook, Outlook.com, Google and Thunderbird in English; what people call columns themselves.

Names that follow a pattern, such as "Home Phone 2" and "E-mail 1 - Value", are not listed.
"""

from typing import Final

NAMES: Final = {
    "prefix or title": "Title",
    "prefix": "Name Prefix | Prefix | Honorific | Salutation",
    "first_name": "First Name | Given Name | First | Forename",
    "middle_name": "Middle Name | Additional Name | Middle",
    "last_name": "Last Name | Family Name | Last | Surname",
    "suffix": "Name Suffix | Suffix",
    "nickname": "Nickname | Nick Name | Short Name",
    "name or last_name": "Name",
    "name": "Display Name | Full Name | Formatted Name | File As | Contact Name",
    "organization": "Organization | Organisation | Organization Name | Company | Company Name",
    "department": "Department | Organization Department | Dept",
    "title": "Job Title | Organization Title | Position | Role",
    "birthday": "Birthday | Birth Date | Date of Birth | DOB | Birthdate",
    "birthday.year": "Birth Year",
    "birthday.month": "Birth Month",
    "notes": "Notes | Note | Comments | Comment",
    "tags": "Labels | Categories | Category | Group Membership | Groups | Group | Tags",
    "favorite": "Favorite | Favourite | Starred",
    "emails": "Email | E-mail Address | Primary Email | Secondary Email | Mail | Alternate Email"
    " | Email Addresses | Emails",
    "phones": "Phone | Phone Number | Telephone | Tel | Phone Numbers | Phones | Telephone Number",
    "phones.home": "Home",
    "phones.work": "Work",
    "phones.other": "Other | Yahoo Phone",
    "phones.mobile": "Mobile | Cell | iPhone | Handy",
    "phones.mobile.Car": "Car Phone",
    "phones.fax": "Fax",
    "phones.pager": "Pager",
    "phones.-.Main": "Main Phone | Phone (main)",
    "phones.-.Primary": "Primary Phone",
    "phones.work.Company": "Company Main Phone | Company Phone",
    "phones.other.Assistant": "Assistant's Phone",
    "phones.other.Callback": "Callback",
    "phones.other.Radio": "Radio Phone",
    "phones.other.ISDN": "ISDN",
    "phones.other.Telex": "Telex",
    "phones.other.TTY/TDD": "TTY/TDD Phone",
    "urls": "Web Page | Website | URL | Web Site | Homepage | Home Page | Websites | Links",
    "urls.home": "Personal Web Page | Web Page 2",
    "urls.work": "Business Website | Company Website | Web Page 1",
    "dates.Anniversary": "Anniversary | Wedding Day | Wedding",
    "relations.Spouse": "Spouse | Partner",
    "relations.Child": "Children | Child",
    "relations.Manager": "Manager's Name | Manager",
    "relations.Assistant": "Assistant's Name | Assistant",
    "ignore": "E-mail Type | E-mail Display Name | Initials"
    " | E-mail 2 Display Name | E-mail 3 Display Name | Priority | Private | Sensitivity"
    " | Organization 1 - Type",
}
