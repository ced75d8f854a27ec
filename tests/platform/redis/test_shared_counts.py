"""What the script in Redis counts, beside the library whose windows it keeps."""

import pytest
from limits import RateLimitItem, parse_many
from limits.aio.storage import RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from redis.asyncio import Redis

from contactsvc.platform.redis.connection import connect
from contactsvc.platform.redis.shared_counts import PREFIX, Hit, Refusal, SharedCounts

HOURS = parse_many("2/hour;3/day")


def hit(place: int, key: str, tiers: list[RateLimitItem] = HOURS) -> Hit:
    return Hit(place, "policy", f"{{{key}}}", tiers)


async def counted(redis: Redis) -> dict[str, int]:
    """Return the counts by key and limit."""
    keys = [key.decode() async for key in redis.scan_iter()]
    return {key.split("/", 2)[2]: int(await redis.get(key) or 0) for key in keys}


async def test_it_counts_under_the_names_of_the_library(redis: Redis) -> None:
    options = {"connection_pool": redis.connection_pool}
    storage = RedisStorage(
        "async+redis://",
        implementation="redispy",
        key_prefix=PREFIX,
        **options,  # type: ignore[arg-type]
    )
    library, ours = FixedWindowRateLimiter(storage), SharedCounts(redis)
    [tier] = one = parse_many("2/hour")
    assert await library.hit(tier, "policy", "{a}")
    assert await ours.hit([hit(0, "a", one)]) is None

    assert not await library.hit(tier, "policy", "{a}")
    assert await ours.hit([hit(0, "a", one)]) is not None
    assert await redis.dbsize() == 1


async def test_looking_counts_nothing(redis: Redis) -> None:
    counts = SharedCounts(redis)
    assert await counts.hit([hit(0, "a")], count=False) is None
    assert await counted(redis) == {}


async def test_hits_count_up_to_the_first_that_is_refused(redis: Redis) -> None:
    counts = SharedCounts(redis)
    for _ in range(2):
        await counts.hit([hit(0, "b")])

    refusal = await counts.hit([hit(0, "a"), hit(2, "b"), hit(3, "c")])

    assert refusal == Refusal(hit(2, "b"), HOURS[0], 3600)
    assert await counted(redis) == {
        "{a}/2/1/hour": 1,
        "{a}/3/1/day": 1,
        "{b}/2/1/hour": 2,
        "{b}/3/1/day": 2,
    }


async def test_the_longest_wait_of_the_first_refusal_is_told(redis: Redis) -> None:
    counts = SharedCounts(redis)
    tiers = parse_many("1/hour;1/minute;1/day;9/month")
    await counts.hit([hit(0, "a", tiers), hit(1, "b", parse_many("1/year"))])

    for count in (False, True):
        refusal = await counts.hit(
            [hit(0, "a", tiers), hit(1, "b", parse_many("1/year"))], count=count
        )
        assert refusal is not None
        assert (refusal.hit.place, str(refusal.tier)) == (0, "1 per 1 day")


async def test_clearing_forgets_all_windows_of_one_alone(redis: Redis) -> None:
    counts = SharedCounts(redis)
    await counts.hit([hit(0, "a"), hit(1, "b")])
    await counts.clear(hit(0, "a"))
    assert await counted(redis) == {"{b}/2/1/hour": 1, "{b}/3/1/day": 1}


async def test_one_server_counts_all_hits_and_a_cluster_each_slot() -> None:
    hits = [hit(0, "a"), hit(1, "b"), hit(2, "a")]
    clients = connect(None), connect("redis+cluster://127.0.0.1:1")
    one, cluster = map(SharedCounts, clients)

    assert one.group(hits) == [hits]
    assert cluster.group(hits) == [[hits[0], hits[2]], [hits[1]]]
    assert one.group([]) == []
    for client in clients:
        await client.aclose()


@pytest.mark.parametrize(
    ("seconds", "wait"), [(0, 1), (-2, 1), (59, 60), (60, 60), (61, 60), (58.6, 60), (58.4, 59)]
)
def test_a_wait_is_never_too_short_and_no_longer_than_the_window(seconds: float, wait: int) -> None:
    tiers = parse_many("1/minute")
    assert Refusal.longest(hit(0, "a", tiers), tiers, [seconds]).wait == wait
