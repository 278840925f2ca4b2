"""audit_samples_test.py - lockfiles that real clients made, as they are and altered as an attacker would (PROTOCOLS 2.1).

They name packages of others and are not ours to ship: RATTER_LOCK_SAMPLES names a folder of them (package-lock.v3.json,
yarn-v1.lock and so on); without it this is a SKIP, and audit_test.py does the same to lockfiles of our own making."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

RATTER = os.environ["RATTER"]
SAMPLES = os.environ.get("RATTER_LOCK_SAMPLES", "")
if not SAMPLES:
    print("ok 1 - lockfiles of real clients # SKIP RATTER_LOCK_SAMPLES names no folder of them\n1..1")
    sys.exit(0)
number = failures = 0


def check(name, truth, detail=""):
    global number, failures
    number += 1
    failures += not truth
    print(f"{'ok' if truth else 'not ok'} {number} - {name}")
    if not truth and detail:
        print("#   " + str(detail)[:600].replace("\n", "\n#   "))


def load(name):
    with open(os.path.join(SAMPLES, name), encoding="utf-8") as f:
        return f.read()


def audit(files, *flags, path="."):
    folder = tempfile.mkdtemp(prefix="ratter-samples-")
    try:
        for name, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(folder, name)) or folder, exist_ok=True)
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        run = subprocess.run([RATTER, "audit", "--no-home", "--intel", "none", "-f", "jsonl", *flags, path], cwd=folder, capture_output=True)
        return [json.loads(line) for line in run.stdout.decode("utf-8", "replace").splitlines()]
    finally:
        shutil.rmtree(folder)


def rules(reports, least=("weak", "strong", "conclusive")):
    return {f["rule"] for r in reports for f in r["findings"] if f["level"] in least}


NAMES = {"package-lock.v1.json": "package-lock.json", "package-lock.v2.json": "package-lock.json", "package-lock.v3.json": "package-lock.json",
         "yarn-v1.lock": "yarn.lock", "yarn-berry.lock": "yarn.lock", "pnpm-lock.pnpm7.yaml": "pnpm-lock.yaml", "pnpm-lock.pnpm8.yaml": "pnpm-lock.yaml",
         "pnpm-lock.pnpm9.yaml": "pnpm-lock.yaml", "pnpm-lock.v9-pnpm12.yaml": "pnpm-lock.yaml", "requirements-hashed.txt": "requirements.txt",
         "node_modules.package-lock.json": "node_modules/.package-lock.json"}
BY_HAND = {"deno.lock"}  # its hashes are dots

for where in ("", "remote-deps/"):
    for name in sorted(os.listdir(os.path.join(SAMPLES, where))):
        if not os.path.isfile(os.path.join(SAMPLES, where, name)) or name in BY_HAND or name.endswith(".txt") and name not in NAMES:
            continue
        text = load(where + name)
        beside = {"go.mod": load("go.mod")} if name == "go.sum" else {}
        if text.strip():
            reports = audit({NAMES.get(name, name): text, **beside})
            check(f"{where}{name} as its client wrote it: nothing above a note", reports and not rules(reports), rules(reports))


def attack(what, sample, rule, change, flags=(), beside=(), least=("weak", "strong", "conclusive")):
    text = load(sample)
    changed = change(text)
    reports = audit({NAMES.get(sample, sample): changed, **dict(beside)}, *flags)
    check(f"{sample}: {what}: {rule}", changed != text and rule in rules(reports, least), (changed != text, rules(reports, ("note", "weak", "strong"))))


def put(old, new, count=1):
    return lambda text: text.replace(old, new, count)


def npm(**fields):
    """Changes fields of the entry of debug; None removes one."""
    def change(text):
        lock = json.loads(text)
        entry = lock["packages"]["node_modules/debug"] if "packages" in lock else lock["dependencies"]["debug"]
        for key, value in fields.items():
            entry.pop(key, None)
            if value is not None:
                entry[key] = value
        return json.dumps(lock, indent=2)
    return change


def npm_add(needs, place, **entry):
    def change(text):
        lock = json.loads(text)
        lock["packages"]["node_modules/debug"]["dependencies"].update(needs)
        if entry:
            lock["packages"][place] = entry
        return json.dumps(lock, indent=2)
    return change


def narrow(text):
    lock = json.loads(text)
    lock["packages"]["node_modules/debug"]["optionalDependencies"] = {"evil": "1.0.0"}
    lock["packages"]["node_modules/evil"] = {"version": "1.0.0", "optional": True, "os": ["darwin"], "cpu": ["arm64"], "integrity": SRI,
                                             "resolved": f"{HOST}{PATH}/evil/-/evil-1.0.0.tgz"}
    return json.dumps(lock, indent=2)


def old_part(text):
    lock = json.loads(text)
    lock["dependencies"]["debug"]["version"] = "4.4.2"
    return json.dumps(lock, indent=2)


def without_hashes(text):
    lock = json.loads(text)
    del lock["default"]["idna"]["hashes"]
    return json.dumps(lock, indent=4)


HOST = re.search(r'"resolved": "(https?://[^/]+)/', load("package-lock.v3.json")).group(1)
PATH = re.search(r'"resolved": "https?://[^/]+(.*)/debug/-/debug-4.4.3.tgz', load("package-lock.v3.json")).group(1)
SRI = "sha512-" + "A" * 86 + "=="
for lock in ("package-lock.v1.json", "package-lock.v2.json", "package-lock.v3.json", "npm-shrinkwrap.json", "node_modules.package-lock.json"):
    few = "node_modules" in lock  # one of so few is no exception: told as a second host
    attack("another host", lock, "audit/second-host" if few else "audit/swapped-host", npm(resolved="https://registry.example-cdn.invalid/debug/-/debug-4.4.3.tgz"))
    attack("plain http", lock, "audit/plain-http", npm(resolved=HOST.replace("https:", "http:") + "/debug/-/debug-4.4.3.tgz"))
    attack("a user in the address", lock, "audit/user-in-address", npm(resolved="https://registry.example.invalid@192.0.2.1/debug/-/debug-4.4.3.tgz"))
    attack("another package's archive", lock, "audit/address-of-another", npm(resolved=f"{HOST}{PATH}/evil/-/evil-4.4.3.tgz"))
    attack("another version's archive", lock, "audit/address-of-another", npm(resolved=f"{HOST}{PATH}/debug/-/debug-4.4.2.tgz"))
    attack("no integrity", lock, "audit/integrity-missing", npm(integrity=None))
    attack("sha1 alone", lock, "audit/integrity-weak", npm(integrity="sha1-" + "A" * 27 + "="))
    attack("two hashes", lock, "audit/integrity-ambiguous", npm(integrity=SRI + " " + SRI.replace("AA", "BB", 1)))
    attack("a hash that is none", lock, "audit/integrity-malformed", npm(integrity="sha512-AAAA"))
    if "v1" not in lock:
        attack("a script that was not there", lock, "audit/new-hook", npm(hasInstallScript=True), ("--against", "before/package-lock.json", ),
               {"before/package-lock.json": load(lock)})
    attack("other bytes of the same version", lock, "audit/content-changed", npm(integrity=SRI), ("--against", "before/package-lock.json"),
           {"before/package-lock.json": load(lock)})
for lock in ("package-lock.v2.json", "package-lock.v3.json", "npm-shrinkwrap.json"):
    attack("an alias nobody asked for", lock, "audit/silent-alias", npm(name="evil", resolved=f"{HOST}{PATH}/evil/-/evil-4.4.3.tgz"))
    attack("an address deep below", lock, "audit/remote-dependency", npm_add({"ui": "http://192.0.2.1/ui"}, "node_modules/ui", version="1.0.0",
           resolved="http://192.0.2.1/ui"))
    attack("an address without an entry", lock, "audit/remote-request", npm_add({"ui": "http://192.0.2.1/ui"}, ""))
    attack("a repository deep below", lock, "audit/git-dependency", npm_add({"g": "github:a/g"}, "node_modules/g", version="1.0.0",
           resolved="git+ssh://git@git.example.invalid/a/g.git#" + "a" * 40))
    attack("a repository without a commit", lock, "audit/git-not-pinned", npm_add({"g": "github:a/g"}, "node_modules/g", version="1.0.0",
           resolved="git+ssh://git@git.example.invalid/a/g.git#main"))
    attack("a path deep below", lock, "audit/path-dependency", npm_add({"p": "file:../../p"}, "node_modules/p", version="1.0.0", resolved="file:../../p"))
    attack("two contents of a release", lock, "audit/integrity-contradicts", npm_add({}, "node_modules/debug/node_modules/ms", version="2.1.3",
           resolved=f"{HOST}{PATH}/ms/-/ms-2.1.3.tgz", integrity=SRI))
    attack("a package of a platform and another family", lock, "audit/narrow-dependency", narrow, least=("note",))
    attack("a key twice", lock, "audit/duplicate-keys", put('"node_modules/ms": {', '"node_modules/ms": {"version": "0.0.1",'))
    attack("a manifest that asks for something else", lock, "audit/drift", lambda text: text + "\n", (),
           {"package.json": json.dumps({"name": "locks-sample", "dependencies": {"debug": "^4.3.0", "other": "1"}})})
attack("parts that disagree", "package-lock.v2.json", "audit/parts-disagree", old_part)
attack("another host", "yarn-v1.lock", "audit/swapped-host", put(HOST + PATH + "/debug/", "https://registry.example-cdn.invalid/debug/"))
attack("another package's archive", "yarn-v1.lock", "audit/address-of-another", put("/debug/-/debug-4.4.3.tgz", "/evil/-/evil-4.4.3.tgz"))
attack("no integrity but the address's sha1", "yarn-v1.lock", "audit/integrity-weak", lambda text: re.sub(r'(debug-4\.4\.3\.tgz[^\n]*)\n  integrity [^\n]*', r"\1", text))
attack("an archive from elsewhere", "yarn-berry.lock", "audit/address-of-another", put('resolution: "debug@npm:4.4.3"',
       'resolution: "debug@npm:4.4.3::__archiveUrl=https%3A%2F%2F192.0.2.1%2Fevil%2F-%2Fevil-4.4.3.tgz"'))
for lock in ("pnpm-lock.pnpm7.yaml", "pnpm-lock.pnpm8.yaml", "pnpm-lock.pnpm9.yaml", "pnpm-lock.v9-pnpm12.yaml"):
    attack("an address of another", lock, "audit/address-of-another", lambda text: re.sub(r"(debug[@/]4\.4\.3[^\n]*\n\s+resolution: \{)(integrity: [^}]*)\}",
           r"\1\2, tarball: https://192.0.2.1/evil/-/evil-4.4.3.tgz}", text, 1))
    attack("no integrity", lock, "audit/integrity-missing", lambda text: re.sub(r"(debug[@/]4\.4\.3[^\n]*\n\s+resolution: )\{integrity: [^}]*\}",
           r"\1{tarball: https://registry.example.invalid/debug/-/debug-4.4.3.tgz}", text, 1))
    attack("a repository deep below", lock, "audit/git-dependency", lambda text: re.sub(r"(ms[@/]2\.1\.3'?:\n\s+resolution: )\{integrity: [^}]*\}",
           r"\1{type: git, repo: https://git.example.invalid/a/ms.git, commit: " + "a" * 40 + "}", text, 1))
attack("another package's archive", "bun.lock", "audit/address-of-another", lambda text: re.sub(r'\["debug@4\.4\.3", "[^"]*"',
       '["debug@4.4.3", "https://192.0.2.1/evil/-/evil-4.4.3.tgz"', text))
attack("no integrity", "bun.lock", "audit/integrity-missing", lambda text: re.sub(r'(\["debug@4\.4\.3".*), "sha512-[^"]*"\]', r'\1, ""]', text))
attack("one of five files from another host", "uv.lock", "audit/second-host", put("http://127.0.0.1:4803/files/idna", "https://192.0.2.1/files/idna"))
attack("a file of another", "uv.lock", "audit/address-of-another", put("/files/idna-3.10", "/files/evil-3.10"))
attack("a file of another", "pylock.toml", "audit/address-of-another", put("/files/idna-3.10", "/files/evil-3.10"))
attack("no hash", "uv.lock", "audit/integrity-missing", lambda text: re.sub(r'(idna-3\.10[^\n]*?), hash = "[^"]*"', r"\1", text))
attack("no hash", "poetry.lock", "audit/integrity-missing", lambda text: re.sub(r'\n    \{file = "idna-[^\n]*', "", text))
attack("one from a repository", "poetry.lock", "audit/git-not-pinned", lambda text: re.sub(r'(name = "idna"[\s\S]*?\[package\.source\]\ntype = )"legacy"\nurl = "[^"]*"\nreference = "[^"]*"',
       r'\1"git"\nurl = "https://git.example.invalid/a/idna.git"\nreference = "main"\nresolved_reference = "main"', text, 1))
attack("one hash missing", "requirements-hashed.txt", "audit/hashes-partly", lambda text: re.sub(r"(idna==[0-9.]+) \\\n\s+--hash=[^\n]*", r"\1", text), least=("note", "weak"))
attack("one more index", "requirements-hashed.txt", "audit/extra-index", lambda text: "--extra-index-url https://extra.example.invalid/simple\n" + text)
attack("an address", "requirements-hashed.txt", "audit/direct-remote", lambda text: text + "evil @ https://192.0.2.1/evil.whl\n", least=("note", "weak"))
attack("no hash", "Pipfile.lock", "audit/integrity-missing", without_hashes)
attack("its registry over http", "Cargo.lock", "audit/plain-http", put("registry+https://", "registry+http://"))
attack("a repository deep below", "Cargo.lock", "audit/git-dependency", lambda text: text.replace('name = "itoa"', 'name = "itoa"\ndependencies = [\n "evil",\n]') +
       f'\n[[package]]\nname = "evil"\nversion = "1.0.0"\nsource = "git+https://git.example.invalid/evil#{"a" * 40}"\n')
attack("a line that is missing", "go.sum", "audit/drift", lambda text: "\n".join(text.splitlines()[1:]) + "\n", (), {"go.mod": load("go.mod")})
print(f"1..{number}")
sys.exit(1 if failures else 0)
