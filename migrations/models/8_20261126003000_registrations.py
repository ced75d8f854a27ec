"""Sign-ups that wait for a confirmation, several of one e-mail side by side.

Written by Aerich. Nothing is written by hand.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "registrations" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "email" VARCHAR(254) NOT NULL,
    "email_key" VARCHAR(1024) COLLATE "C" NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "password_hash" VARCHAR(255) NOT NULL,
    "user_id" BIGINT,
    "digest" VARCHAR(64) UNIQUE,
    "link_expires_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "asked_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX IF NOT EXISTS "idx_registratio_email_k_b3e269" ON "registrations" ("email_key", "id");
CREATE INDEX IF NOT EXISTS "idx_registratio_asked_a_29c76c" ON "registrations" ("asked_at");
COMMENT ON COLUMN "registrations"."email_key" IS 'Normalised for look-up';
COMMENT ON COLUMN "registrations"."user_id" IS 'The unconfirmed account made by it';
COMMENT ON COLUMN "registrations"."digest" IS 'SHA-256 in hex';
COMMENT ON COLUMN "registrations"."asked_at" IS 'When a link was last asked for';
COMMENT ON TABLE "registrations" IS 'A sign-up whose e-mail nobody has proved to be theirs by its link.';
        COMMENT ON COLUMN "audit_events"."event" IS 'LOGIN_SUCCESS: authn_login_success\nLOGIN_FAIL: authn_login_fail\nPASSWORD_CHANGE: authn_password_change\nPASSWORD_CHANGE_FAIL: authn_password_change_fail\nTOKEN_REUSE: authn_token_reuse\nTOKEN_REVOKED: authn_token_revoked\nUSER_CREATED: user_created\nUSER_REGISTERED: user_registered\nUSER_CONFIRMED: user_confirmed\nUSER_UPDATED: user_updated\nUSER_DELETED: user_deleted\nPRIVILEGE_CHANGE: authz_change';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        COMMENT ON COLUMN "audit_events"."event" IS 'LOGIN_SUCCESS: authn_login_success\nLOGIN_FAIL: authn_login_fail\nPASSWORD_CHANGE: authn_password_change\nPASSWORD_CHANGE_FAIL: authn_password_change_fail\nTOKEN_REUSE: authn_token_reuse\nTOKEN_REVOKED: authn_token_revoked\nUSER_CREATED: user_created\nUSER_CONFIRMED: user_confirmed\nUSER_UPDATED: user_updated\nUSER_DELETED: user_deleted\nPRIVILEGE_CHANGE: authz_change';
        DROP TABLE IF EXISTS "registrations";"""


MODELS_STATE = (
    "eJztXf9z2jgW/1c0/LLdmySTpEnay97cDEloy24CHaDb21tuHIEF+LAlzjYh3N7+7/ee5O"
    "8YYruBONQ7O00i6cny58nS0/umP2qW0JnpHNV13WaOcyXEtHZJ/qhxajH4Ja36gNTobBZW"
    "YoFLB6ZsT1VDbQAtZQ0dOK5Nhy5UjqjpMCjSmTO0jZlrCI4kXWGxgdCXPzhkKLgLbR1C4X"
    "+ymAiTHZHGA7OX2IBMoFhw6ILPrQGzyckBGdnCIu6EGTYZGbbj+l1AuyN8vC6G8HyDj7f6"
    "pD7v896EkSlbEoNjK6JTwIQ6jBgOub9/Ixac2ZqhHxBD//H+/pL0hO0KA+qnXCwcwgX0Z8"
    "2EY7iyG+eAOAI76nPLGNsUwSIOXTrEcA8I5TphOFjynzn+i9xy5GPlc+Sbz7kBlZorxgwq"
    "bHj/3/8FxQbX2SNz/D9nU21kMFOPMd3QsQNZrrnLmSy7MsZN7n6QbRHXgTYU5tziYfvZ0p"
    "0IHhAY3MXSMYMBUZfpkQnA56bpTRi/SI0WClx7zoJh6mGBzkZ0buI0Qmo1grCspmmtdk/r"
    "NnqaVluZYj5FZC54RcBDnJ4wVkciMMYhHP719PTt23enx28v3p+fvXt3/v74PbSV412tev"
    "enGkwIl+pKgtb82Gz1cEACvgH1hWDBn5IGZoiiktwI4ffn5ioT1nIgSlKIDx7KARv8JiEf"
    "wq+3OCNqn8SCWJQvfyKtL7e3+G24ggwYzP05x7Hl4dLpydm7s/dvL84C5gQlm3ji4x/i7X"
    "+b+SZ9lOp5pv52MC/h5MeFZzRNnfsS1VVGfBA2M8b8F7aUzGjCwCkfshTsvQ3ri6O6eWU8"
    "+NOfZX5p+GnadBEs1bHJBy8Pr8xc+frX9e51/aZRkxgP6HC6oLauxcDGGnEqEiVB29Uq69"
    "RKllBOxxIdfA0ctC8nzHXDhW1UDnxVighrNwsR2E5j2DCjDNHmjMj2R6RnG+Mxsx1is9Ec"
    "9ldYYIYTysdMbei4dUKRzSzxIIuIGMmd06Swp789ho176ayKDs/9AJQYvk6oi0ugMHUQMc"
    "YCtvDFhHFS/3LT7Gm93q3a8B1xROrEBgkFugEK4L3a6yVeZEhB4KBT+NMfF13Q5WWfQ5Ml"
    "oTYjdAwzCZ5tGQ42dOQQDf5vNkT4QNLgwg0agSiEkgWhumVwIMAOo/KMHDl+XY7sGzmskw"
    "GIPbrsFrsCXJhtM4TBk2Jg1NiHzYbC1omYu6bx4AksdCjX/owiy+81QNyf+PAvVP9eY/6M"
    "woKdCzXe51nJNBtlGuquon8DCLqGxdLxVxQJ/HWP5Mj/5fWu8WnY9pp3jW6vfvcZu7cc5z"
    "+mxKnea2DNqSxdJkrfXPwYZ0bQCfna7H0i+Cf5Z7vVkHAKxx3b8olhu94/azgmOneFBocR"
    "Dc5wEUz8Yr8oJjoFn16cs9cTajfg6LSyWcc4HBAnmAxglYettds2zHet++X6utHtXhKAY8"
    "I1U4wNrjnz4RAOu32u2nyoN2/jDUbUMPv8c73b/dru3GjXn+qtjw2/yYw6zgLWQ03tHivt"
    "Yv0lGns999q/NFpap/GlG/Tqiinjms1gnQzrf4WfN8kWD/BTh7W82+ho150GTCdoIpfXoc"
    "0Qd6+u0/jY7PYanaDaZmO5MYTU7daHZucupBccjshWUP/l802k9/lMj/R+07hthHVKkIG6"
    "z53mr83bBqAQBe2/3utnPCdY9FEzGR+7E/jz7HjDh/drvQPP6bw5O058TC2v5lRWxc8NIJ"
    "GI/OeGKFWZj2pfJ4LosKsbbq5T2U72mZAHEXEgOwsiRGXmQE+gNGaVGX5jlr74rxGpZrtd"
    "7Wu1bclU8ZXlPMvKcr5+ZTlPriw2g5d03NSJvR7eONXewXxy+j4DztBqLdCyLo40CqyrGP"
    "/chR0tFWO/fVIuNYYu+R8xYV/cGsp/G825PLGRwdwwXTitHeFj/74t9DeAjfjERFQf4zd3"
    "9X8k4b++bV8lZU/s4CpNE/QyaotrpT6tpegs/KqDTQqLqPo1m7JiBgdo4KRnLPCsJgStJq"
    "gukFqDQJO/oojISpzbLBExLMipSAYg6nGHLAx3EpoXgkN9nwfPippUTAOVIuoML3tEFQWe"
    "+GFocnQOLGH60ZMmEKXDIAXsH/6L39//RYOe4MXUF+yQiTB1pTxhjy4afwypgnEYtYcTBj"
    "i4HpkDg4vQDQQgoB5D5ZOWfY76D2ymyKgr65Vx6CfoY2DY7kSnS83SoSN4iAUAAYwGdnJy"
    "fExm5txBbRAgIZUj8tUFvM7CBggc+fYWoabgY8WBhadIUWodi+pMWqUOfM2LhwEA4xhqft"
    "zfI5CaV4J2J2CF1Df1uQ2yNs4E+PdBKoWEZBgyCH+BiStsghzOqJv5oxZ+bTEFJSq+NMRG"
    "ghpqbmrscYYzF5VQfn+htuZR8yeUpjqT3fg9+AtvTXYDH5z8Qy7ta0Yh+fIMw1D9FB+Hd7"
    "jSaPEheF0Ue753/PqW53tdFHt+5LN4xskR9PoEYyr1YCnVg+HHmUfgjVOVWYtUVOQ9zqK0"
    "gFbrRd7jFbVF8MXlgTpGtH9Hi23gzCxqmHkwDggK4bsbpURBgE/PzzIADK3WAizr4gDPAK"
    "RckzggKDHAtcbRycWZlL3glMGktAnDzOoaEUP9IgvoF+sxv0iHXHug5jw/8CFZmeGve3iD"
    "SG/oRrlwZzAz8sPuU5UZdW/SL/Dc4R3JYLYYhdA/uciylietZpGl/CKJvi9c5sE+SlNm5H"
    "+D/w7v7g5vbnDJOVS/FoI92xa6YQdNwi5PtKuY90CcT8c8INgDAWWTlbjxj95m7VtgJL5t"
    "tz76zZMquTjYkePxlKXM9K7UkPgOWBtEcZ98D8Xxs0xiIrT6kVy3b2/rvQbp1677tbWK/w"
    "3CeSEurFBXTCjCBCmIF2JAjLLEy37hc9JpFtEGm2VEXzZNFXaKwB+j3D/4z09OM6APrTKC"
    "jy3XiDqedi6BvkVNc61GLEFaYst6XuXY29N3F4E6DP/YpADr3tVvb1ct5at6zgS2UJphXf"
    "eJE+gOlp7ksxUZZ/DDDy8g5lz91mvUY3IOTNyrZqve+S1d0LnaKNUUgD2FusI9E+6ewWkV"
    "77WrR4Rid9EUJ/nQrV2jq7IysilHNOcn+UejR8cZz0zPHLsSNe/lQDtJVuLFutaLmDQDV3"
    "J8gdAKKkYvg37clpfHuzlOWXk5l9rLOW4yzcPmOGXF5lKzuYoDrOIAS8KD1x4H+LMY1FKc"
    "6bD4YJMj3b/FIKMT3VeMlKMECNBYoM8Z4ezRVeLYzBYYl6GkBQzDk25e6BHlOYlxL5ROF7"
    "Jq1cvu2Xv/hmj8vKb657XSv6xzSlz9kUXxd77ewnDuKfrWu6EAowts8iFVtcGXboMviYdx"
    "m7MeTIAexl6lrYyx+o1LJGo4cS6pOK6Mq2WdyNae72roBaw8bw33UobwwtG2+6l+eHp+Ib"
    "1O2eq6+A395Azunc1tYD/zInwfZwbMA/zKqgDfcnrw+fxK3aiejgWNkJfZZlXzQh21xp0M"
    "zvQiHTVp9+nzTgPp/DjOSwJzlrlB7Gafe4GdPrEK5Qzcvl7e0UE3xsxZE8+7Zu8LKMorbt"
    "T8xcjgZMIei0D9/B49O/YO3NX38dX34FlQjKrgWYNHt+8tWOnq9lbGi31XoaiQk81xyorN"
    "pWYzSIqF9LHOc37HJbNW7xl/dx/XX7YPthSa2LlTKWKfVsRGpl6Z9LDtuTsQj3coOaYpHc"
    "Lag40qB9kuq6YB5VSlAHW8fKuEOlOmk5GwD2QgK/RHKF96ugRhy2BcwHUiMODBN+rKXGh+"
    "eC5PUdJu71EYP1wncGabMpsMTWpYmCXWFgtUb1jiAQZA7u9RJQybicusGf68v8e8b6gWYV"
    "zHQGzUg0jiI9IOdMIGcwhMDhXdq6qJPeeYFE3F8fpxuCpVm3jInM71dzgKUHcuWZcYmtKi"
    "hNURiVbW2GxozAx4c+k7J4v8CV3pW8qpb5nCyxdVtvi0pT5JqrRTnXqv2W6hJgVzTqk8AH"
    "3+bVqYRJ4taJHIrrVRU9PnstBP0gWv0LxuXBLl+es1hE/YGBbKUpXJv/Z0w8F35dwbfNt5"
    "lA0xojJPkzLFI8ZX0RW0n/BdXqEusf8yRsnhBuEcxRzey+lOvs8pwr4qOUblUPUkGDqQso"
    "SKpUPDDM/ImxfJIDajNrVSorzWp2AKKaokTLHjfNEkTFF2hDJiEcEipN5hBN4MxG2EMOen"
    "87nRumm2PsLmr+j7vNto9S7lAQB+/6X5+TOKBs7UmM1QIrhp1OFPndFCQalZUpetT1y2kr"
    "bME+3zXBEQJdmdduR4u0J45clbqRXzqBWT5+KcvE4hrxheaoaPMIn9pNCHnSCt7AVl5rOM"
    "kGO2LVJ01U9kNQqo9iBrQPKUmyUzLbTacMqVuWlL4kT3WUlqTS5zg1APnBW1dlqzg036bU"
    "8C1IwIRWY3ZOqSDtMxvePccfEuIxdTTA7YSODVG1zdJwbHSUfpg8UMNcDyShCgxGOmunoj"
    "zQf5ubqWl43YBuxbQdJQeC3uUHWS8e4nUbqrI9L0bvCQdzNxITvC4ySeNKVhQ+aWdIlFl8"
    "Rlpgn0Zb1wrFIlZ1ElV7bWF9N+7D5OdkeKqWu1GA2YKRbqoiBBxkLoP8nOLgmFc7bjv8ju"
    "j3vew3PP+jhdmRnwiTpoh2QB4rjEyz0B77b07BxlVgx+f45cNbXZY4pqzIbtTtDMrK78Mn"
    "VpxbZg48/Gs9cu25dE4uxEzI5pomasfqOMGTVgZg7acIwxP5zPPOGLHUp/By6CK2pntniQ"
    "96xJ4RDvpnX8AAzT4NM0l4lv7RJlyS7mXqemn2ze6wR1wjr0rzMkwJ8HhNHhROUuxw7Egg"
    "em1gOVLR1JZL/SRQI6pNC/16Gc+hN5QW9wo1Bg6wAhU6aMR+JLz/Ih05YHN85R9a4g8PoD"
    "6HP/6dJOwp0FXmLkZYFfiLkUrtF3BGhHNvPfLLP/RcwY5t9OJx1SqsiVl95Y1ou/++mJXy"
    "bD+EvmU9vV3t0StkVNw1HOZ8QUYgrLbHmt4i8bVVwiJdlWcn8HDkWwfU3ywLxCWOZJ/9Jq"
    "ye/FywMzIM35qgwkfVelcFbmg9zOgwqTXPluYgpRFtaKn5tTyCujV9kOxpXTwnfH5uAEmZ"
    "PJUbrXw2I/9w6uRjKKGI20YVhHpf7aofqr6+noUzRf3VB9v17p5fgXeB1kvRfRV9l4NwXq"
    "7MEYpuQhWd/06TsPPaHPu/Lw8slrCL3rDiMXEfZ5hpsI8TGVXfQ1K4akkJ0W/LgW/whFaV"
    "0sa625NcB7HpXV32YjWKsmXoAcfAHSTPcyVjn5ZcJKlC9WJU61d/qJrZyWq3u7a9u4t7sS"
    "yPdWIltxNiyYgSJJW7G61Kz+/rwQvks22+xBFDtkxykrfVmZuVw5OlZJZcrAgleeVEainq"
    "IS8rmxXh8kY8azKYPq3DdzpXgxhXWo7rm/95xi7+/JUN3QolQyyssxOOmiJyrXpc86ev9I"
    "r7ohHU6Yjr7zSzKyhUUo4WyBCqUj7BiWk4m20nvk/hcvCzjGhNnoNAXjwtzgb0I3J1uY8H"
    "roav8APwMj3o99joMxHLIIPPNDepXb9yDwZYKhyv6xVLrTwrEdhchKwVT2RfBgg4Kp8jz6"
    "rjyPtmKHrvyOXqn2aSt+R4Vvjn2ZS2N3pejb/pWxlcPXrlXYKFelA/10nhKfdocz3T/x5F"
    "nbv3QbnUtpSOzz+s1ds3VJqG4ZWWOmtpwsPhBlU0RIAQBTvs5IFqFL3qcJhNtiQVCy4+s0"
    "2+3bmILkqpm8jv3L3VUDwJfYQyPDjcmPEWnd0dQ5IifiMbodIu7LN68WcPoAonuujAIhRZ"
    "nTt7XQYcK7rsojIuHIy7G8s3FqYOymnIU+RZmhb3bb5O3JxcXhCaHmbEIPTwtBngXw9XCv"
    "pJOKqDlWIV+fUipBVtqLe/PqBZ7No2E/70F+MTgr+3qRDfFV2GlyeDxG1i1dh8c6Gggx05"
    "RceFce+YdfOswMYnTTTQl11RXIUdPXy/0Vi0JSYHdBDvxGoK5VL/sKUsr1esWxSt7qt4+A"
    "RX18iyMVcSfeF5C2aYKrM9sYTmopRjiv5mCTGY6GbZ6yw62H4ZmtTt+LyekbZaH1xqS1ou"
    "b6E9N6WbPSOq45luJHlQNhr/keorsV8wVKKKne3+uzgUdIdp8O/GXk+WdL/P2iUUZ//h+T"
    "cPu4"
)
