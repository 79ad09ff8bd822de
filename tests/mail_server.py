"""A thousand mails through a real mail server, Postfix of Debian, and the real binary; then a thousand with kills.

Starts a server on loopback with STARTTLS, a login and a certificate of a private authority, runs a small project with
a thousand recipients, and sends its mails. What the server's own log counts, what lies in its mailboxes and what the
program says must be the same. Then the program is killed again and again while it sends a thousand more: none is lost, and
only a mail whose answer was awaited at a kill arrives twice, with the same bytes. Needs root, and `postfix`, `sasl2-bin`, `libsasl2-modules` and `openssl` of Debian; ends
what it started.

    python3 tests/mail_server.py target/debug/scorewright [--mails 1000]
"""

import argparse
import collections
import email
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "Kanarienvogel"
DAY = "2026-11-23"
KILLS = 40

SETTINGS = """compatibility_level = 3.6
queue_directory = {work}/queue
data_directory = {work}/data
maillog_file = {work}/mail.log
maillog_file_prefixes = {work}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = {work}/server.pem
smtpd_tls_key_file = {work}/server.key
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = localhost
smtpd_relay_restrictions = permit_sasl_authenticated, reject
alias_maps =
alias_database =
virtual_mailbox_domains = example.com
virtual_mailbox_base = {work}/mail
virtual_mailbox_maps = texthash:{work}/config/people
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
"""

SERVICES = """127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

LOGIN = """pwcheck_method: auxprop
auxprop_plugin: sasldb
mech_list: PLAIN LOGIN
sasldb_path: {work}/sasl/users
"""


def run(*command, status=0, **more):
    ended = subprocess.run(command, capture_output=True, text=True, **more)
    if ended.returncode != status:
        sys.exit(f"{command} ended with {ended.returncode}:\n{ended.stdout}{ended.stderr}")
    return ended.stdout


def certificates(work):
    """A private authority, and a certificate for `localhost` that it signs."""
    subject = ["-subj", "/CN=scorewright test authority"]
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject,
        "-keyout", f"{work}/ca.key", "-out", f"{work}/ca.pem")
    run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
        "-keyout", f"{work}/server.key", "-out", f"{work}/server.csr")
    (work / "names").write_text("subjectAltName=DNS:localhost\n")
    run("openssl", "x509", "-req", "-in", f"{work}/server.csr", "-CA", f"{work}/ca.pem", "-CAkey", f"{work}/ca.key",
        "-CAcreateserial", "-days", "2", "-extfile", f"{work}/names", "-out", f"{work}/server.pem")
    os.chmod(work / "server.key", 0o600)


class MailServer:
    """A Postfix of its own, with its own folders, port and log."""

    def __init__(self, work, people):
        self.work, self.port = work, free_port()
        for name in ["config", "queue", "data", "sasl", "mail"]:
            (work / name).mkdir()
        shutil.copytree("/etc/postfix", work / "config", dirs_exist_ok=True)
        (work / "config/main.cf").write_text(SETTINGS.format(work=work))
        (work / "config/master.cf").write_text(SERVICES.format(port=self.port))
        (work / "config/people").write_text("".join(f"{who} {who.split('@')[0]}/\n" for who in people))
        (work / "config/sasl").mkdir(exist_ok=True)
        (work / "config/sasl/smtpd.conf").write_text(LOGIN.format(work=work))
        run("saslpasswd2", "-p", "-c", "-f", f"{work}/sasl/users", "-u", "localhost", "scorecards", input=PASSWORD)
        shutil.chown(work / "sasl/users", user="postfix")
        shutil.chown(work / "data", user="postfix")
        shutil.chown(work / "mail", user=65534, group=65534)

    def start(self):
        run("postfix", "-c", str(self.work / "config"), "start")
        until(lambda: answers(self.port), "the mail server does not listen", self)

    def stop(self):
        subprocess.run(["postfix", "-c", str(self.work / "config"), "stop"], capture_output=True)

    @property
    def lines(self):
        log = self.work / "mail.log"
        return log.read_text().splitlines() if log.exists() else []

    def accepted(self):
        """Messages that the log says were taken as a whole."""
        return [line for line in self.lines if "/qmgr[" in line and "from=<scorecards@example.com>" in line]

    def delivered(self):
        """Recipients for whom the log says that the message is in their mailbox."""
        done = (line for line in self.lines if "/virtual[" in line and "status=sent (delivered to maildir)" in line)
        return [re.search("to=<([^>]*)>", line)[1] for line in done]


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            return connection.recv(3) == b"220"
    except OSError:
        return False


def until(is_so, why, server, seconds=120):
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            sys.exit(why + ":\n" + "\n".join(server.lines[-20:]))
        time.sleep(0.1)


def project(work, server, people, name="project"):
    """The small project of the stories, mailed to many."""
    folder = work / name
    shutil.copytree(ROOT / "tests/scenarios/base", folder)
    report = folder / "reports/scorecard/report.toml"
    report.write_text(report.read_text() + '\n[mail]\nfrom = "Scorewright <scorecards@example.com>"\nroles = ["reader"]\n')
    listed = (f'[[recipient]]\nmailbox = "{address}"\nrole = "reader"\n' for address in people)
    (folder / "reports/recipients.toml").write_text("\n".join(listed))
    settings = folder / "scorewright.toml"
    settings.write_text(settings.read_text() + f"""
[smtp]
host = "localhost"
port = {server.port}
ca_file = "{work}/ca.pem"
user = "scorecards"
password = {{ env = "SMTP_PASSWORD" }}
domains = ["example.com"]
""")
    return folder


def scorewright(program, folder, *arguments, status=0):
    environment = {"SMTP_PASSWORD": PASSWORD, "PATH": os.environ["PATH"]}
    return run(program, "--log-format", "text", *arguments, status=status, cwd=folder, env=environment)


def mailboxes(work):
    """Every message in every mailbox, by recipient: the server puts headers of its own above, and ends lines with LF."""
    found = collections.defaultdict(list)
    for path in sorted((work / "mail").glob("*/new/*")):
        found[path.parent.parent.name + "@example.com"].append(path.read_bytes())
    return found


def kept_messages(folder):
    """The messages as the outbox keeps them, by recipient."""
    kept = {}
    for path in (folder / "out/rendered/mail").glob("*.eml"):
        text = path.read_bytes()
        kept[str(email.message_from_bytes(text)["To"])] = text
    return kept


def check(work, folder, server, people, told):
    until(lambda: len(server.delivered()) >= len(people), "not all are delivered", server)
    assert f"sent       {len(people):,} mails" in told, told
    accepted, delivered = len(server.accepted()), len(server.delivered())
    assert accepted == len(people), f"the log has {accepted} messages for {len(people)} recipients"
    assert sorted(server.delivered()) == people, "the log has each recipient once"
    assert delivered == len(people), f"the log has {delivered} deliveries for {len(people)} recipients"
    boxes, kept = mailboxes(work), kept_messages(folder)
    assert sorted(boxes) == people, "each has a mailbox, and nobody else"
    assert all(len(messages) == 1 for messages in boxes.values()), "each has the mail once"
    for address, (message,) in boxes.items():
        assert message.endswith(kept[address].replace(b"\r\n", b"\n")), f"{address} has other bytes"
    identities = {email.message_from_bytes(messages[0])["Message-ID"] for messages in boxes.values()}
    assert len(identities) == len(people), "each has a Message-ID of its own"


def decide(program, folder, work, server):
    """Does with mails that may have arrived what a person does: looks whether they are there."""
    until(lambda: len(server.delivered()) == len(server.accepted()), "not all are delivered", server)
    waiting = json.loads(scorewright(program, folder, "outbox", "list", "--output", "json"))["entries"]
    there = mailboxes(work)
    for entry in waiting:
        # What was refused for a moment is sent by the next call.
        if entry["state"] == "deferred":
            continue
        assert entry["state"] == "unclear", entry
        decision = "cancel" if entry["destination"] in there else "resend"
        scorewright(program, folder, "outbox", decision, entry["key"])


def killed(program, folder, work, server, people):
    """Sends to many, and kills the program at moments that a seed chooses, some dozen times; then lets it end."""
    chance, kills = random.Random(7), 0
    environment = {"SMTP_PASSWORD": PASSWORD, "PATH": os.environ["PATH"]}
    while True:
        sending = subprocess.Popen([program, "send"], cwd=folder, env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            status = sending.wait(chance.uniform(0.2, 0.6) if kills < KILLS else None)
        except subprocess.TimeoutExpired:
            sending.kill()
            sending.wait()
            kills += 1
            continue
        if status == 0:
            break
        # What was on its way at a kill is sent once more; what was so at two kills waits for a person.
        assert status == 5, status
        decide(program, folder, work, server)
    until(lambda: set(server.delivered()) >= set(people), "not all are delivered", server)
    until(lambda: len(server.delivered()) == len(server.accepted()), "not all are delivered", server)
    boxes = {who: messages for who, messages in mailboxes(work).items() if who in people}
    assert sorted(boxes) == people, "nobody is left out"
    twice = [who for who, messages in boxes.items() if len(messages) == 2]
    assert all(len(messages) <= 2 for messages in boxes.values()), "nobody has three"
    assert len(twice) <= kills, f"{len(twice)} have it twice after {kills} kills"
    for who in twice:
        bodies = {message[message.index(b"\nFrom: "):] for message in boxes[who]}
        assert len(bodies) == 1, f"{who} has two that differ"
    return kills, len(twice)


def tell(what):
    print(what, flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("program")
    arguments.add_argument("--mails", type=int, default=1000)
    asked = arguments.parse_args()
    program = str(Path(asked.program).resolve())
    with tempfile.TemporaryDirectory(prefix="scorewright-mail-") as made:
        work = Path(made)
        os.chmod(work, 0o755)
        certificates(work)
        people = [f"reader{number:04}@example.com" for number in range(asked.mails)]
        others = [f"writer{number:04}@example.com" for number in range(asked.mails)]
        server = MailServer(work, people + others)
        try:
            server.start()
            folder = project(work, server, people)
            queued = scorewright(program, folder, "run", "--as-of", DAY, "--mail", status=5)
            assert f"{asked.mails:,} mails wait" in " ".join(queued.split()), queued
            scorewright(program, folder, "send", "--dry-run")
            started = time.monotonic()
            told = scorewright(program, folder, "send")
            seconds = time.monotonic() - started
            check(work, folder, server, people, told)
            again = scorewright(program, folder, "send")
            assert again.startswith("sent       nothing"), again
            assert len(server.accepted()) == len(people), "the same again sends nothing"
            assert not any(PASSWORD in line for line in server.lines)
            listed = json.loads(scorewright(program, folder, "outbox", "list", "--output", "json"))
            assert listed == {"entries": [], "damaged": []}, listed
            tell(f"{len(people):,} mails: sent in {seconds:.1f} s, each in its mailbox once, as the server's log counts")
            folder = project(work, server, others, "killed")
            scorewright(program, folder, "run", "--as-of", DAY, "--mail", status=5)
            kills, twice = killed(program, folder, work, server, others)
            tell(f"{len(others):,} mails and {kills} kills: none is lost, {twice} arrived twice with the same bytes")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
