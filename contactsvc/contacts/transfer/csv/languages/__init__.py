"""The names that programs give their columns, language by language.

Each module says for targets (:func:`contactsvc.contacts.transfer.csv.targets.parsed`) what columns
are called; several names stand between bars. Case, spaces, accents and punctuation do not count.
``prefix or title`` and ``name or last_name`` are for names that may mean either.
"""
