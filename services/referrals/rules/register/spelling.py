"""Names as the register compares them: many ways to write one name are one."""

import unicodedata
from functools import lru_cache

import jellyfish
from anyascii import anyascii

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ħ": "h", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe", "ð": "d"})

_ONE_NAME = (
    "mohammed muhammad mohamed mohammad muhammed mohamad muhamad mohamud mehmet محمد",
    "ahmed ahmad achmed احمد",
    "hussain hussein hussien husain حسين",
    "hassan hasan حسن",
    "yusuf yousef yousuf youssef joseph joe يوسف",
    "ibrahim ebrahim abraham ابراهيم",
    "fatima fatimah fatema فاطمة",
    "aisha ayesha aicha aysha عائشة",
    "maryam mariam miriam مريم",
    "abdul abdel abd",
    "siobhan shevaun chevonne shivaun shiv",
    "niamh neve neev",
    "sean shaun shawn shane",
    "aoife eefa",
    "caoimhe keeva kiva",
    "saoirse seersha",
    "eoin owen owain ewan euan",
    "rhys reece rees reese",
    "stephen steven stefan steve",
    "thomas tomasz tom tommy tomas",
    "catherine katherine kathryn cathryn katharine kate katie kathy cathy kasia katarzyna",
    "elizabeth elisabeth liz beth lizzie elzbieta",
    "alexander aleksander alex sasha oleksandr aleksandr alejandro",
    "alexandra aleksandra oleksandra",
    "michael mike mick michal mikhail mykhailo",
    "john jon jonathan johnny jan ivan",
    "james jim jimmy jamie",
    "william will bill billy liam",
    "robert rob bob bobby",
    "richard rick dick ricky",
    "charles charlie chas",
    "daniel dan danny",
    "matthew matt mateusz matteo",
    "andrew andy andrzej andrii",
    "anthony antony tony",
    "nicholas nick nicolas nikolai mykola",
    "christopher chris krzysztof",
    "peter pete piotr petro",
    "paul pawel pavlo",
    "samuel sam sammy",
    "benjamin ben",
    "joshua josh",
    "zachary zac zach zack zak",
    "rebecca becky becca rebekah",
    "jennifer jenny jen",
    "jessica jess jessie",
    "charlotte lottie charlie",
    "margaret maggie meg peggy malgorzata",
    "susan sue susie zuzanna",
    "victoria vicky vikki wiktoria",
    "natasha natalia nataliya natalie natalya",
    "oksana oxana",
    "olena elena helena helen yelena",
    "julia yulia yuliya",
    "dmitry dmytro dmitri dima",
    "lukasz lucas luke lukas",
    "singh sing",
    "kaur khaur",
    "smith smyth smythe",
    "brown browne",
    "clark clarke",
    "thompson thomson tomson",
    "philips phillips",
    "reid reed read",
    "davies davis",
    "macdonald mcdonald",
)
"""Names that people use for one another, folded; each row is one. Only what metaphone does not hear by itself."""


def fold(name: str) -> str:
    """Return a name without case, accents, hyphens, spaces; any script is kept."""
    apart = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    return "".join(letter for letter in apart if letter.isalnum())


def parts_of(name: str) -> list[str]:
    """Return the parts of a name, folded: those between spaces and hyphens, and the whole where there are several."""
    apart = [fold(part) for part in name.replace("-", " ").split()]
    parts = [part for part in apart if part]
    return parts if len(parts) < 2 else [*parts, "".join(parts)]


@lru_cache(maxsize=100_000)
def sound(folded: str) -> str:
    """Return how a folded name sounds, the same for names that people use for one another; `` for no name."""
    if known := _SOUND_OF.get(folded):
        return known
    latin = fold(anyascii(folded))
    if known := _SOUND_OF.get(latin):
        return known
    return jellyfish.metaphone(latin) or latin or folded


def closeness(one: str, other: str) -> float:
    """Return from 0 to 1 how nearly two folded names are spelt the same."""
    return jellyfish.jaro_winkler_similarity(fold(anyascii(one)), fold(anyascii(other)))


_SOUND_OF = {fold(name): row.split()[0] for row in _ONE_NAME for name in row.split()}
