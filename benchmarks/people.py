"""People who never were, as many as wanted and always the same: common names are common among them, rare ones rare."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate, count, islice, product

_GIVEN = [
    "Olivia",
    "Amelia",
    "Isla",
    "Ava",
    "Ivy",
    "Freya",
    "Lily",
    "Florence",
    "Mia",
    "Willow",
    "Rosie",
    "Sophia",
    "Isabella",
    "Grace",
    "Daisy",
    "Sienna",
    "Poppy",
    "Elsie",
    "Emily",
    "Ella",
    "Evelyn",
    "Phoebe",
    "Evie",
    "Charlotte",
    "Harper",
    "Millie",
    "Matilda",
    "Maya",
    "Sofia",
    "Alice",
    "Emilia",
    "Isabelle",
    "Ruby",
    "Luna",
    "Maisie",
    "Aria",
    "Penelope",
    "Mila",
    "Bonnie",
    "Eva",
    "Noah",
    "Muhammad",
    "George",
    "Oliver",
    "Leo",
    "Arthur",
    "Oscar",
    "Theodore",
    "Theo",
    "Freddie",
    "Archie",
    "Luca",
    "Henry",
    "Jack",
    "Harry",
    "Alfie",
    "Charlie",
    "Albie",
    "Tommy",
    "Jaxon",
    "Reggie",
    "Thomas",
    "Isaac",
    "Roman",
    "William",
    "Louie",
    "Rory",
    "Edward",
    "James",
    "Finley",
    "Teddy",
    "Lucas",
    "Joshua",
    "Alexander",
    "Jude",
    "Albert",
    "Mohammed",
    "Hugo",
    "Lukasz",
    "Siobhan",
    "Aoife",
    "Krzysztof",
    "Agnieszka",
    "Fatima",
    "Aisha",
    "Yusuf",
    "Priya",
    "Arjun",
    "Chloe",
    "Jade",
    "Kayleigh",
    "Courtney",
    "Liam",
    "Kieran",
    "Callum",
    "Connor",
    "Rhys",
    "Megan",
    "Bethany",
    "Lauren",
    "Rebecca",
    "Rachel",
    "Sarah",
    "Emma",
    "Laura",
    "Gemma",
    "Kelly",
    "Stacey",
    "Tracey",
    "Donna",
    "Sharon",
    "Karen",
    "Susan",
    "Paul",
    "Mark",
    "Andrew",
    "Stephen",
    "Kevin",
    "Gary",
    "Darren",
    "Lee",
    "Craig",
    "Wayne",
]
_COMMON_FAMILY_NAMES = [
    "Smith",
    "Jones",
    "Taylor",
    "Brown",
    "Williams",
    "Wilson",
    "Johnson",
    "Davies",
    "Robinson",
    "Wright",
    "Thompson",
    "Evans",
    "Walker",
    "White",
    "Roberts",
    "Green",
    "Hall",
    "Wood",
    "Jackson",
    "Clarke",
    "Patel",
    "Khan",
    "Lewis",
    "Harris",
    "Hughes",
    "Edwards",
    "Cooper",
    "Hill",
    "Ward",
    "Moore",
    "Clark",
    "Baker",
    "Turner",
    "Morris",
    "Mitchell",
    "Ali",
    "Hussain",
    "Ahmed",
    "Begum",
    "Nowak",
    "Kowalski",
    "Singh",
    "Kaur",
    "Price",
    "Bennett",
    "Cox",
    "Richards",
    "Watkins",
    "Griffiths",
    "Phillips",
    "Parker",
]
_STREETS = [
    "Church",
    "High",
    "Mill",
    "Station",
    "Park",
    "Victoria",
    "Green",
    "Manor",
    "Kings",
    "Queens",
    "New",
    "North",
    "South",
    "West",
    "School",
    "Orchard",
]
_ENDS = ["Road", "Street", "Lane", "Close", "Avenue", "Gardens", "Drive", "Crescent"]
_AREAS = [f"{area}{number}" for area, number in product(("BA", "GL", "WR", "HR", "BS"), range(1, 20))]
_TODAY = date(2026, 11, 2)


@dataclass(frozen=True)
class SomeBody:
    """A child or an adult."""

    given_name: str
    family_name: str
    born: date


@dataclass(frozen=True)
class Household:
    """A family at one address."""

    adults: tuple[SomeBody, ...]
    children: tuple[SomeBody, ...]
    line: str
    postcode: str


def households(seed: int = 20261102) -> Iterator[Household]:
    """Yield families of two adults and two children without end, always the same for a seed."""
    rng, names = random.Random(seed), _names()
    weights = list(accumulate(1 / (rank + 2) for rank in range(len(names))))
    for _ in count():
        family_name = rng.choices(names, cum_weights=weights)[0]
        line = f"{rng.randint(1, 180)} {rng.choice(_STREETS)} {rng.choice(_ENDS)}"
        yield Household(
            tuple(_somebody(rng, family_name, 20, 55) for _ in range(2)),
            tuple(_somebody(rng, family_name, 0, 18) for _ in range(2)),
            line,
            f"{rng.choice(_AREAS)} {rng.randint(1, 9)}{''.join(rng.choices('ABDEFGHJLNPQRSTUWXYZ', k=2))}",
        )


def misheard(body: SomeBody, rng: random.Random) -> SomeBody:
    """Return somebody as they are asked about: mostly right, now and then misspelt, or born on the swapped day."""
    case = rng.random()
    if case < 0.2 and len(body.family_name) > 4:
        return replace(body, family_name=body.family_name.replace("e", "", 1) + "e")
    if case < 0.4 and body.born.day <= 12:
        return replace(body, born=date(body.born.year, body.born.day, body.born.month))
    return body


def _somebody(rng: random.Random, family_name: str, least: int, most: int) -> SomeBody:
    age = timedelta(days=rng.randint(least * 365, most * 365))
    return SomeBody(rng.choice(_GIVEN), family_name, _TODAY - age)


def _names() -> Sequence[str]:
    """Return family names, the most common first: fifty real ones, then four thousand made of syllables."""
    starts = [
        "Bar",
        "Ash",
        "Ful",
        "Hart",
        "Lang",
        "Mar",
        "Nor",
        "Pem",
        "Quil",
        "Rad",
        "Stan",
        "Thorn",
        "Under",
        "Wal",
        "Wick",
        "Yar",
        "Brin",
        "Cal",
        "Dun",
        "Ember",
    ]
    middles = ["", "ing", "er", "el", "low", "win", "stan", "bur", "mer", "der"]
    ends = [
        "ton",
        "ley",
        "ford",
        "well",
        "wood",
        "ham",
        "by",
        "worth",
        "field",
        "sby",
        "comb",
        "stone",
        "bridge",
        "dale",
        "ridge",
        "hurst",
        "wick",
        "brook",
        "man",
        "shaw",
    ]
    made = ("".join(parts) for parts in product(starts, middles, ends))
    return [*_COMMON_FAMILY_NAMES, *islice(made, 4_000)]
