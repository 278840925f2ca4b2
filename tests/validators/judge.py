"""judge.py - runs inside the venv of tests/validators/run: exports everything in every format and lets each format's
own validator or consumer read it. Each judge must also refuse a spoiled copy: one that accepts anything proves nothing."""
import csv
import json
import os
import random
import re
import subprocess
import sys
import sysconfig
import tempfile
import zipfile

RATTER = os.environ["RATTER"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
number = failures = 0


def check(name, truth, detail=""):
    global number, failures
    number += 1
    failures += not truth
    print(f"{'ok' if truth else 'not ok'} {number} - {name}")
    if not truth and detail:
        print("#   " + str(detail)[:600].replace("\n", "\n#   "))


def skip(name, reason):
    global number
    number += 1
    print(f"ok {number} - {name} # SKIP {reason}")


def ratter(*words, status=(0,), **more):
    run = subprocess.run([RATTER, *words], capture_output=True, **more)
    if run.returncode not in status:
        check(f"ratter {words[0]} {words[1]}", False, f"status {run.returncode}: {run.stderr.decode()}")
    return run.stdout.decode()


FEED = [
    {"ratter-intel": 1, "kind": "package", "role": "actor", "tlp": "clear", "confidence": 90, "ecosystem": "npm", "value": "@scope/evil",
     "campaign": "A \"quoted\" campaign's name", "modified": "2026-05-01T00:00:00Z", "summary": "sends \\ secrets; = away"},
    {"ratter-intel": 1, "kind": "package", "role": "victim", "tlp": "clear", "confidence": 95, "ecosystem": "pypi", "value": "hijacked",
     "versions": "1.0.1|>=2.0.0 <2.0.3|<0.1", "id": "MAL-2026-77", "reference": "https://report.example.invalid/x", "modified": "2026-05-01T00:00:00Z"},
    {"ratter-intel": 1, "kind": "package", "role": "not-said", "tlp": "red", "confidence": 5, "ecosystem": "npm", "value": "secret-matter"},
    {"ratter-intel": 1, "kind": "package", "role": "actor", "tlp": "clear", "confidence": 90, "ecosystem": "maven", "value": "org.a:b"},
    {"ratter-intel": 1, "kind": "package", "role": "actor", "tlp": "clear", "confidence": 90, "ecosystem": "golang", "value": "example.invalid/m"},
    {"ratter-intel": 1, "kind": "domain", "role": "victim", "tlp": "clear", "confidence": 90, "value": "victim.example.invalid"},
    {"ratter-intel": 1, "kind": "account", "role": "actor", "tlp": "clear", "confidence": 90, "value": "github:someone"},
    {"ratter-intel": 1, "kind": "url", "role": "not-said", "tlp": "clear", "confidence": 90, "value": "http://bad.example.invalid/'q\\",
     "valid_from": "2026-01-01T00:00:00Z", "valid_until": "2026-12-01T00:00:00Z"},
    {"ratter-intel": 1, "kind": "ip", "role": "not-said", "tlp": "clear", "confidence": 90, "value": "2001:db8::7"},
    {"ratter-intel": 1, "kind": "ip-port", "role": "not-said", "tlp": "clear", "confidence": 90, "value": "192.0.2.7:443"},
    {"ratter-intel": 1, "kind": "sha512", "role": "not-said", "tlp": "clear", "confidence": 90, "value": "ab" * 64},
    {"ratter-intel": 1, "kind": "marker", "role": "not-said", "tlp": "clear", "confidence": 90, "value": "=cmd|' /C calc'!A0"},
]
work = tempfile.TemporaryDirectory(prefix="ratter-judge-")
STORE = os.path.join(work.name, "store.sqlite")


def path(name):
    return os.path.join(work.name, name)


def export(form, *more):
    out = path("out." + form)
    ratter("intel", "export", "--store", STORE, "--format", form, "--output", out, *more)
    with open(out, encoding="utf-8", newline="") as f:
        return f.read()


def prepare():
    with open(path("feed.jsonl"), "w") as f:
        f.writelines(json.dumps(line).replace('{"ratter-intel": 1, ', '{"ratter-intel":1,') + "\n" for line in FEED)
    ratter("intel", "import", "--store", STORE, "--seed", path("feed.jsonl"))
    for form in ("osv", "stix", "misp", "cyclonedx", "csv", "bundle"):
        text = export(form)
        check(f"{form}: the same store, the same bytes", text == export(form))
        hidden = [word for word in ("secret-matter", "victim.example.invalid", "github:someone", "nkbihfbeogaeaoehlefnkodbefgpgknn") if word in text]
        check(f"{form}: nothing of victims, people, targets, or marked red", not hidden, hidden)


def osv():
    import jsonschema
    with open(os.path.join(sysconfig.get_path("purelib"), "osv", "osv-schema", "validation", "schema.json")) as f:
        schema = json.load(f)
    valid = jsonschema.validators.validator_for(schema)(schema)
    records = [json.loads(line) for line in export("osv").splitlines()]
    wrong = [f"{r['id']}: {e.json_path} {e.message[:150]}" for r in records for e in valid.iter_errors(r)]
    check(f"OSV: {len(records)} records fit the schema", records and not wrong, wrong[:3])
    check("OSV: the judge bites", list(valid.iter_errors({**records[0], "affected": [{"package": {"name": 1}}]})))
    victim = [r for r in records if r["id"] == "MAL-2026-77"][0]
    events = [rng["events"] for rng in victim["affected"][0].get("ranges", [])]
    check("OSV: a hijacked package goes out with its bad versions only", victim["affected"][0]["versions"] == ["1.0.1"] and
          [{"introduced": "2.0.0"}, {"fixed": "2.0.3"}] in events and all(len(e) == 2 for e in events), victim)
    check("OSV: ids are unique", len({r["id"] + json.dumps(r["affected"]) for r in records}) == len(records))


def lockfiles(folder, records):
    """One lockfile per client that asks for what the records name: (purl, id) of what must be found in them."""
    npm = {"": {"dependencies": {}}}
    expected = set()
    for record in records:
        for affected in record["affected"]:
            package = affected["package"]
            if package["ecosystem"] == "npm":
                version = (affected.get("versions") or ["3.2.1"])[0]
                npm[""]["dependencies"][package["name"]] = version
                npm["node_modules/" + package["name"]] = {"version": version}
                expected.add(("npm", package["name"], version, record["id"]))
    npm["node_modules/harmless-of-the-judge"] = {"version": "1.0.0"}
    texts = {
        "package-lock.json": json.dumps({"name": "judge", "lockfileVersion": 3, "packages": npm}),
        "bad/requirements.txt": "hijacked==2.0.1\nharmless-of-the-judge==1\n", "good/requirements.txt": "hijacked==2.0.3\n",
        "old/requirements.txt": "hijacked==1.0.1\n", "older/requirements.txt": "hijacked==1.0.2\n",
        "gradle.lockfile": "org.a:b:1.0=compileClasspath\nempty=\n",
        "go.mod": "module judge.example.invalid/m\n\ngo 1.20\n\nrequire example.invalid/m v1.2.3\n",
    }
    expected |= {("PyPI", "hijacked", "2.0.1", "MAL-2026-77"), ("PyPI", "hijacked", "1.0.1", "MAL-2026-77")}
    for record in records:
        for affected in record["affected"]:
            package, version = affected["package"], {"Maven": "1.0", "Go": "1.2.3"}.get(affected["package"]["ecosystem"])
            if package["name"] in ("org.a:b", "example.invalid/m"):
                expected.add((package["ecosystem"], package["name"], version, record["id"]))
    for name, text in texts.items():
        os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
        with open(os.path.join(folder, name), "w") as f:
            f.write(text)
    return expected


def scanner_finds(folder, records):
    """What osv-scanner finds below `folder` when it knows these records alone, and in which files; it asks no network."""
    home = tempfile.mkdtemp(dir=work.name)
    kinds = {a["package"]["ecosystem"] for r in records for a in r["affected"]} | {"npm", "PyPI", "Go", "Maven"}
    for kind in kinds:
        os.makedirs(os.path.join(home, "osv-scanner", kind))
        with zipfile.ZipFile(os.path.join(home, "osv-scanner", kind, "all.zip"), "w") as z:
            for i, record in enumerate(r for r in records if any(a["package"]["ecosystem"] == kind for a in r["affected"])):
                z.writestr(f"{i}.json", json.dumps(record))
    run = subprocess.run([os.environ["OSV_SCANNER"], "scan", "--experimental-offline", "--experimental-no-resolve", "--no-ignore", "--format", "json", "-r", folder], capture_output=True, timeout=200,
                         env={"PATH": os.environ["PATH"], "HOME": home, "OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY": home})
    if run.returncode not in (0, 1):
        raise RuntimeError(f"osv-scanner: {run.returncode} {run.stderr.decode()[-400:]}")
    results = json.loads(run.stdout)["results"]
    return {(p["package"]["ecosystem"], p["package"]["name"], p["package"]["version"], v["id"])
            for result in results for p in result["packages"] for v in p.get("vulnerabilities", [])}, {r["source"]["path"] for r in results}


def lockfile():
    """Our records in the hands of osv-scanner, which reads lockfiles of its own accord, against ratter audit."""
    if os.environ["OSV_SCANNER_MISSING"]:
        skip("OSV: osv-scanner finds our records through lockfiles", os.environ["OSV_SCANNER_MISSING"])
        return
    records = [json.loads(line) for line in export("osv").splitlines()]
    folder = path("locked")
    expected = lockfiles(folder, records)
    found, places = scanner_finds(folder, records)
    check(f"OSV: osv-scanner finds our records through lockfiles ({len(expected)} of npm, pip, gradle and go)", found == expected,
          f"missed {sorted(expected - found)[:3]}, too much {sorted(found - expected)[:3]}")
    check("OSV: each client's record is among them", {kind for kind, *_ in found} == {"npm", "PyPI", "Maven", "Go"}, {k for k, *_ in found})
    spoiled = [{**r, "affected": [{**a, "package": {**a["package"], "name": a["package"]["name"] + "-not"}} for a in r["affected"]]} for r in records]
    check("OSV: osv-scanner bites", not scanner_finds(folder, spoiled)[0])
    reports = [json.loads(line) for line in ratter("audit", "--no-home", "--config", "none", "--intel", STORE, "--format", "jsonl", folder, status=(1,)).splitlines()]
    ours = {f["evidence"][0]["file"] for r in reports for f in r["findings"] if f["rule"] == "audit/known-malicious"}
    check("OSV: ratter audit and osv-scanner find something in the same lockfiles", ours == places, f"{ours ^ places}")


def stix():
    import stix2
    from stix2patterns.validator import run_validator
    text = export("stix", "--source", path("feed.jsonl"))  # of all of it: half a minute of parsing
    try:
        bundle = stix2.parse(text, allow_custom=False)
        check(f"STIX: {len(bundle.objects)} objects are parsed", True)
    except Exception as error:  # noqa: BLE001 - whatever the judge says
        check("STIX: the bundle is parsed", False, error)
        return
    wrong = [(o["id"], run_validator(o["pattern"], stix_version="2.1")[:1]) for o in bundle.objects if o["type"] == "indicator" and run_validator(o["pattern"], stix_version="2.1")]
    check("STIX: every pattern is one", not wrong, wrong[:3])
    ids = [o["id"] for o in bundle.objects]
    refs = [o[k] for o in bundle.objects for k in ("source_ref", "target_ref") if k in o]
    check("STIX: ids are unique and refer to what is there", len(set(ids)) == len(ids) and set(refs) <= set(ids))
    check("STIX: a hijacked package is no actor", any(o["type"] == "indicator" and o["name"].startswith("hijacked") and o["indicator_types"] == ["compromised"] for o in bundle.objects))
    try:
        stix2.parse(text.replace('"pattern_type":"stix",', "", 1), allow_custom=False)
        check("STIX: the judge bites", False)
    except Exception:  # noqa: BLE001
        check("STIX: the judge bites", True)


def misp():
    from pymisp import MISPEvent, MISPObject
    event = MISPEvent(strict_validation=False)
    event.load(json.loads(export("misp")))
    check(f"MISP: {len(event.attributes)} attributes and {len(event.objects)} objects are loaded", event.attributes and event.objects)
    wrong = []
    for given in event.objects:
        strict = MISPObject(given.name, strict=True)
        if strict.template_uuid != given.template_uuid or str(strict.template_version) != str(given.template_version):
            wrong.append(f"template {given.template_uuid} {given.template_version}")
        for attribute in given.attributes:
            made = strict.add_attribute(attribute.object_relation, value=attribute.value)
            if made is None or made.type != attribute.type:
                wrong.append(f"{attribute.object_relation}: {attribute.type}, not {made.type if made else None}")
    check("MISP: every object fits its template", not wrong, sorted(set(wrong))[:5])
    check("MISP: uuids are unique", len({a.uuid for a in event.attributes} | {o.uuid for o in event.objects}) == len(event.attributes) + len(event.objects))
    try:
        MISPObject("malicious-package-report", strict=True).add_attribute("no-such-relation", value="x")
        check("MISP: the judge bites", False)
    except Exception:  # noqa: BLE001
        check("MISP: the judge bites", True)


def cyclonedx():
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator
    judge = JsonStrictValidator(SchemaVersion.V1_6)
    text = export("cyclonedx")
    fault = judge.validate_str(text)
    check("CycloneDX: a strict 1.6 document", fault is None, fault)
    check("CycloneDX: the judge bites", judge.validate_str(text.replace('"exploitable"', '"bogus"', 1)) is not None)
    document = json.loads(text)
    refs = {c["bom-ref"] for c in document["components"]}
    check("CycloneDX: what is affected is there", all(a["ref"] in refs for v in document["vulnerabilities"] for a in v["affects"]))


def table():
    rows = list(csv.DictReader(export("csv").splitlines()))
    check(f"CSV: {len(rows)} rows", len(rows) > 1000 and all(None not in row and None not in row.values() for row in rows))
    check("CSV: no cell is a formula", not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell])


def sarif():
    import sarif_pydantic
    model = sarif_pydantic.Sarif
    with open(os.path.join(ROOT, "tests", "golden", "all.sarif"), encoding="utf-8") as f:
        golden = f.read()
    scanned = ratter("scan", "--format", "sarif", os.path.join(ROOT, "examples"), status=(0, 1, 3))
    for name, text in (("golden", golden), ("examples", scanned)):
        try:
            runs = model.model_validate_json(text).runs
            check(f"SARIF of {name}: read by another implementation", runs and runs[0].results)
        except Exception as error:  # noqa: BLE001
            check(f"SARIF of {name}: read by another implementation", False, error)
    try:
        model.model_validate_json(golden.replace('"driver"', '"drover"', 1))
        check("SARIF: the judge bites", False)
    except Exception:  # noqa: BLE001
        check("SARIF: the judge bites", True)


def signatures():
    import minisign
    ratter("intel", "keygen", path("key"))
    check("the secret key is for its owner alone", os.stat(path("key")).st_mode & 0o777 == 0o600)
    export("bundle", "--sign", path("key"))
    public = minisign.PublicKey.from_file(path("key.pub"))
    with open(path("out.bundle"), "rb") as f:
        data = f.read()
    signature = minisign.Signature.from_file(path("out.bundle.minisig"))
    try:
        public.verify(data, signature)
        check("minisign: our signature is good", True)
    except Exception as error:  # noqa: BLE001
        check("minisign: our signature is good", False, repr(error))
    try:
        public.verify(data + b"x", signature)
        check("minisign: the judge bites", False)
    except Exception:  # noqa: BLE001
        check("minisign: the judge bites", True)
    theirs = minisign.KeyPair.generate()
    with open(path("their.pub"), "wb") as f:
        f.write(bytes(theirs.public_key))
    with open(path("out.bundle.minisig"), "wb") as f:
        f.write(bytes(theirs.secret_key.sign(data)))
    run = subprocess.run([RATTER, "intel", "import", "--store", path("other.sqlite"), "--verify", path("their.pub"), path("out.bundle")], capture_output=True)
    check("minisign: their signature is taken", run.returncode == 0, run.stderr)
    with open(path("out.bundle"), "ab") as f:
        f.write(b"\n")
    run = subprocess.run([RATTER, "intel", "import", "--store", path("other.sqlite"), "--verify", path("their.pub"), path("out.bundle")], capture_output=True)
    check("minisign: a changed bundle is refused", run.returncode == 2 and b"does not fit" in run.stderr, run.stderr)


def purls():
    from packageurl import PackageURL
    # The library leaves a '/' in a version as it is; purl-spec's own cases want it encoded.
    texts = [text for text in re.findall(r'"purl":"([^"]*)"', export("cyclonedx")) if "%2F" not in text.partition("@")[2]]
    wrong = []
    for text in texts:
        again = PackageURL.from_string(text).to_string()
        if again != text:
            wrong.append(f"{text} is {again}")
    check(f"purl: {len(texts)} are those that packageurl-python makes", texts and not wrong, wrong[:5])


def versions():
    """Ranges of pypi against `packaging`: 40 records, 60 versions each."""
    from packaging.version import Version
    random.seed(5)
    make = lambda: random.choice(["", "1!"]) + ".".join(str(random.randrange(4)) for _ in range(random.randrange(1, 4))) + random.choice(["", "a1", "b2", "rc1", ".post1", ".dev3", "+local"])
    lines, expected = [], {}
    for i in range(40):
        low, high = sorted((make(), make()), key=Version)
        lines.append({"schema_version": "1.7.4", "id": f"MAL-2026-9{i}", "modified": "2026-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "PyPI", "name": f"p{i}"},
                      "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": low}, {"fixed": high}]}]}]})
        for _ in range(60):
            version = make()
            expected[f"pkg:pypi/p{i}@{version.replace('!', '%21').replace('+', '%2B')}"] = Version(low) <= Version(version) < Version(high)
    with open(path("ranges.jsonl"), "w") as f:
        f.writelines(json.dumps(line) + "\n" for line in lines)
    ratter("intel", "import", "--store", path("ranges.sqlite"), path("ranges.jsonl"))
    found = {json.loads(line)["asked"] for line in ratter("intel", "lookup", "--json", "--store", path("ranges.sqlite"), *expected, status=(1,)).splitlines()}
    wrong = [f"{what}: {'found' if what in found else 'missed'}" for what, is_in in expected.items() if is_in != (what in found)]
    check(f"versions: {len(expected)} look-ups in ranges of PyPI as packaging orders them", not wrong, wrong[:5])


prepare()
for judge in (osv, stix, misp, cyclonedx, table, sarif, signatures, purls, versions, lockfile):
    try:
        judge()
    except Exception as fault:  # noqa: BLE001 - a judge that falls over is a failure with a name
        check(f"{judge.__name__} came to its end", False, repr(fault))
sys.exit(failures > 0)
