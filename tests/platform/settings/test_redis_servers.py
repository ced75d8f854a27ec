"""The URL of several Redis servers."""

import pytest

from contactsvc.platform.settings.redis_servers import RedisServers
from tests.platform.settings.support import KEY, Load, refusal


@pytest.mark.parametrize(
    "url",
    [
        "rediss://:hunter2@cache.example.com/0",
        "unix:///run/redis.sock",
        "redis+sentinel://a.example.com,b.example.com:26380,[::1]:26381/mymaster",
        "rediss+sentinel://user:hunter%402@a.example.com/my.master/2?ssl_check_hostname=no",
        "redis+cluster://a.example.com,10.0.0.1:7001",
        "rediss+cluster://:hunter2@a.example.com/0",
    ],
)
def test_redis_may_be_one_or_several(load: Load, url: str) -> None:
    assert load(REDIS_URL=url, SECRET_KEY=KEY).redis_url == url


@pytest.mark.parametrize(
    ("url", "urls", "service"),
    [
        (
            "redis+sentinel://a.example.com,b.example.com:26380,[::1]:26381/mymaster",
            (
                "redis://a.example.com:26379/0",
                "redis://b.example.com:26380/0",
                "redis://[::1]:26381/0",
            ),
            "mymaster",
        ),
        (
            "rediss+sentinel://user:p%40ss@a/my.master/2?ssl_ca_certs=/ca.pem",
            ("rediss://user:p%40ss@a:26379/2?ssl_ca_certs=/ca.pem",),
            "my.master",
        ),
        ("redis+sentinel://a/mymaster/", ("redis://a:26379/0",), "mymaster"),
        (
            "redis+cluster://:secret@a.example.com,10.0.0.1:7001",
            ("redis://:secret@a.example.com:6379/0", "redis://:secret@10.0.0.1:7001/0"),
            None,
        ),
        ("rediss+cluster://a/0?protocol=3", ("rediss://a:6379/0?protocol=3",), None),
    ],
)
def test_each_server_has_a_url_of_its_own(
    url: str, urls: tuple[str, ...], service: str | None
) -> None:
    assert RedisServers.parse(url) == RedisServers(urls, service)


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://:hunter2@cache.example.com",
        "redis+sentinel://:hunter2@cache.example.com/",
        "redis+sentinel://:hunter2@cache.example.com/mymaster/zero",
        "redis+sentinel:///mymaster",
        "redis+cluster://:hunter2@a.example.com,",
        "redis+cluster://a.example.com:hunter2",
        "redis+cluster://a.example.com:65536",
        "redis+cluster://:hunter2@a.example.com/1",
        "unix+cluster://:hunter2@a.example.com",
    ],
)
def test_what_is_no_url_of_several_is_named_but_not_repeated(load: Load, url: str) -> None:
    assert "hunter2" not in refusal(load, "REDIS_URL", url)
