import pytest

from contactsvc.platform.text.windows import codec_of


@pytest.mark.parametrize("text", ["Оксана", "ПЕТР", "Ю. Лесь Курбас"])
def test_a_word_in_cyrillic_tells_its_character_set(text: str) -> None:
    assert codec_of(text.encode("cp1251")) == "cp1251"


@pytest.mark.parametrize("text", ["Ada", "Renée Lefèvre", "Größe", "ÆØÅ", "«CAFÉ» – 5 €"])
def test_accents_of_the_west_are_in_its_own(text: str) -> None:
    assert codec_of(text.encode("cp1252")) == "cp1252"
    assert codec_of(text.encode()) == "cp1252"
