"""Where a film is at home, of the countries that had a hand in it.

Lists of countries name everybody who paid: The Dark Knight has the United Kingdom in its list, and
Green Book has China. Knows nothing of films but two lists. Next in the flow: ``film``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_ARABIC = """Algeria, Bahrain, Egypt, Iraq, Jordan, Kuwait, Lebanon, Libya, Morocco,
Occupied Palestinian Territory, Palestine, Qatar, Saudi Arabia, Sudan, Syria, Tunisia,
United Arab Emirates, Yemen"""
_SPANISH = """Argentina, Bolivia, Chile, Colombia, Costa Rica, Cuba, Dominican Republic, Ecuador,
El Salvador, Guatemala, Honduras, Mexico, Nicaragua, Panama, Paraguay, Peru, Puerto Rico, Spain,
Uruguay, Venezuela"""
_YUGOSLAV = """Bosnia and Herzegovina, Croatia, Federal Republic of Yugoslavia, Montenegro, Serbia,
Serbia and Montenegro, Yugoslavia"""
_FRENCH = """Algeria, Belgium, Burkina Faso, Cameroon, Canada, Chad, France, Haiti, Ivory Coast,
Luxembourg, Mali, Monaco, Morocco, Senegal, Switzerland, Tunisia"""
_SPOKEN = {
    "Albanian": "Albania, Kosovo",
    "Arabic": _ARABIC,
    "Bengali": "India, Bangladesh",
    "Bosnian": _YUGOSLAV,
    "Bulgarian": "Bulgaria",
    "Cantonese": "Hong Kong, China, Macao",
    "Catalan": "Spain, Andorra",
    "Chinese": "China, Hong Kong, Taiwan, Singapore",
    "Croatian": _YUGOSLAV,
    "Czech": "Czech Republic, Czechoslovakia",
    "Danish": "Denmark",
    "Dutch": "Netherlands, Belgium",
    "Estonian": "Estonia, Soviet Union",
    "Filipino": "Philippines",
    "Finnish": "Finland",
    "Flemish": "Belgium, Netherlands",
    "French": _FRENCH,
    "Georgian": "Georgia, Soviet Union",
    "German": "Germany, West Germany, East Germany, Austria, Switzerland, Liechtenstein",
    "Greek": "Greece, Cyprus",
    "Hebrew": "Israel",
    "Hindi": "India",
    "Hungarian": "Hungary",
    "Icelandic": "Iceland",
    "Indonesian": "Indonesia",
    "Italian": "Italy, Switzerland",
    "Japanese": "Japan",
    "Kannada": "India",
    "Korean": "South Korea, Korea, North Korea",
    "Kurdish": "Iran, Iraq, Turkey",
    "Malay": "Malaysia, Singapore",
    "Malayalam": "India",
    "Mandarin": "China, Taiwan, Hong Kong, Singapore",
    "Marathi": "India",
    "Norwegian": "Norway",
    "Persian": "Iran, Afghanistan",
    "Polish": "Poland",
    "Portuguese": "Brazil, Portugal, Mozambique, Angola",
    "Punjabi": "India, Pakistan",
    "Romanian": "Romania, Moldova",
    "Russian": "Russia, Soviet Union, Belarus, Kazakhstan, Ukraine",
    "Serbian": _YUGOSLAV,
    "Serbo-Croatian": _YUGOSLAV,
    "Slovak": "Slovakia, Czechoslovakia",
    "Slovenian": "Slovenia, Yugoslavia",
    "Spanish": _SPANISH,
    "Swedish": "Sweden, Finland",
    "Tagalog": "Philippines",
    "Tamil": "India, Sri Lanka",
    "Telugu": "India",
    "Thai": "Thailand",
    "Turkish": "Turkey",
    "Ukrainian": "Ukraine, Soviet Union",
    "Urdu": "Pakistan, India",
    "Vietnamese": "Vietnam",
}
SPOKEN_IN: Mapping[str, frozenset[str]] = {
    language: frozenset(" ".join(countries.split()).split(", "))
    for language, countries in _SPOKEN.items()
}
"""Countries where films are made in a language, by its English name; English aside, in which films
are made by countries of any language."""
AMERICA = "United States"
ENGLISH_SPEAKING = frozenset(
    {AMERICA, "United Kingdom", "Ireland", "Australia", "New Zealand", "Canada", "South Africa"}
)
_LEADING = ENGLISH_SPEAKING - {"Canada"}
"""Countries that, named before the United States, have made an English film themselves. Others come
first for the alphabet's sake, or for what they paid: Fury names China first, Fight Club Germany."""


def home_of(countries: Sequence[str], languages: Sequence[str]) -> tuple[str, ...]:
    """The country named first, and of the others those where the main language is spoken; only the
    United States for an English film that they had a hand in and others merely lead the list of.

    >>> home_of(["Taiwan", "United States", "China"], ["Mandarin"])
    ('Taiwan', 'China')
    >>> home_of(["United States", "United Kingdom"], ["English"])
    ('United States',)
    >>> home_of(["China", "United Kingdom", "United States"], ["English"])
    ('United States',)
    """
    if languages and languages[0] == "English":
        led = AMERICA in countries and countries[0] not in _LEADING
        return (AMERICA,) if led else tuple(countries[:1])
    spoken = SPOKEN_IN.get(languages[0], frozenset()) if languages else frozenset()
    return tuple(c for place, c in enumerate(countries) if place == 0 or c in spoken)


def claimed_by(countries: Sequence[str], languages: Sequence[str]) -> tuple[str, ...]:
    """The countries a film counts as of for whoever wants none of theirs: those it is at home in,
    and for an English film all English-speaking ones.

    >>> claimed_by(["United Kingdom", "United States", "China"], ["English"])
    ('United Kingdom', 'United States')
    """
    home = home_of(countries, languages)
    if languages and languages[0] == "English":
        return tuple(c for c in countries if c in home or c in ENGLISH_SPEAKING)
    return home
