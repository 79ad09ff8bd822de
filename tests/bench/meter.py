"""What a command takes, as a process of its own."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

# Starts a command and prints wall seconds, CPU seconds, peak KiB, exit status and bytes written. A process of its own, and
# a bare one: a command's peak is never below that of the process it was forked from.
METER = """
import os, sys, time
cores, log, *command = sys.argv[1:]
os.sched_setaffinity(0, map(int, cores.split(",")))
start = time.perf_counter()
child = os.fork()
if child == 0:
    to = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(to, 1), os.dup2(to, 2)
    os.execvp(command[0], command)
os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
wall = time.perf_counter() - start
try:
    told = dict(line.split(": ") for line in open(f"/proc/{child}/io").read().splitlines())
    written = int(told["write_bytes"]) - int(told["cancelled_write_bytes"])
except OSError:
    written = -1
_, status, used = os.wait4(child, 0)
print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status), written)
"""


def take(command: list, cores: list[int], log: Path, end: int = 0) -> dict:
    """Runs a command once. Wall and CPU in seconds, peak memory and what was written to disk in bytes."""
    os.sync()
    load = os.getloadavg()[0]
    meter = [sys.executable, "-I", "-S", "-c", METER, ",".join(map(str, cores)), str(log), *map(str, command)]
    told = subprocess.run(meter, capture_output=True, check=True).stdout.split()
    wall, cpu, peak, status, written = map(float, told)
    if status != end:
        sys.exit(f"exit status {status:.0f}, not {end}, of {' '.join(map(str, command))}\n{log.read_text()[-4000:]}")
    return {"wall": round(wall, 4), "cpu": round(cpu, 4), "rss": int(peak) * 1024, "to_disk": int(written), "load": load,
            "cores": len(cores), "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}


def keep(path: Path, line: dict) -> None:
    """Adds a measurement to the records, one JSON object a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(line) + "\n")
