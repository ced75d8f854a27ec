"""The first tables.

Written by Aerich, then changed by hand: the composite keys of contacts and sessions, which Tortoise
does not know, and the downgrade, which Aerich leaves empty.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "users" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "email" VARCHAR(254) NOT NULL,
    "email_key" VARCHAR(1024) COLLATE "C" NOT NULL UNIQUE,
    "name" VARCHAR(100) NOT NULL,
    "password_hash" VARCHAR(255) NOT NULL,
    "role" VARCHAR(16) NOT NULL,
    "confirmed" BOOL NOT NULL,
    "is_active" BOOL NOT NULL,
    "avatar" VARCHAR(255),
    "auth_version" INT NOT NULL,
    "version" INT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON COLUMN "users"."email_key" IS 'Normalised for look-up';
COMMENT ON COLUMN "users"."role" IS 'USER: user\nADMIN: admin';
COMMENT ON COLUMN "users"."avatar" IS 'None is the default avatar';
COMMENT ON TABLE "users" IS 'An account.';
CREATE TABLE IF NOT EXISTS "contacts" (
    "id" BIGSERIAL NOT NULL,
    "first_name" VARCHAR(100) NOT NULL,
    "last_name" VARCHAR(100) NOT NULL,
    "email" VARCHAR(254),
    "phone" VARCHAR(16),
    "birthday" VARCHAR(10),
    "notes" TEXT NOT NULL,
    "first_name_key" VARCHAR(400) COLLATE "C" NOT NULL,
    "last_name_key" VARCHAR(400) COLLATE "C" NOT NULL,
    "email_key" VARCHAR(1024) COLLATE "C",
    "birthday_md" SMALLINT,
    "version" INT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "owner_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    PRIMARY KEY ("owner_id", "id")
);
CREATE INDEX IF NOT EXISTS "idx_contacts_owner_last_name" ON "contacts" ("owner_id", "last_name_key", "first_name_key", "id");
CREATE INDEX IF NOT EXISTS "idx_contacts_owner_first_name" ON "contacts" ("owner_id", "first_name_key", "last_name_key", "id");
CREATE INDEX IF NOT EXISTS "idx_contacts_owner_created" ON "contacts" ("owner_id", "created_at", "id");
CREATE INDEX IF NOT EXISTS "idx_contacts_owner_updated" ON "contacts" ("owner_id", "updated_at", "id");
CREATE INDEX IF NOT EXISTS "idx_contacts_owner_birthday" ON "contacts" ("owner_id", "birthday_md");
COMMENT ON COLUMN "contacts"."phone" IS 'E.164';
COMMENT ON COLUMN "contacts"."birthday" IS 'YYYY-MM-DD or --MM-DD';
COMMENT ON COLUMN "contacts"."version" IS 'Counts the changes; the ETag';
COMMENT ON TABLE "contacts" IS 'One person in the address book of one owner.';
CREATE TABLE IF NOT EXISTS "sessions" (
    "id" BIGSERIAL NOT NULL,
    "counter" INT NOT NULL,
    "user_agent" VARCHAR(255) NOT NULL,
    "ip" VARCHAR(45) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "last_used_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "revoked_at" TIMESTAMPTZ,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    PRIMARY KEY ("user_id", "id")
);
COMMENT ON COLUMN "sessions"."counter" IS 'Number of the refresh token now good';
COMMENT ON TABLE "sessions" IS 'One sign-in on one device.';
CREATE TABLE IF NOT EXISTS "aerich" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "version" VARCHAR(255) NOT NULL,
    "app" VARCHAR(100) NOT NULL,
    "content" JSONB NOT NULL
);"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "sessions";
DROP TABLE IF EXISTS "contacts";
DROP TABLE IF EXISTS "users";"""


MODELS_STATE = (
    "eJztXOtzGjcQ/1c096VOB3scjB91PmGbpG5s6MSkTVM6Z3EnQOM76XI6jJnU/3tXuvcLHx"
    "eHYEo+JCDt6la/1a32Rb5qNjeJJfbOOfOw4Wmn6KvGsE3gQ3aqgTTsOPGEHPDw0FK0hk+k"
    "BvFQeK6/2AhbgsCQSYThUsejnEnqHiPIIa7gDFGGvAlB2DRdIgQacn6H+AhxoOAzRtw9ua"
    "LJDViSsvGyzAM2YH2guCPzkNjEIDQWBFGBbm93FJ1OzQai5qvbW4SZicg9cSW9SR7QkIwp"
    "E2hGvYliV/QNJDh8w96ARc/6SaAQBGRRgjw+JsDgqhUNzGDwHkiZkk5MsGvuoT53PU5Blj"
    "vGZwIxDkvYDhfUUyKL0wGTz7Tp2MUSOyTwXCDqNRJifpnKv6XORCxgtPHb2591WAk2ZnBr"
    "asNOJtwyFaFHHjyE5XISCkGwa0yIqVYWIBcx3wD3kLrexMRz3TZhDaCzYY8TEIvK573e30"
    "eONRUA6hx2A4u6RInPQaSZC9tQMtkIW5yNfRBnAJscnCPswtawSdDI5bbS85RR2I4eQgfa"
    "/vsfGFaaIEJ+/aqNKLFM9VkLdSdZLSw8XaIgtysHRtTNjAChXI08OPK0AJwifEB44qn5oI"
    "dK1P3Vo3XVcZ87ik5Ty8AhV18eG6hUrLwUOUFriRWvW08uwyUYVKxjr7YIwRL1nj91zG99"
    "frBEvecnznWNR4fcC54tV3DudPX4lFUNzwWM6yHvGR1fMu+topXmbqj7b2tM78y9CWcRA2"
    "UKtzEBaRQIp8hzp9LSsqllBUY5NL7+WxWT+K9TgsckIzy1pL2W3L4A8Zim691eX7/p9HVd"
    "y9nykCNhoYMhwEzeAyCqUACMpQi7vzSbBwfHzf2Do5PD1vHx4cn+iXwp5Fx+6vjRFyZGy1"
    "9KYXb57rLblwJxuGz8W0gOPCoeMPJ6rPoY/fR7k9bCORjlYh2kuTK6gE1mdREiv0gZ4UCs"
    "jfiyXIU6bPygW4SNvQl8BUO+AOo/2h/Of21/2AGqV2nAu8FU0597VK9ciHXKdFaFOsW0Oq"
    "Q17eXiTGxMrWUwjhhq4RsYjfU8yM3DVgWAgaoUYDWXBtgBkJY6xBHDGgOsdfZeH7Wy3nWl"
    "Q3xU5QwflR/hoyzAyfu0KsZJnnWG+S/4s3t9vXtxgbiLdv2PtWCvZjoWWI4s7IyDg57HvA"
    "9uTDHmEcMGGOYFYPY7n5RjYQvxxUqCuHPd/qTwtefBzFWv+y4kT4B+ftU7y4CdjwTSqN+o"
    "AOw9mT/lgoTsG+iGtCpdj0D1Cp33rq7a/Q4aaOcDrezItxY4JbW0kOPeKqGOEpQDUksBKc"
    "41Nvu1/cNmFf9FklVEX5GWXLcy+M0rwMaWVRqNZlifDktfgAb8wPSgeXwUhaLyy6Lg8+a6"
    "fXUVRpsxsPfElSmEPKileCY4amFZy5S8XtKFOedTwEolDY0JZmMi3qgvnT4eV/RkfIybr1"
    "vHrZODo1YEdDSyCO080On0VRrrC5iR6cliwNOcGczNgHUv/PACjfkiv+byunPTb1//nnJu"
    "LsCGyJlmyrEJR3eyfny0CPrzsv8rkl/R5163o+Dkwhu76okxXf+zzMRpeOpxnfGZjs0kJu"
    "FwOJRSczpLuIya05xbNa+1mtMJ86qJ0STX6mznRmRIZXJ6dFeYIFWo5hXxlruEjlnol12C"
    "4JgZRTmOoGr4UZCX6Ao/hqcsHI39FRfPonR+6vDB5mHLxPMTFu2b8/ZFxy8ADLFxN8Ouqa"
    "fAljO8yTMjEW1+ym7a2RHM8FihI7chhQ5gv/GLGFpBHTecaiyq44qwCNKoWscVcCx2KQsr"
    "mya5pwYprtoWkz5do52KZIn29MmyaVCeTRROB6xC5VQ+pmIZclvdWcvqjiEd1SLzVYp/gm"
    "N1d8j+kv53d2oPiSs7GzxVYh/B3TtBHr8jDA7/DI05N3+MH67eTLBErMBBK0/dprk2IJeY"
    "rUEcVqpBHC6oQRxmY3bqLIOwT71xyLaqANsqx7WVg3UbSD7lCm1EhKHytmB26ig6y7tV9V"
    "qrmjw4FJaroeg051bNa61ml9yD/1PnfU5zPoOa1yyfvUlaDiK/5WKqBNM2L/RceaGp2KaF"
    "nk4LJY7eOmWFFOoFKaFQG+X5ILmhismgNkPYUPF0PvuTmJPpntvboO6l+tJVcclPyfjlpS"
    "jShdhWpms8YlkCPiHZum5g1aZucGeuGscRRozMZEJpTy4M5mSi51ZPlK5U3z6ysQdhP8TQ"
    "Ui7524EdBwsx467ZgMdasD3YK72Hf0HnI+raxHw1YFIYKlRnu0fkzw9ifhWNi+iHAVJUtb"
    "4cVZ3uELZLJ3KbYFp3I9hYkGBacavlupnBFfRa/sjWkJWceK3LXRtbFGwBGnEXWZzf7U6d"
    "ivm7H9AtsmwH97Z5e5nm7fDa0SdYTJaBOce4kRbmO2RS5fVeDHSHTe2cH5uOHQPeFZ7t0P"
    "FexsR8vOl8OFX1rAFrX1xfdk8RNm3KahmZZ+/2jjyqAk+GA8CYldVqEnwZDQyB8XupIBpZ"
    "bbB+1utdpeL0s8tsm/HH67MOgK+wByLqpdyYhNModN+dXRLxFN8KEQ+v2RcLOL4HD7IgXi"
    "435zHHGne1gu/CVFFeFel9JhRLvhbmPRkA5hVQGidl2da2G3PZiOnZar2b2dz6w+DcVh7r"
    "2OgXkcHOpVHLs34pryj6HzQyV3TA+fb9B2Kpdqby/GriP+t4mUrPpVhTL02yPa0+SIlOuE"
    "0B6Xtmj9vEpcZEK8gfBzONRRlkHNM8lUIuh+GZE6b/l2zpN15W5XnQUl+g3MEtdwa2mYoy"
    "V9ZZqukrIN9AdL9L5k1euIWNi7/d9LqlGQivuGvRpIaH/kUWFS/47i0CV4KR8rVyv4XO/u"
    "w540TJBc6KasurLIU+/gdmSpWI"
)
