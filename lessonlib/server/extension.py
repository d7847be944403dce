"""The stock server leaves Nagle's algorithm on for the connection between the page and the kernel.

Small messages then wait for an acknowledgement, about 40 ms for every move of a slider.
"""

from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from lessonlib.server.widget_state import keep_what_is_shown

_CONNECTION_CLASS = "kernel_websocket_connection_class"


class PromptKernelConnection(ZMQChannelsWebsocketConnection):
    """The stock kernel connection, sending each message without delay (TCP_NODELAY)."""

    def connect(self):  # noqa: ANN201 - the type differs between versions of jupyter_server
        """Turn Nagle's algorithm off, then connect as usual."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()


def _load_jupyter_server_extension(server: ServerApp) -> None:
    """Use the prompt connection, unless somebody chose another class (a gateway, say)."""
    server.contents_manager.register_pre_save_hook(keep_what_is_shown)
    settings = server.web_app.settings
    if settings.get(_CONNECTION_CLASS) is ZMQChannelsWebsocketConnection:
        settings[_CONNECTION_CLASS] = PromptKernelConnection
