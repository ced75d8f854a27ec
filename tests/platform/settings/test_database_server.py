"""PostgreSQL's URL: every word of libpq is honoured, or refused by name in one line."""

import pytest

from contactsvc.platform.settings.database_server import DatabaseServer
from tests.platform.settings.support import KEY, Load, refusal

DEFAULTS = {"user": None, "password": None, "database": None}

HONOURED: dict[str, tuple[list[tuple[str | None, int]], dict[str, object]]] = {
    "postgres://": ([(None, 5432)], {}),
    "postgresql://ada@h/book": ([("h", 5432)], {"user": "ada", "database": "book"}),
    "postgres://a%40b:p%2Fw%3A@h:5433/my%20b%C3%BCch": (
        [("h", 5433)],
        {"user": "a@b", "password": "p/w:", "database": "my büch"},
    ),
    "postgres://u:p@ss:w[o]rd@h/book": (
        [("h", 5432)],
        {"user": "u", "password": "p@ss:w[o]rd", "database": "book"},
    ),
    "postgres://[2001:db8::1]:6432/b": ([("2001:db8::1", 6432)], {"database": "b"}),
    "postgres://a:1,b,[::1]/b": ([("a", 1), ("b", 5432), ("::1", 5432)], {"database": "b"}),
    "postgres://%2Frun%2Fpg/b": ([("/run/pg", 5432)], {"database": "b"}),
    "postgres://?host=/run/pg&port=5433&user=u&password=p&dbname=b": (
        [("/run/pg", 5433)],
        {"user": "u", "password": "p", "database": "b"},
    ),
    "postgres://?host=a,b&port=1,2": ([("a", 1), ("b", 2)], {}),
    "postgres://h?connect_timeout=10&target_session_attrs=read-write&sslnegotiation=postgres": (
        [("h", 5432)],
        {"timeout": 10, "target_session_attrs": "read-write", "direct_tls": False},
    ),
    "postgres://h?statement_cache_size=0&passfile=/p": (
        [("h", 5432)],
        {"statement_cache_size": 0, "passfile": "/p"},
    ),
    "postgres://h?channel_binding=prefer&gssencmode=disable&client_encoding=UTF8&sslsni=1": (
        [("h", 5432)],
        {},
    ),
}

REFUSED = {
    "postgres://u:hunter2@h/b?sslmode=require&channel_binding=require": "channel_binding: ",
    "postgres://u:hunter2@h?require_auth=scram-sha-256": "require_auth: ",
    "postgres://u:hunter2@h?hostaddr=10.0.0.1": "hostaddr: ",
    "postgres://u:hunter2@h?keepalives_idle=5": "keepalives_idle: ",
    "postgres://u:hunter2@h?client_encoding=LATIN1": "client_encoding: ",
    "postgres://u:hunter2@h?gssencmode=require": "gssencmode: ",
    "postgres://u:hunter2@h?connect_timeout=soon": "connect_timeout: ",
    "postgres://u:hunter2@h?connect_timeout=0": "connect_timeout: ",
    "postgres://u:hunter2@h?target_session_attrs=standby": "target_session_attrs: ",
    "postgres://u:hunter2@h?statement_cache_size=-1": "statement_cache_size: ",
    "postgres://u:hunter2@h?sslnegotiation=soon": "sslnegotiation: ",
    "postgres://u:hunter2@h?sslnegotiation=direct": "sslnegotiation: direct needs sslmode",
    "postgres://u:hunter2@h?sslmode=always": "sslmode: ",
    "postgres://u:hunter2@h?sslrootcert=/ca.pem": "sslrootcert: needs sslmode",
    "postgres://u:hunter2@h?service=x": "service: ",
    "postgres://u:hunter2@h?schema=x": "schema: ",
    "postgres://u:hunter2@h?replication=database": "replication: ",
    "postgres://u:hunter2@h?host=x": "host: ",
    "postgres://u:hunter2@a,b?port=1,2,3": "port: ",
    "postgres://u:hunter2@h:0": "must have a port",
    "postgres://u:hunter2@h:65536": "must have a port",
    "postgres://u:hunter2@h:x": "must ",
    "postgres://u:hunter2@[::1": "must have hosts",
    "postgres://u:hunter2%FF@h": "must have %-escapes",
    "postgres://u:hunter2%00@h": "must not",
    "postgres://u:hun/ter2@h": "must be like",
    "postgres://u:hun?ter2@h": "must be like",
    "postgres://u:hun?ter=2@h": "must be like",
    "postgres://h?hunter2": "must have options",
    "postgres://h?hunter-2=x": "must have options",
}


def test_what_is_honoured(subtests: pytest.Subtests) -> None:
    for url, (hosts, options) in HONOURED.items():
        with subtests.test(url):
            server = DatabaseServer.parse(url)
            assert list(server.hosts) == hosts
            assert server.options == DEFAULTS | options
            assert server.tls_argument() is None


def test_a_session_is_named_and_set_up(subtests: pytest.Subtests) -> None:
    for words, told in {
        "": {"application_name": "contactsvc"},
        "application_name=a%20b": {"application_name": "a b"},
        "fallback_application_name=f": {"application_name": "f"},
        "application_name=a&fallback_application_name=f": {"application_name": "a"},
        "options=-csearch_path%3Da+b": {
            "application_name": "contactsvc",
            "options": "-csearch_path=a+b",
        },
    }.items():
        with subtests.test(words):
            assert DatabaseServer.parse(f"postgres://h?{words}").server_settings == told


def test_what_cannot_be_honoured_is_refused_by_name(load: Load, subtests: pytest.Subtests) -> None:
    for url, reason in REFUSED.items():
        with subtests.test(url):
            line = refusal(load, "DATABASE_URL", url)
            assert line.startswith(f"DATABASE_URL: {reason}")
            assert "hunter2" not in line
            assert "ter2" not in line


def test_the_setting_is_kept_as_it_was_written(load: Load) -> None:
    url = "postgres://u:p@h/b?connect_timeout=5&sslmode=require"
    assert load(DATABASE_URL=url, SECRET_KEY=KEY).database_url == url
