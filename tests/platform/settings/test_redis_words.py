"""The options of Redis' URL: what the driver knows, and nothing that fails when it is used."""

from pathlib import Path

import pytest

from contactsvc.platform.redis.connection import connect
from tests.platform.settings.support import KEY, Load, refusal

HONOURED = [
    "redis://cache.example.com/3",
    "redis://u%40x:p%2Fw@[2001:db8::1]:6380/0?client_name=contacts&protocol=3",
    "redis://h?db=1&health_check_interval=5&max_connections=9&socket_keepalive=false",
    "redis://h?username=u&password=p",
    "rediss://h?ssl_cert_reqs=none&ssl_check_hostname=false&ssl_min_version=772",
    "unix:///run/redis.sock?db=2",
    "redis+sentinel://a,b/mymaster/1?sentinel_username=u&sentinel_password=p&client_name=c",
    "rediss+sentinel://a/mymaster?ssl_cert_reqs=none",
    "rediss+cluster://a,b?ssl_cert_reqs=optional&protocol=2",
]

REFUSED = {
    "redis://:hunter2@h?foo=1": "foo: ",
    "redis://:hunter2@h?socket_timeout=9": "socket_timeout: REDIS_TIMEOUT",
    "redis://:hunter2@h?retry_on_timeout=true": "retry_on_timeout: REDIS_TIMEOUT",
    "redis://:hunter2@h?decode_responses=1": "decode_responses: ",
    "redis://:hunter2@h?db=one": "db: ",
    "redis://:hunter2@h?protocol=4": "protocol: ",
    "redis://:hunter2@h?client_name=a%20b": "client_name: ",
    "redis://:hunter2@h?max_connections=0": "max_connections: ",
    "redis://:hunter2@h?ssl_cert_reqs=none": "ssl_cert_reqs: needs rediss",
    "rediss://:hunter2@h?ssl_cert_reqs=CERT_NONE": "ssl_cert_reqs: must be",
    "rediss://:hunter2@h?ssl_ca_certs=/nowhere.pem": "ssl_ca_certs: ",
    "rediss://:hunter2@h?ssl_certfile=/nowhere.pem": "ssl_certfile: ",
    "rediss://:hunter2@h?ssl_keyfile=/nowhere.pem": "ssl_keyfile: ",
    "redis+sentinel://:hunter2@a/mymaster?db=1": "db: ",
    "redis://h?sentinel_password=hunter2": "sentinel_password: ",
    "redis://:hunter2@h/one": "must be like",
    "redis://:hunter2@h:99999": "must be like",
    "redis://:hunter2@[h": "must be like",
    "redis://:hunter2@h\u2100": "must be like",
    "redis://:hun/ter2@h": "must ",
    "redis://:hun#ter2@h": "must ",
    "redis://h?hun-ter2": "must have options",
    "unix://": "must be like unix",
}


def test_each_option_is_honoured_or_refused_by_name(load: Load, subtests: pytest.Subtests) -> None:
    for url, reason in REFUSED.items():
        with subtests.test(url):
            line = refusal(load, "REDIS_URL", url)
            assert line.startswith(f"REDIS_URL: {reason}")
            assert "hunter2" not in line
    for url in HONOURED:
        with subtests.test(url):
            assert load(REDIS_URL=url, SECRET_KEY=KEY).redis_url == url


def test_what_is_honoured_the_driver_takes(subtests: pytest.Subtests) -> None:
    for url in HONOURED:
        with subtests.test(url):
            client = connect(url)
            if hasattr(client, "connection_pool"):  # a Cluster has made its nodes by now
                client.connection_pool.make_connection()


def test_a_file_that_is_no_certificate_is_named(load: Load, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("nonsense")
    line = refusal(load, "REDIS_URL", f"rediss://h?ssl_ca_certs={file}")
    assert line == "REDIS_URL: ssl_ca_certs: the file is not what it should be."
