"""Who is quoted in many articles: one person's names, roles and quotations, and what is doubtful.

>>> from quotes.formats.record_files import read_any_records
>>> for person in find_people(read_any_records(path)).people:  # doctest: +SKIP
...     print(person.name, person.quotations, person.doubts)
"""

from quotes.people.archive import Found, Person, find_people
from quotes.people.doubts import Doubt
from quotes.people.roles import Role

__all__ = ["Doubt", "Found", "Person", "Role", "find_people"]
