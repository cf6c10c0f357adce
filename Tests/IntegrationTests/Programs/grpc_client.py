# SPDX-License-Identifier: Apache-2.0
"""Calls grpc_service.py at 127.0.0.1:PORT in every way; prints `ok` and counts, or fails."""
import os
import queue
import sys
import tempfile
import threading
import time

import grpc

channel = grpc.insecure_channel(
    "127.0.0.1:" + sys.argv[1],
    options=[("grpc.max_receive_message_length", -1), ("grpc.enable_http_proxy", 0)])


def unary(name):
    return channel.unary_unary("/test.Service/" + name)


def failure(call):
    try:
        call()
    except grpc.RpcError as error:
        return error.code(), error.details()
    raise AssertionError("the call did not fail")


# The way there may take a moment to be configured.
deadline = time.time() + 30
while True:
    try:
        answer, call = unary("Unary").with_call(b"hello")
        break
    except grpc.RpcError as error:
        if time.time() > deadline:
            raise
        time.sleep(0.05)
assert answer == b"olleh", answer
assert ("x-length", "5") in [tuple(pair) for pair in call.trailing_metadata()], call.trailing_metadata()

large = os.urandom(8_000_000)
assert unary("Unary")(large) == large[::-1]

assert failure(lambda: unary("Fail")(b"")) == (grpc.StatusCode.FAILED_PRECONDITION, "no: é%")
assert failure(lambda: unary("Missing")(b""))[0] == grpc.StatusCode.UNIMPLEMENTED

# A deadline ends the call here and there.
mark = tempfile.mktemp(prefix="malla-grpc-")
assert failure(lambda: unary("Slow")(mark.encode(), timeout=0.3))[0] == grpc.StatusCode.DEADLINE_EXCEEDED
# So does a cancellation.
second = tempfile.mktemp(prefix="malla-grpc-")
pending = unary("Slow").future(second.encode())
time.sleep(0.2)
pending.cancel()
assert pending.code() == grpc.StatusCode.CANCELLED
for path in (mark, second):
    until = time.time() + 10
    while not os.path.exists(path):
        assert time.time() < until, "the service was not told that its call has ended"
        time.sleep(0.02)
    os.remove(path)

assert sum(1 for _ in channel.unary_stream("/test.Service/Count")(b"1000")) == 1000
assert channel.stream_unary("/test.Service/Sum")(b"x" * 1000 for _ in range(2000)) == b"2000000"

# Turn by turn: nothing is held back for what comes later.
turns = queue.Queue()
answers = channel.stream_stream("/test.Service/Echo")(iter(turns.get, None))
for index in range(10):
    turns.put(b"%d" % index)
    assert next(answers) == b"%d!" % index
turns.put(None)
assert list(answers) == []

failed = []


def burst():
    for _ in range(100):
        try:
            if unary("Unary")(b"abc") != b"cba":
                failed.append("wrong answer")
        except grpc.RpcError as error:
            failed.append(str(error.code()))


threads = [threading.Thread(target=burst) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert not failed, failed
print("ok: unary, deadline, cancellation, streams of each kind, 800 calls at once")
