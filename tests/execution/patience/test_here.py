"""Whether an address is this very process."""

import socket
import sys

import pytest

from flask_migrate.execution.patience.here import is_here

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")


@linux
@pytest.mark.parametrize(
    ("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
)
def test_an_end_of_a_connection_of_this_process_is_recognised(family, host):
    if family == socket.AF_INET6 and not socket.has_dualstack_ipv6():
        pytest.skip("no IPv6 here")
    with socket.create_server((host, 0), family=family) as server:
        with socket.create_connection(server.getsockname()[:2]) as client:
            address, port = client.getsockname()[:2]

            assert is_here(address, port)
            assert not is_here("192.0.2.1", port)
        assert not is_here(address, port)


@pytest.mark.parametrize(("host", "port"), [(None, None), ("localhost", 5432), ("", 1), (None, -1)])
def test_what_is_no_address_is_not_here(host, port):
    assert not is_here(host, port)
