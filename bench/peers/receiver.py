"""Opens viewers of one stream and counts the bytes that each is sent.

receiver.py HOST PORT PATH VIEWERS; writes "ready" once every viewer has been sent something, then answers each line of its
stdin with the counts so far, as JSON. It shares the machine with what is measured, so it must cost little: MSG_TRUNC makes
Linux drop what has come without copying it (tcp(7)).
"""
import json
import os
import resource
import select
import socket
import sys
import time

host, port, path, viewers = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
AT_ONCE = 400  # connections waiting to be accepted: below any server's backlog
MAX_READ_BYTES = 1 << 24
scrap = bytearray(MAX_READ_BYTES)

hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
if hard != resource.RLIM_INFINITY and hard < viewers + 50:
    sys.exit(f'{viewers} viewers need more open files than the {hard} that ulimit -Hn allows')
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

poll = select.epoll()
poll.register(0, select.EPOLLIN)
sockets, counts = {}, {}
request = f'GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n'.encode()
waiting = 0  # viewers that were sent nothing yet
ready = False


def connect():
    global waiting
    viewer = socket.create_connection((host, port))
    viewer.sendall(request)
    viewer.setblocking(False)
    counts[viewer.fileno()] = 0
    waiting += 1
    sockets[viewer.fileno()] = viewer
    poll.register(viewer, select.EPOLLIN)


def take(fd):
    global waiting
    try:
        taken = sockets[fd].recv_into(scrap, MAX_READ_BYTES, socket.MSG_TRUNC)
    except BlockingIOError:
        return
    except ConnectionError:
        taken = 0
    waiting -= counts[fd] == 0
    counts[fd] += taken
    if taken == 0:
        sys.exit('a viewer was turned away')


deadline = time.monotonic() + 30
while True:
    while len(sockets) < viewers and waiting < AT_ONCE:
        connect()
    for fd, _ in poll.poll(0 if len(sockets) < viewers else 1):
        if fd:
            take(fd)
        elif not os.read(0, 100):
            sys.exit(0)
        else:
            print(json.dumps(list(counts.values())), flush=True)
    if not ready and len(sockets) == viewers and waiting == 0:
        ready = True
        print('ready', flush=True)
    if not ready and time.monotonic() > deadline:
        sys.exit(f'{waiting} of {len(sockets)} viewers were sent nothing in half a minute')
