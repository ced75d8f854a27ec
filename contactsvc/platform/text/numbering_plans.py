"""Numbers that exist by the numbering plan of their country, as ``phonenumbers`` knows it.

That library takes 100 us for a number, most of it to look for what nearly none has: letters,
extensions, kinds of numbers that are rare. Here its plans are asked at once for a number of plain
digits. Wherever that could differ from what the library finds, the library is asked; tests hold
both together.
"""

import functools
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import phonenumbers
from phonenumbers.phonemetadata import PhoneMetadata
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS

_PLAIN: Final = re.compile(r"[ (]*(\+?)[0-9 ().\-]+")
_NO_DIGIT: Final = re.compile(r"[^0-9]+")
_FEWEST_DIGITS: Final = 7
_MOST_DIGITS: Final = 15
_CODE_MAX_LENGTH: Final = 3
_RARE: Final = (
    *("premium_rate", "toll_free", "shared_cost", "voip"),
    *("personal_number", "pager", "uan", "voicemail"),
)
_FIRST_GROUP: Final = re.compile(r"(\\\d)")
_OF_A_RULE: Final = re.compile(r"\\(\d)|(\d)")

_compiled: Final = functools.lru_cache(512)(re.compile)


class Number(NamedTuple):
    """A number that exists.

    Args:
        country: The country code (ITU-T E.164).
        significant: The national significant number.
        national: The digits that are dialled inside the country.
    """

    country: int
    significant: str
    national: str


def find(text: str, region: str | None) -> Number | None:
    """Return the number that a text is; None if there is none by its country's plan.

    Args:
        text: A number as it was typed.
        region: ISO 3166-1 alpha-2 of where it is dialled, for numbers without a country.
    """
    if (plain := _plain(text, region)) is not None:
        plan, significant = plain
        if plan.has(significant):
            national = plan.national(significant)
            if national is not None:
                return Number(plan.country, significant, national)
    return _parsed(text, region)


def _parsed(text: str, region: str | None) -> Number | None:
    """Do as :func:`find` by the library alone."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    # Where several countries share a code, the main one has most numbers, and is asked at once.
    country = number.country_code or 0
    main = phonenumbers.region_code_for_country_code(country)
    is_of_main = phonenumbers.is_valid_number_for_region(number, main)
    if not (is_of_main or phonenumbers.is_valid_number(number)):
        return None
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    significant = phonenumbers.national_significant_number(number)
    return Number(country, significant, _NO_DIGIT.sub("", national))


def _plain(text: str, region: str | None) -> "tuple[_Plan, str] | None":
    """Return the plan and the significant number of plain digits; None is for the library."""
    digits, is_international = text[1:], text[:1] == "+"
    if not (is_international and digits.isascii() and digits.isdigit()):
        match = _PLAIN.fullmatch(text)
        if match is None:
            return None
        digits, is_international = _NO_DIGIT.sub("", text), bool(match[1])
    if not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        return None
    if is_international:
        plan = _plan_of_international(digits)
        digits = digits[len(plan.code) :] if plan else digits
    else:
        plan = _plan_of_region(region)
        if plan is not None and plan.may_be_international(digits):
            return None
    significant = plan and plan.significant(digits)
    return (plan, significant) if plan and significant else None


def _plan_of_international(digits: str) -> "_Plan | None":
    if digits[0] == "0":
        return None
    for length in range(1, _CODE_MAX_LENGTH + 1):
        if (code := int(digits[:length])) in COUNTRY_CODE_TO_REGION_CODE:
            return _plan(code)
    return None


@functools.lru_cache(512)
def _plan_of_region(region: str | None) -> "_Plan | None":
    """Return the plan of a region that is the main one of its country code."""
    if region not in SUPPORTED_REGIONS:
        return None
    code = phonenumbers.country_code_for_region(region)
    return _plan(code) if COUNTRY_CODE_TO_REGION_CODE[code][0] == region else None


@functools.lru_cache(512)
def _plan(country: int) -> "_Plan":
    return _Plan(country)


class _Kind(NamedTuple):
    """What the numbers of a kind look like.

    Args:
        pattern: A regular expression; empty if there are none.
        lengths: Their lengths; empty if the pattern tells.
    """

    pattern: str
    lengths: tuple[int, ...]

    def has(self, significant: str) -> bool:
        if not self.pattern or (self.lengths and len(significant) not in self.lengths):
            return False
        return _compiled(self.pattern).fullmatch(significant) is not None


class _Format(NamedTuple):
    """How numbers are written inside the country.

    Args:
        leading: A regular expression of how they begin; empty for all.
        pattern: A regular expression of their groups.
        prefix: The digits that are written before all groups; None if that is not all.
    """

    leading: str
    pattern: str
    prefix: str | None


class _Plan:
    """The plan of the main region of a country code.

    Args:
        country: The code.
    """

    def __init__(self, country: int) -> None:
        region = COUNTRY_CODE_TO_REGION_CODE[country][0]
        metadata: Any = PhoneMetadata.metadata_for_region_or_calling_code(country, region)
        self.country = country
        self.code = str(country)
        general = metadata.general_desc
        self._all = _kind(general)
        self._possible = {*general.possible_length} - {*general.possible_length_local_only}
        common = [metadata.fixed_line]
        if not metadata.same_mobile_and_fixed_line_pattern:
            common.append(metadata.mobile)
        kinds = [*common, *(getattr(metadata, name) for name in _RARE)]
        self._kinds = [_kind(each) for each in kinds if each is not None]
        self._international: str = metadata.international_prefix or ""
        self._prefix: str = metadata.national_prefix_for_parsing or ""
        self._transforms = bool(metadata.national_prefix_transform_rule)
        self._formats = list(_formats(metadata.number_format))

    def may_be_international(self, digits: str) -> bool:
        """Return whether digits that are dialled begin with a code, that of this country even."""
        if digits.startswith(self.code):
            return True
        prefix = self._international
        return bool(prefix) and _compiled(prefix).match(digits) is not None

    def significant(self, digits: str) -> str | None:
        """Return digits without the national prefix; None is for the library."""
        significant = digits
        if self._prefix and (match := _compiled(self._prefix).match(digits)):
            if self._transforms and (not match.re.groups or match.groups()[-1] is not None):
                return None
            significant = digits[match.end() :]  # where that is no number, the library is asked
        return significant if len(significant) in self._possible else None

    def has(self, significant: str) -> bool:
        """Return whether there is such a number; of which kind it is does not matter."""
        return self._all.has(significant) and any(kind.has(significant) for kind in self._kinds)

    def national(self, significant: str) -> str | None:
        """Return the digits of the national format; None is for the library."""
        for leading, pattern, prefix in self._formats:
            if leading and not _compiled(leading).match(significant):
                continue
            match = _compiled(pattern).match(significant)
            if match is None:
                continue
            if match.end() == len(significant) and "".join(match.groups("")) == significant:
                return None if prefix is None else prefix + significant
            if _compiled(pattern).fullmatch(significant):
                return None
        return significant


def _kind(description: Any) -> _Kind:
    pattern = description.national_number_pattern or ""
    return _Kind(pattern, tuple(description.possible_length))


def _formats(formats: Any) -> Iterator[_Format]:
    for each in formats:
        leading = each.leading_digits_pattern[-1] if each.leading_digits_pattern else ""
        rule = each.format
        if each.national_prefix_formatting_rule:
            rule = _FIRST_GROUP.sub(each.national_prefix_formatting_rule, rule, count=1)
        yield _Format(leading, each.pattern, _prefix(rule, re.compile(each.pattern)))


def _prefix(rule: str, pattern: re.Pattern[str]) -> str | None:
    """Return the digits before the groups of a pattern, where a rule writes nothing else."""
    found = [(match[1], match[2]) for match in _OF_A_RULE.finditer(rule)]
    prefix = "".join(literal for group, literal in found if not group)
    groups = "".join(f"\\{number}" for number in range(1, pattern.groups + 1))
    written = "".join(f"\\{group}" if group else literal for group, literal in found)
    is_all = written == prefix + groups and pattern.match("") is None
    return prefix if is_all else None
