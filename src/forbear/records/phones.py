"""One telephone number, one spelling: E.164 where it is a telephone number, else as it came.

`139-0000-0001`, `0086 139 0000 0001` and `+8613900000001` become one value. Extensions of a switchboard, short codes (10086, 911) and ids
that are no telephone numbers stay untouched.
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

_LIKE_A_NUMBER = re.compile(r"[+(（\d][\d\s().\-/（）－]{5,}(?:(?:;ext=|ext\.?|x|转|#)\s*\d{1,6})?", re.IGNORECASE)
_LONG_ENOUGH = 10
"""National digits from which a number outside the assigned ranges is still read as one: an area code is then surely in it."""


def region_of(jurisdiction: str) -> str | None:
    """The dialling region of a jurisdiction (`US-MA` -> `US`); None where numbers need their country code to be understood."""
    region = jurisdiction.partition("-")[0]
    return region if region in phonenumbers.SUPPORTED_REGIONS else None


@lru_cache(maxsize=1 << 18)
def e164(text: str, region: str | None) -> str:
    """`text` as `+8613900000001` (with `;ext=5` where an extension follows), or `text` itself if it is no telephone number of `region`."""
    if not _LIKE_A_NUMBER.fullmatch(text):
        return text
    try:
        number = phonenumbers.parse(text.replace("转", "ext"), region)
    except phonenumbers.NumberParseException:
        return text
    if not phonenumbers.is_valid_number(number) and not _surely_whole(text, number):
        return text
    spelled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{spelled};ext={number.extension}" if number.extension else spelled


def _surely_whole(text: str, number: phonenumbers.PhoneNumber) -> bool:
    """Whether a number outside the assigned ranges lost nothing in parsing but its country code, so that two numbers never become one."""
    national = phonenumbers.national_significant_number(number)
    digits = "".join(c for c in text if c.isdigit())
    before = digits.removesuffix(national)
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    code = str(number.country_code)
    return possible and not number.extension and len(national) >= _LONG_ENOUGH and before in ("", code, f"00{code}", f"011{code}")
