"""Messages of a kernel are read with a bound on each, whatever it sends."""

import os
import socket
import threading

import pytest
import zmq

from lessonlib.grading.confined.wire import MOST, ClosedError, Wire


@pytest.fixture
def published(tmp_path):
    """Return a wire, and the ZeroMQ socket that it listens to."""
    context, path = zmq.Context(), str(tmp_path / "s")
    with context.socket(zmq.XPUB) as sender:
        sender.bind(f"ipc://{path}")
        wire = Wire(path, "iopub")
        wire.setsockopt(zmq.SUBSCRIBE, b"")
        assert sender.recv() == b"\x01"
        yield wire, sender
        wire.close()
    context.destroy(linger=0)


@pytest.mark.parametrize("sizes", [[0], [1, 0, 255, 256, 257], [100_000, 3, 1_000_000], [2] * 500])
def test_messages_come_whole_and_in_order(published, sizes):
    wire, sender = published
    sent = [[bytes([n % 251]) * size for n, size in enumerate(sizes)], [b"next", b""]]
    for frames in sent:
        sender.send_multipart(frames)
    assert [wire.recv_multipart() for _ in sent] == sent
    assert wire.dropped == 0
    assert not wire.poll(0)


@pytest.mark.parametrize(
    "frames",
    [[bytes(MOST)], [bytes(100_000)] * 300, [b""] * 100_000],
    ids=["long", "many", "empty"],
)
def test_a_message_too_long_is_left_out_and_costs_nothing(published, frames):
    wire, sender = published
    thread = threading.Thread(target=sender.send_multipart, args=[frames])
    thread.start()
    kept = 0
    while not (wire.dropped or wire.messages):
        wire.poll(1000)
        kept = max(kept, sum(map(len, wire._frames)) + len(wire._body))
    thread.join()
    sender.send_multipart([b"next"])
    assert wire.recv_multipart() == [b"next"]
    assert kept <= MOST


def test_what_is_sent_arrives(tmp_path):
    context, path = zmq.Context(), str(tmp_path / "s")
    with context.socket(zmq.ROUTER) as receiver:
        receiver.bind(f"ipc://{path}")
        wire = Wire(path, "shell")
        sent = [b"", b"x" * 300, b"y"]
        wire.send_multipart(sent)
        who, *frames = receiver.recv_multipart()
        assert frames == sent
        receiver.send_multipart([who, b"answer"])
        assert wire.recv_multipart() == [b"answer"]
        wire.close()
    context.destroy(linger=0)


def test_a_link_is_not_followed(tmp_path):
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(tmp_path / "other"))
        other.listen()
        os.symlink(tmp_path / "other", tmp_path / "s")
        with pytest.raises(ClosedError):
            Wire(str(tmp_path / "s"), "shell")


def test_the_end_of_a_connection_is_an_error_and_no_message(published):
    wire, sender = published
    sender.close()
    with pytest.raises(ClosedError):
        wire.poll(5000)
