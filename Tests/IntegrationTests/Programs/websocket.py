# SPDX-License-Identifier: Apache-2.0
"""A WebSocket echo, and a caller that tries every kind of message: `serve PORT`, `call URL`."""

import asyncio
import ssl
import sys

import websockets


async def echo(connection, *_):
    async for message in connection:
        await connection.send(message)


async def serve(port):
    async with websockets.serve(echo, "127.0.0.1", port, max_size=None):
        await asyncio.Future()


async def call(url):
    context = None
    if url.startswith("wss:"):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    async with websockets.connect(url, ssl=context, max_size=None) as connection:
        for message in ["hello", "", "é" * 1000, b"", b"\x00\xff" * 100, b"x" * (4 << 20)]:
            await connection.send(message)
            assert await connection.recv() == message
        # A message in fragments, a ping between them.
        await connection.send(["a", "b", "c"])
        await (await connection.ping())
        assert await connection.recv() == "abc"
        many = [str(number) for number in range(1000)]
        for message in many:
            await connection.send(message)
        assert [await connection.recv() for _ in many] == many
    assert connection.close_code == 1000, connection.close_code
    # Many at once.
    async def one(number):
        async with websockets.connect(url, ssl=context) as connection:
            await connection.send(str(number))
            assert await connection.recv() == str(number)

    await asyncio.gather(*(one(number) for number in range(50)))
    print("all echoed")


if sys.argv[1] == "serve":
    asyncio.run(serve(int(sys.argv[2])))
else:
    asyncio.run(asyncio.wait_for(call(sys.argv[2]), 60))
