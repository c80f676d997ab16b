"""The national codes in the words in which a family is asked; the codes that are kept are the same."""

from collections.abc import Mapping

NEEDS: Mapping[str, str] = {
    "1": "School, and getting there",
    "2": "How a baby or a small child is getting on",
    "3": "Health, of body or mind",
    "4": "Drugs or alcohol",
    "5": "Getting on with each other in the family",
    "6": "Keeping children safe from people who may hurt or use them",
    "7": "Trouble with the police, or staying out of it",
    "8": "Threats, control or violence from a partner or in the family",
    "9": "Somewhere to live",
    "10": "Money, debts or work",
}
DISABILITIES: Mapping[str, str] = {
    "MOB": "Moving about",
    "HAND": "Using their hands",
    "PC": "Washing, dressing or eating",
    "INC": "Controlling bladder or bowels",
    "COMM": "Speaking and being understood",
    "LD": "Learning",
    "HEAR": "Hearing",
    "VIS": "Seeing",
    "BEH": "Behaviour",
    "CON": "Fits, or losing consciousness",
    "AUT": "Autism",
    "DDA": "Another disability",
    "NONE": "No disability",
}
