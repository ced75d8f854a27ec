"""The picture of those who have none of their own."""

from html import escape

from contactsvc.repositories.users import UserRepository


async def default_avatar(users: UserRepository, user_id: int) -> str:
    """Return an SVG of 512 by 512 px: the user's initials on a colour that belongs to the id.

    Raises:
        NotFound: There is no such user.
    """
    hue = user_id * 137 % 360  # near the golden angle: neighbours look different
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">'
        f'<rect width="512" height="512" fill="hsl({hue} 45% 40%)"/>'
        '<text x="256" y="256" dy=".35em" text-anchor="middle" fill="#fff" font-size="208"'
        f' font-family="system-ui, sans-serif">{escape(initials(*await users.names(user_id)))}'
        "</text></svg>"
    )


def initials(name: str, email: str) -> str:
    """Return up to two capitals: of the first and last word of the name, or of the e-mail."""
    # Letters and digits only: XML cannot hold every character, not even escaped.
    letters = [letter for word in name.split() if (letter := _first_letter(word))]
    letters = letters or [_first_letter(email) or "?"]
    return "".join((letters[0], *letters[1:][-1:]))


def _first_letter(word: str) -> str:
    # A capital may be longer than its letter: that of the German sharp s is SS.
    return next((char.upper()[:1] for char in word if char.isalnum()), "")
