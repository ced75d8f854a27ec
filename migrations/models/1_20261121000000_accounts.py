"""Mail, one-time tokens and the audit log.

Written by Aerich; the trigger that lets nobody change or remove an audit event is added by hand.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "audit_events" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "at" TIMESTAMPTZ NOT NULL,
    "event" VARCHAR(40) NOT NULL,
    "actor_id" BIGINT,
    "user_id" BIGINT,
    "ip" VARCHAR(45) NOT NULL,
    "request_id" VARCHAR(128) NOT NULL,
    "data" JSONB NOT NULL
);
CREATE INDEX IF NOT EXISTS "idx_audit_event_user_id_242499" ON "audit_events" ("user_id", "id");
CREATE INDEX IF NOT EXISTS "idx_audit_event_event_3b6036" ON "audit_events" ("event", "id");
COMMENT ON COLUMN "audit_events"."event" IS 'LOGIN_SUCCESS: authn_login_success\nLOGIN_FAIL: authn_login_fail\nPASSWORD_CHANGE: authn_password_change\nPASSWORD_CHANGE_FAIL: authn_password_change_fail\nTOKEN_REUSE: authn_token_reuse\nTOKEN_REVOKED: authn_token_revoked\nUSER_CREATED: user_created\nUSER_CONFIRMED: user_confirmed\nUSER_UPDATED: user_updated\nUSER_DELETED: user_deleted\nPRIVILEGE_CHANGE: authz_change';
COMMENT ON COLUMN "audit_events"."actor_id" IS 'Who did it';
COMMENT ON COLUMN "audit_events"."user_id" IS 'To whom';
COMMENT ON TABLE "audit_events" IS 'One event. Rows are only ever added: a trigger in the database refuses anything else.';
        CREATE TABLE IF NOT EXISTS "outbox" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(24) NOT NULL,
    "recipient" VARCHAR(254) NOT NULL,
    "params" JSONB NOT NULL,
    "status" VARCHAR(8) NOT NULL,
    "attempts" INT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "next_attempt_at" TIMESTAMPTZ NOT NULL,
    "finished_at" TIMESTAMPTZ,
    "last_error" VARCHAR(255) NOT NULL
);
CREATE INDEX IF NOT EXISTS "idx_outbox_status_a060ae" ON "outbox" ("status", "next_attempt_at");
COMMENT ON COLUMN "outbox"."kind" IS 'REGISTRATION: registration\nCONFIRM_EMAIL: confirm_email\nRESET_PASSWORD: reset_password\nPASSWORD_CHANGED: password_changed\nCHANGE_EMAIL: change_email\nEMAIL_CHANGE_NOTICE: email_change_notice';
COMMENT ON COLUMN "outbox"."status" IS 'PENDING: pending\nSENT: sent\nSKIPPED: skipped\nDEAD: dead';
COMMENT ON TABLE "outbox" IS 'A mail that somebody asked for, without any token or text: those are made when it is sent.';
        CREATE TABLE IF NOT EXISTS "one_time_tokens" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "purpose" VARCHAR(16) NOT NULL,
    "digest" VARCHAR(64) NOT NULL UNIQUE,
    "email" VARCHAR(254) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "idx_one_time_to_user_id_540ce7" ON "one_time_tokens" ("user_id", "purpose");
CREATE INDEX IF NOT EXISTS "idx_one_time_to_expires_ad5792" ON "one_time_tokens" ("expires_at");
COMMENT ON COLUMN "one_time_tokens"."purpose" IS 'CONFIRM_EMAIL: confirm_email\nRESET_PASSWORD: reset_password\nCHANGE_EMAIL: change_email';
COMMENT ON COLUMN "one_time_tokens"."digest" IS 'SHA-256 in hex';
COMMENT ON COLUMN "one_time_tokens"."email" IS 'Where it was sent';
COMMENT ON TABLE "one_time_tokens" IS 'A token as the database knows it: by its SHA-256 alone.';
        CREATE FUNCTION "audit_events_are_final"() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'audit events are only ever added'; END $$;
        CREATE TRIGGER "audit_events_are_final" BEFORE UPDATE OR DELETE ON "audit_events"
            FOR EACH ROW EXECUTE FUNCTION "audit_events_are_final"();"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "one_time_tokens";
        DROP TABLE IF EXISTS "outbox";
        DROP TABLE IF EXISTS "audit_events";
        DROP FUNCTION IF EXISTS "audit_events_are_final";"""


MODELS_STATE = (
    "eJztXf9z2joS/1c0/HLtDcmkNEl7eTc3QxO3j2sCmUBf393jxhFYgAZb4tkmJPeu//vtyt"
    "9tTIxbqMtzf2hA2pWlz8qr3dVK/NGwpMFM57i9NLirPTDhNi7IHw1BLQYf1tQ2SYMuFlEd"
    "Frh0ZCpyinQ6Q0JVQUeOa9MxtjmhpsOgyGDO2OYLl0uBHD3BiKI/Jndy5RBqMyKF+YSFNq"
    "GGwYwLQolr8+kUCrgg7owRg8IjqcOIzSZLhwGbeHJnXEwJ9Igd46MNOYZnQ9HOnjIUQ/HJ"
    "YbbXHCJmkNET4QbQGURIF/mYbUOxK5vEkdAodVXLNhtL2yBy6Zr8ARrGMjoeyyX0EDu/FP"
    "z3JdNdOWVQZcMQfvsPFHNhsEfm4NffGtAjW+cGksP/UP1bgwUSwgJkWMz1CWemkZCpx6PK"
    "dfdpocre8WlHuO8VLYI30sfSXFoiol/A0KUIGbj3oCkTzKYuwye49hIFLJam6c+HQObecC"
    "ISbxwxHoNN6NLEaYLcXgeisoaud3sDva8NdL2RmUIBR0zeftFYCpx+HCcjAjDFLhz9rdV6"
    "/fpN6+T1+duz0zdvzt6evAVa1d9s1ZsvXmcitLymFGadD53uADskYY57LwAWfFE8MHc8Li"
    "WuCH3qZtG/AgRdbrH1+HscKfwNn+U4+JCWRoD9JnEEBZE8ord0DwLZgO2gc6P1B+2bW2ze"
    "cpzfTYVTe6BhTUuVPqVKX5y/TAojbIR87gx+JviV/LvX1RSc0nGntnpiRDf4dwP7RJeu1I"
    "Vc6aAYYpgExUERkEZiDV+9pGQvZ9TWxNJSku3A6KkYs4yEQ+aUkAGs6oi1cd2D+a73P11e"
    "av0+qMulOxO6Kadc6M5yPGaOMxQezft25zpJMKHcHIrbdr//uXd3pV/+3O5+0AKSBXWcFe"
    "hDfTyjYsoydIn2UsR+y4PeR62r32mf+mGrrpwzodsM9GRU/wv8vUpTPMBfA3R5X7vTL+80"
    "mE5AotTr2GaIe1DX677v3N1EtVJMuG2F9Z9ur2K8y4UR473SrrWoDhZOpupu7zq/dK41GG"
    "Mckv/6g0uvYzl6zaKPusnE1J3B19OTDa/VL+07eM7di9OT1KvS9WtaqupLYmrD+i2Dlab4"
    "qhHnen7tWDOt/aVh17P680wSA9Zs7hZEe4+rSCSD2GJfXAQxpipLYCDJaiatKsPPF+tVe4"
    "7BtNivLm80dmUxJTXLWRHNcpavWc7SmsVmMEjHXTux8+FNch0czK9abwvgDFS5QKu6JNJo"
    "jmYx/mcfVrS1GAf0aauTj13yP2Jyp4j+KIfy3ydLMUYIyWjJTZcL5xgf+49dob8BbMQnYY"
    "AGGL+4af+ahv/yuvcubVliA+9AFOiLTeYxfwALRnQ8X1GwZDI1siXzaLNVVstKl1BBpwpe"
    "HDGOz3fjL6VwPW884+EHVc1N7v3YI9rCtV+AewyS9B1qsKcBGIeMpJwTOQEXHNzwFcyh9R"
    "57UWZ0xAdAMWdPGdedO+T+/oWiA4XRBO/85f29ctDR9Ud6mIpkxMBIdciKuzPFruhDl30o"
    "wmf9xSEBCPAWMBJ46KrFMRUE/XnomuqdAyrMOCYDabuSQ1/mAmMPQkITFswS7qouOxdDgc"
    "+0+BTeJZz3Dn1ywB5pxroJ7w/8jzJzog6GA7+//6sOLcHAvDfYITNpGorQZY8uodgcQuEw"
    "ao9nzItQONAvZvwE3CNuuzODPumWAW0AnQVjnEG3OD7v1ckJWZhLB0B9gtGo8IXqvoQurW"
    "wYhuqTRagpxdQDceVHOp5UbMSiBiMTW1oFgxt/NKIJ3Qhkh6wmBb2PKOBwPX1mp0q8WEiD"
    "PS5wtgCc4WsRxT8e9UCIutd62K6a7r6ya6hmYJKrL0qd5nQr24tMR0t1K2q3XL9890Wnbu"
    "ku+E2Ue77vAn3N8/0myj0/Nq9LPDrg3vDsOsZWyRhb8r0palcmuaociilrWZ4UiQ0AVb5l"
    "eZKJDiRUZ1GoE0yHZ8HvAmdmUW5ug3HIUArf/fj+JQFunZ0WABiocgFWdUmAFwDSVpM4ZK"
    "gwwA3t+NX5aZk44qvzInM4HXKPTeHzNMDx9bQoxnGeKsP8L/h3dHNzdHVFpE2OvI+lYC+m"
    "OjZojjTsQoKBnsV8AGbMesxDhgNQzJu2mLRfB5ud+3CH6brX/RCQpz3+JNhZTyCJel85YB"
    "/Z03MmSMB+gGbIaaHlEaheksve9XV7oJFh43LYyN+xyDdKSkkhw10LoYwQlAFSSgAJzgqr"
    "/dL2YauI/YJkBdFXpDnLLTq/WQFY1DRzvdEUa4U3j7Z1TF+33pyHrih+2eR89m/a19fZza"
    "AHZmMIIQtqLp4xjlJYllIlr7Y0YS4x+8iLLnq7z85P6os2oNOt9uZar07fnL59fX4aAh2W"
    "bEI7C3QyfLVNykySs06dqXTqTDJKuI2Yk5y1mCst5mTAvGhgNM61P915EBHSzKZjShZZQb"
    "yXNuNTEdhl8Xy1FPb+riGmv/6AMvgSzLKgNLJXbLoKw/mJyQeD97K21FrZ7l+2rzRvA2D/"
    "+7g9wQag0AaYv9ZYs5mbqG9u2tGVgumoG71cuIIbu22iqHFbMbHX6u1vcvdCpUGDLdH/uX"
    "3UOjtXG4NrsrK/op0tE6QXSxvUGfOzpB8XHPQarhp1knQ1N3ACeWVEUCyfNsZeZde94SeU"
    "6tqNSnD180l15f4OxZ2GfEEu7AWBOcvcMP91KPzk2IDZS4cNo/7fP95rcPAhcnKic7KOQo"
    "5vI7ZdvEmNQBlxQWbssQzU50W8//P8zYvzjK+/582hfb0fn0G1M0xdWVHMXRFFU3R3v1lU"
    "u6bPGVcH4bPETIUtxZzkrMVcaTGDpVgq/OB8y/e4YgHTA5Pv/k9PVO2FrUTgYenUcYfn4w"
    "6xqVepsMPSHcnHG7Qc1wUdotrmxpCDoisaaUA71Ts37UiLjaTxRKgzZwaZSLupco2hPTyY"
    "7ccSpK1SngHXGXiAUfbxagaVQRK0f8o6FYzY1aMwS7tNwGebM5uMTcoth1BiyxWGNyz5gA"
    "fK7+8FNAWLicusBf69v4enqLAIEwamu2McRDEfE8yNV/00OHMITA7HyyBX1cReCjxY7mWP"
    "UyFVerpL50AqH/xU+yLhE3gH3aUSXaprddSkolGTOQy+bMgk4K20P3infej0B3ftQafXxX"
    "jIlKMQsHYovi6WkjpxDBSpc8Yb4y1DoQqD48owhM6ldkG8NAafEF5EPi51ordQskBrg/ua"
    "8V5tNuYLnntgPe/YXYypytOkUkml1KbWmuy7/JN3EUd99i7hX5Q9excXR7SmldGREfceMy"
    "MXsP4jhFuqylute9XpfgA95vEPRV/rDi6URQKfP3Zub1HLOXO+WKByu9La8NVg1Cijooqc"
    "WM0/r5o5rerbGmsElX/dQIxlf+7ayW7tiTqTpo5zbBPnSBvqW8p6DXst8EoLfMIFd2alXu"
    "wUax3ArLKcVUY6s225Jnj2zCm7kOsATnOkDfYiF5IA1QaDXV1JUpHbGfre0eTGmthaUNXc"
    "FFhzgqPNzaK3Mzh8Ko64CO4rMNgDuKjr72JYT/r8zQt+KNO/eOHi2csQ/EsXYtchDEWB+x"
    "DwMQUjW3XwqpLBK3X55brNgVz8YxyVtfgb3aU1YjYGcL17PyewKsz8ADK8AWQqZVGP6xv7"
    "BOrNBE20XRQoyVWvKXlrSn172M5vD6ud2j+P7VsyQyPNW4u60qKu063+FGL2b9wtIeYkZx"
    "2zqLKU66SrOumqCiL4wZOuFOprQkKBNPLjQTigoie6ROLnJ5KJUVEdhnvu7/3T7Oq2SXVk"
    "3AvJeHkOoacLvi2Ga1xmmvjDGQQvpBxTdfnkWC6e1HWQhBLBVhhQOsaG8epzPdN67EC6l/"
    "Vk4RaFjelRVN06T14EuRpNeKwJw4Ox8gf4G17Q/nIosDPcUfdVupifJSJ+7+xb9Asd0FXV"
    "PpaqtC7v9z+MOsBUdSXY3BBgOswzMlVKdvmeF77s5+xXV9oWNbnjJYUSU8r50XJRMH73He"
    "6A2fZexvpKxm2uZAxTBGfUmW0Dc4bxIDXMDiKpuLyvB/r57K2Ad49zOzC8t1Ex+Gsx3q/E"
    "DEX76qbTvSDUsLgopWS++Zne0KJaY8lIAJiKvL2aGF9KAiNg3JUIwpL9Ouvver3rhJ/+rp"
    "O+PPDTzTsNwFfYAxF3E2ZMzGh0dM+c3RLxBN8eEQ+W2R8WcPoAFuRWeRYRR4XvqgPbRahN"
    "ebVJ7zGRqOeVUO9xBzArgPzczxRbZe9Y+275n4d5ZV2dTls9I/BHj2BvkQuWsIrC38VJLd"
    "E+5/uPd8xU6Uz58dXYT/D8mELPhFgTL82aq6bKY5W+4eoQAYvn85VHKpY6eCgg7TLc3mY2"
    "H88aawLufk1z4+9fRzTPxdzzYfjGEeY/S3j5K1f3/MBxrvGU7xHkW091aCfP9l9slSXnkx"
    "8gujsJVaKFsjbTM/8gaoxl/ydRv4+Fehi/9/jl/69/iPs="
)
