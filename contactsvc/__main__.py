"""``python -m contactsvc`` is the same as the ``contactsvc`` command."""

from contactsvc.cli import main

if __name__ == "__main__":
    main()
