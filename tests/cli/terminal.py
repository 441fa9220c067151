"""Run a command on a terminal of its own: terminal.py ANSWERS COMMAND…

ANSWERS is typed as it is (with \\n and \\x04 for the end of the input)."""
import os
import pty
import sys

answers = sys.argv[1].encode().decode("unicode_escape").encode()
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
os.write(fd, answers)
while True:
    try:
        data = os.read(fd, 4096)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
