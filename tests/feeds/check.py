"""Reads a book's feeds and sitemap with the tools that feed readers use.

`check.py WHOSAID BOOK` builds the book with an address. feedparser reads every Atom feed, and its
result is compared with the JSON Feed beside it. Then faults are planted, and each must be found:
a check that cannot fail proves nothing. No network is used.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

import feedparser

HOME = "https://desk.example/said/"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def forbidden(*_):
    raise OSError("no network")


socket.socket.connect = forbidden


def lands(site, address):
    """Returns whether an absolute address leads to a file of the site."""
    if not address.startswith(HOME):
        return False
    path = address.removeprefix(HOME).partition("#")[0]
    return (site / (path + "index.html" if path == "" or path.endswith("/") else path)).is_file()


def faults_of_feed(site, text, told):
    """Returns the faults of an Atom feed, by feedparser and by the JSON Feed `told`."""
    feed = feedparser.parse(text)
    faults = []
    if feed.bozo:
        faults.append(f"not well-formed: {feed.bozo_exception}")
    if feed.version != "atom10":
        faults.append(f"taken for `{feed.version}`")
    for name in ("title", "id", "updated_parsed", "author", "link"):
        if not feed.feed.get(name):
            faults.append(f"the feed has no {name}")
    if feed.feed.get("title") != told["title"]:
        faults.append("another title than in JSON")
    if len(feed.entries) != len(told["items"]):
        faults.append(f"{len(feed.entries)} entries, and {len(told['items'])} in JSON")
    seen = set()
    for entry, item in zip(feed.entries, told["items"]):
        for name in ("id", "title", "summary", "link", "updated_parsed"):
            if not entry.get(name):
                faults.append(f"an entry has no {name}")
        if entry.get("id") in seen:
            faults.append(f"{entry.id} twice")
        seen.add(entry.get("id"))
        pairs = [("id", "id"), ("title", "title"), ("summary", "content_text"), ("link", "url")]
        for mine, other in pairs:
            if entry.get(mine) != item[other]:
                faults.append(f"{mine} is {entry.get(mine)!r}, and {item[other]!r} in JSON")
        if not lands(site, entry.get("link", "")):
            faults.append(f"{entry.get('link')} leads nowhere")
    return faults


def faults_of_map(site, text):
    try:
        root = xml.fromstring(text)
    except xml.ParseError as fault:
        return [f"not well-formed: {fault}"]
    if root.tag != MAP + "urlset":
        return [f"no sitemap but `{root.tag}`"]
    faults = []
    addresses = [url.findtext(MAP + "loc", "") for url in root]
    if len(addresses) != len(set(addresses)):
        faults.append("an address twice")
    return faults + [f"{it} leads nowhere" for it in addresses if not lands(site, it)]


def read(site, name):
    return (site / name).read_bytes()


def main(program, book):
    with tempfile.TemporaryDirectory() as folder:
        site = pathlib.Path(folder) / "site"
        # Cards take long to draw, and this script does not check them.
        around = os.environ | {
            "MDBOOK_OUTPUT__HTML__SITE_URL": HOME,
            "MDBOOK_PREPROCESSOR__WHOSAID__CARDS": "false",
        }
        command = [program, "build", book, "--dest-dir", str(site)]
        subprocess.run(command, check=True, env=around, stdout=subprocess.DEVNULL)
        faults = []
        feeds = sorted(it for it in site.rglob("*.xml") if not it.name.startswith("sitemap"))
        for path in feeds:
            told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            name = path.relative_to(site)
            found = faults_of_feed(site, path.read_bytes(), told)
            faults += [f"{name}: {fault}" for fault in found]
        faults += [f"sitemap.xml: {fault}" for fault in faults_of_map(site, read(site, "sitemap.xml"))]
        if len(feeds) < 20:
            faults.append(f"only {len(feeds)} feeds")
        # Faults that must be found.
        text, told = read(site, "changes.xml"), json.loads(read(site, "changes.json"))
        entry = text[text.index(b"<entry>") : text.index(b"</entry>") + len(b"</entry>")]
        planted = {
            "an end tag is gone": text.replace(b"</title>", b"", 1),
            "an ampersand stands bare": text.replace(b"<summary>", b"<summary>&", 1),
            "a character that XML forbids": text.replace(b"<summary>", b"<summary>\x01", 1),
            "an entry is gone": text.replace(entry, b"", 1),
            "an entry stands twice": text.replace(entry, entry + entry, 1),
            "it is of no format": text.replace(b"http://www.w3.org/2005/Atom", b"http://a.example/", 1),
            "an address leads nowhere": text.replace(b"claims/", b"klaims/"),
        }
        for what, bad in planted.items():
            if bad == text or not faults_of_feed(site, bad, told):
                faults.append(f"changes.xml: nobody noticed that {what}")
        text = read(site, "sitemap.xml")
        for bad in (text.replace(b"</url>", b"", 1), text.replace(b"claims/", b"klaims/", 1)):
            if bad == text or not faults_of_map(site, bad):
                faults.append("sitemap.xml: nobody noticed a fault")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(feeds)} feeds and the sitemap read, {len(planted) + 2} planted faults caught")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main(*sys.argv[1:])
