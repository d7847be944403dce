"""The connection between page and kernel must not wait for acknowledgements (TCP_NODELAY)."""

import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
from jupyter_core.paths import jupyter_config_path
from jupyter_server.extension.manager import ExtensionPackage
from jupyter_server.services.contents.manager import ContentsManager
from jupyter_server.services.kernels.connection.base import BaseKernelWebsocketConnection
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect

from lessonlib.server.extension import PromptKernelConnection, _load_jupyter_server_extension
from lessonlib.server.widget_state import keep_what_is_shown

CONFIG = Path(__file__).parents[2] / "jupyter-config" / "etc" / "jupyter"
CONFIGURATION = sorted(CONFIG.rglob("*.json"))
CLASS = "kernel_websocket_connection_class"


def load_into(**settings):
    manager = ContentsManager()
    _load_jupyter_server_extension(
        SimpleNamespace(web_app=SimpleNamespace(settings=settings), contents_manager=manager)
    )
    assert manager._pre_save_hooks == [keep_what_is_shown]
    return settings


def test_replaces_the_stock_connection():
    assert load_into(**{CLASS: ZMQChannelsWebsocketConnection}) == {CLASS: PromptKernelConnection}


@pytest.mark.parametrize("settings", [{}, {CLASS: BaseKernelWebsocketConnection}])
def test_leaves_any_other_connection_alone(settings):
    assert load_into(**settings) == settings


def test_jupyter_server_can_load_it():
    (point,) = ExtensionPackage(name="lessonlib.server", enabled=True).extension_points.values()
    assert point.validate()


@pytest.mark.parametrize("file", CONFIGURATION, ids=lambda file: file.parent.name)
def test_installing_the_course_installs_its_configuration(file):
    installed = [Path(folder, file.relative_to(CONFIG)) for folder in jupyter_config_path()]
    texts = [path.read_text() for path in installed if path.exists()]
    assert file.read_text() in texts, "install the course again: pip install -e ."


def test_connecting_turns_nagles_algorithm_off(monkeypatch):
    stock_connections = []
    monkeypatch.setattr(
        ZMQChannelsWebsocketConnection, "connect", lambda self: stock_connections.append(self)
    )
    options = []

    def nodelay(handler):
        stream_socket = handler.ws_connection.stream.socket
        return bool(stream_socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    class Handler(KernelWebsocketHandler):
        async def prepare(self):
            """Let everybody in."""

        async def get(self):
            await WebSocketHandler.get(self)

        def select_subprotocol(self, subprotocols):
            return None

        async def open(self):
            options.append(nodelay(self))
            self.connection = PromptKernelConnection(websocket_handler=self)
            self.connection.connect()
            options.append(nodelay(self))

        def on_close(self):
            """There is no kernel to say goodbye to."""

    async def visit():
        listener, port = bind_unused_port()
        server = HTTPServer(Application([("/", Handler)]))
        server.add_socket(listener)
        client = await websocket_connect(f"ws://127.0.0.1:{port}/")
        client.close()
        await client.read_message()
        server.stop()
        await server.close_all_connections()

    IOLoop(make_current=False).run_sync(visit)
    assert options == [False, True]
    assert len(stock_connections) == 1
