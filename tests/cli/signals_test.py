"""signals_test.py - Ctrl-C, TERM and what only a terminal shows (progress line, colour, width)."""
import json
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time

RATTER = os.environ["RATTER"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CLEAN = os.path.join(ROOT, "examples", "npm-clean")
STEALER = os.path.join(ROOT, "examples", "npm-stealer")
number = failures = 0


def check(name, truth, detail=""):
    global number, failures
    number += 1
    failures += not truth
    print(f"{'ok' if truth else 'not ok'} {number} - {name}")
    if not truth and detail:
        print("#   " + str(detail)[:600].replace("\n", "\n#   "))


def interrupted(which, count):
    """A long run stopped by a signal once its first line is out: status, lines, the file of -o, stderr."""
    with tempfile.TemporaryDirectory() as folder:
        document = os.path.join(folder, "r.json")
        run = subprocess.Popen([RATTER, "scan", "--jobs", "1", "--format", "jsonl", "-o", f"json={document}",
                                "--paths-from", "-"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        run.stdin.write((CLEAN + "\n").encode() * count)
        run.stdin.close()
        first = run.stdout.readline()
        run.send_signal(which)
        rest = run.stdout.read()
        errors = run.stderr.read().decode()
        status = run.wait(timeout=60)
        left = sorted(os.listdir(folder))
        written = json.load(open(document)) if left == ["r.json"] else None
        return status, (first + rest).decode().splitlines(), written, errors, left


def signals():
    for which, wanted in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        count = 4000
        status, lines, written, errors, left = interrupted(which, count)
        check(f"{which.name}: status {wanted}", status == wanted, (status, errors))
        reports = [json.loads(line) for line in lines]
        verdicts = {report["verdict"] for report in reports}
        check(f"{which.name}: every line is whole and every artifact has one", len(reports) == count, len(reports))
        check(f"{which.name}: what was not finished is unknown", verdicts == {"clean", "unknown"}, verdicts)
        check(f"{which.name}: the file is whole and says the same",
              written is not None and len(written["reports"]) == count, left)
        check(f"{which.name}: one line on standard error", errors.count("\n") == 1 and "stopped" in errors, errors)


def on_terminal(arguments, environment):
    """Runs with a terminal on standard output and standard error, 60 columns wide; status and what it showed."""
    import fcntl
    import struct
    import termios
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    env = {k: v for k, v in os.environ.items()
           if k not in ("CI", "NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "COLUMNS")}
    env.update({"TERM": "xterm"}, **environment)
    run = subprocess.Popen([RATTER] + arguments, stdin=subprocess.DEVNULL, stdout=slave, stderr=slave, env=env)
    os.close(slave)
    shown = b""
    deadline = time.time() + 60
    while time.time() < deadline:
        if not select.select([master], [], [], 1)[0]:
            continue
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(master)
    return run.wait(timeout=60), shown.decode("utf-8", "replace")


def terminal():
    many = [CLEAN] * 300
    status, shown = on_terminal(["scan"] + many, {})
    check("a terminal: progress is drawn and wiped", "scanning " in shown and "\r\033[K" in shown, shown[:200])
    status, shown = on_terminal(["scan", "--no-progress", CLEAN], {})
    check("a terminal: colour", status == 0 and "\033[32mclean" in shown, shown[-200:])
    _, shown = on_terminal(["scan"] + many, {"CI": "true"})
    check("CI: no progress", "scanning " not in shown, shown[:200])
    _, shown = on_terminal(["scan", "--no-progress"] + many, {})
    check("--no-progress: none", "scanning " not in shown, shown[:200])
    _, shown = on_terminal(["scan"] + many, {"TERM": "dumb"})
    check("TERM=dumb: neither", "scanning " not in shown and "\033" not in shown, shown[:200])
    _, shown = on_terminal(["scan", "--no-progress", STEALER], {"NO_COLOR": "1"})
    check("NO_COLOR: none", "\033" not in shown, shown[:200])
    # Words are wrapped; the headline, a path, a digest or a frame is one piece.
    prose = [line for line in shown.split("\r\n") if line.startswith(("  - ", "    ")) and line.strip()[:1] not in "=|"]
    check("60 columns: sentences are wrapped", prose and all(len(line) <= 60 for line in prose if " " in line.strip()[3:]), prose)


signals()
terminal()
sys.exit(failures > 0)
