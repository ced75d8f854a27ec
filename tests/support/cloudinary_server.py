"""A server that speaks Cloudinary's upload API, as far as it is used."""

import asyncio
from collections.abc import Mapping
from hashlib import sha256

import pytest
from aiohttp import web
from pytest_aiohttp.plugin import AiohttpServer

CLOUD, KEY, SECRET = "little-cloud", "123456789", "not-a-real_secret"


class CloudinaryServer:
    """Keeps pictures in memory.

    Attributes:
        url: How CLOUDINARY_URL names it.
        pictures: What is kept, by public id.
        calls: The actions that were asked for.
        instead: Status and body that it answers with instead of doing anything.
        gate: It answers when this is set.
    """

    def __init__(self) -> None:
        self.pictures: dict[str, bytes] = {}
        self.calls: list[str] = []
        self.instead: tuple[int, bytes] | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def start(self, aiohttp_server: AiohttpServer) -> None:
        app = web.Application()
        app.router.add_post("/v1_1/{cloud}/image/{action}", self._answer)
        server = await aiohttp_server(app)
        prefix = str(server.make_url("")).rstrip("/")
        self.url = f"cloudinary://{KEY}:{SECRET}@{CLOUD}?upload_prefix={prefix}"

    def url_of(self, public_id: str) -> str:
        return f"https://res.cloudinary.com/{CLOUD}/image/upload/v1/{public_id}.webp"

    async def _answer(self, request: web.Request) -> web.Response:
        form = await request.post()
        content = b""
        if isinstance(file := form.get("file"), web.FileField):
            with file.file:
                content = file.file.read()
        action = request.match_info["action"]
        self.calls.append(action)
        await self.gate.wait()
        if self.instead is not None:
            status, body = self.instead
            return web.Response(status=status, body=body, content_type="application/json")
        if request.match_info["cloud"] != CLOUD or form["api_key"] != KEY or not _is_signed(form):
            return web.json_response({"error": {"message": "Invalid Signature"}}, status=401)
        public_id = str(form["public_id"])
        if action == "destroy":
            there = self.pictures.pop(public_id, None) is not None
            return web.json_response({"result": "ok" if there else "not found"})
        self.pictures[public_id] = content
        return web.json_response({"public_id": public_id, "secure_url": self.url_of(public_id)})


def _is_signed(form: Mapping[str, object]) -> bool:
    unsigned = {"file", "api_key", "signature"}
    pairs = sorted(f"{name}={value!s}" for name, value in form.items() if name not in unsigned)
    return form["signature"] == sha256(("&".join(pairs) + SECRET).encode()).hexdigest()


@pytest.fixture
async def cloudinary(aiohttp_server: AiohttpServer) -> CloudinaryServer:
    server = CloudinaryServer()
    await server.start(aiohttp_server)
    return server
