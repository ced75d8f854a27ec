"""Mail, one-time tokens, the audit log, and names that can be searched.

Written by Aerich. Added by hand: the trigger that lets nobody change or remove an audit event, and
the keys of the names that are there already.
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
            FOR EACH ROW EXECUTE FUNCTION "audit_events_are_final"();
        ALTER TABLE "users" ADD "name_key" VARCHAR(400) COLLATE "C" NOT NULL DEFAULT '';
        UPDATE "users" SET "name_key" = lower("name");"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "users" DROP COLUMN "name_key";
        DROP TABLE IF EXISTS "audit_events";
        DROP FUNCTION IF EXISTS "audit_events_are_final";
        DROP TABLE IF EXISTS "outbox";
        DROP TABLE IF EXISTS "one_time_tokens";"""


MODELS_STATE = (
    "eJztXf9z2joS/1c0/HLtTZJJaZL28m5uhiZuH9cEMkBf393jxhFYgCa2xLNNCPeu//vtyt"
    "9tTIxbqMtzf2hA2pWlz8qr3dVK/NGwpMFM56S1MLirPTLhNi7JHw1BLQYf1tQekQadz6M6"
    "LHDpyFTkFOl0hoSqgo4c16ZjbHNCTYdBkcGcsc3nLpcCObqCEUV/Qnpy6RBqMyKFucJCm1"
    "DDYMYlocS1+XQKBVwQd8aIQeGR1GHEZpOFw4BNrNwZF1MCPWIn+GhDjuHZULSzpwzFUHxy"
    "mO01h4gZZLQi3AA6gwjpIh+zbSh25RFxJDRKXdWyzcbSNohcuCZ/hIaxjI7HcgE9xM4vBP"
    "99wXRXThlU2TCE3/4DxVwY7Ik5+PW3BvTI1rmB5PA/VP/WYIGEsAAZ5g/6hDPTSMjU41Hl"
    "uruaq7J3fNoW7ntFi+CN9LE0F5aI6OcwdClCBu49aMoEs6nL8AmuvUABi4Vp+vMhkLk3nI"
    "jEG0eMx2ATujBxmiC314GorKHrne5A72sDXW9kplDAEZO3XzSWAqcfx8mIAEyxC8d/azZf"
    "v37TPH198fb87M2b87enb4FW9Tdb9eaL15kILa8phVn7Q7szwA5JmOPeC4AFXxQPzB2PS4"
    "krQp+6WfSvAUGXW2w9/h5HCn/DZzkJPqSlEWC/SRxBQSSP6C3dg0A2YDto32r9Qev2Dpu3"
    "HOd3U+HUGmhY01Slq1Tpi4uXSWGEjZDP7cHPBL+Sf3c7moJTOu7UVk+M6Ab/bmCf6MKVup"
    "BLHRRDDJOgOCgC0kis4auXlOzVjNqaWFhKsm0YPRVjlpFwyJwSMoBVHbE2brow3/X+p6sr"
    "rd8HdblwZ0I35ZQL3VmMx8xxhsKjed9q3yQJJpSbQ3HX6vc/d3vX+tXPrc4HLSCZU8dZgj"
    "7UxzMqpixDl2gvRey3POh+1Dp6T/vUD1t15QMTus1AT0b1v8Df6zTFI/w1QJf3tZ5+1dNg"
    "OgGJUq9jmyHuQV23877du41qpZhw2wrrP91dx3gXcyPGe63daFEdLJxM1d312r+0bzQYYx"
    "yS//qDS69jOXrNok+6ycTUncHXs9MNr9UvrR48p/fi7DT1qnT8mqaq+pKY2rB+y2ClKb5q"
    "xLmeXzvWTGt/adj1rP48k8SANZu7BdHe4yoSySC22BcXQYypyhIYSLKcSavK8PP5etWeYz"
    "DN96vLG41dWUxJzXJeRLOc52uW87RmsRkM0nHXTux8eJNcBwfzq+bbAjgDVS7Qqi6JNJqj"
    "WYz/2YcVbS3GAX3a6uRjl/yPmNwpoj/Kofz3yUKMEUIyWnDT5cI5wcf+Y1fobwAb8UkYoA"
    "HGL25bv6bhv7rpvktbltjAOxAF+mKTh5g/gAUjOn5YUrBkMjWyKfNos1VW00qXUEGnCl4c"
    "MY7Pd+OvpHA9bzzj4QdVR5vc+7FHtIVrPwf3GCTpO9RgTwMwDhlJ+UDkBFxwcMOXMIfWe+"
    "xFmdERHwDFA1tlXHfukPv7F4oOFMYReOcv7++Vg46uP9LDVCQjBkaqQ5bcnSl2RR+67EMR"
    "PusvDglAgLeAkcBDVy2OqSDoz0PXVO8cUGHGCRlI25Uc+vIgMPYgJDRhwSzhruqyczkU+E"
    "yLT+Fdwnnv0JUD9shRrJvw/sD/KDMn6mA48Pv7v+rQEgzMe4MdMpOmoQhd9uQSis0hFA6j"
    "9njGvAiFA/1ixk/APeK2OzPoSrcMaAPoLBjjDLrF8XmvTk/J3Fw4AOoKRqPCF6r7Erq0tG"
    "EYqk8WoaYUUw/EpR/pWKnYiEUNRia2tAoGN/5oRBO6EcgOWU0Keh9RwOF6+sxOlXixkAZ7"
    "muNsATjD1yKKfzzpgRB1r/WwXTXdfWXXUM3AJFdflDrN6Va2F5mOlupW1G65fvnui07d0l"
    "3wmyj3fN8F+prn+02Ue35sXpd4dMC94dl1jK2SMbbke1PUrkxyVTkUU9ayPC0SGwCqfMvy"
    "NBMdSKjOolAnmA7Pgt8Fzsyi3NwG45ChFL778f1LAtw8PysAMFDlAqzqkgDPAaStJnHIUG"
    "GAG9rJq4uzMnHEVxdF5nA65B6bwhdpgOPraVGM4zxVhvlf8O/49vb4+ppImxx7H0vBXkx1"
    "bNAcadiFBAM9i/kAzJj1mIcMB6CYN20xab8ONjv34Q7TTbfzISBPe/xJsLOeQBL1vnLAPr"
    "LVcyZIwH6AZshZoeURqF6Sq+7NTWugkWHjatjI37HIN0pKSSHDXQuhjBCUAVJKAAnOCqv9"
    "0vZhs4j9gmQF0VekOcstOr9ZAVjUNHO90RRrhTePtnVMXzffXISuKH7Z5Hz2b1s3N9nNoE"
    "dmYwghC2ounjGOUliWUiWvtjRhrjD7yIsuervPzk/qizag06325pqvzt6cvX19cRYCHZZs"
    "QjsLdDJ8tU3KTJKzTp2pdOpMMkq4jZiTnLWYKy3mZMC8aGA0zrU/3XkQEdLMpmNKFllBvJ"
    "c241MR2GXxfLUU9v6uIaa//oAy+BLMsqA0sldsugzD+YnJB4P3srbUWtnqX7WuNW8DYP/7"
    "uF3BBqDQBpi/1lizmZuoP9q0oysF01E3erlwBTd2W0RR47ZiYq/V29/k7qVKgwZbov9z67"
    "h5fqE2BtdkZX9FO1smSM8XNqgz5mdJP8056DVcNeok6Wpu4ATyyoigWD5tjL3KrnvDTyjV"
    "tVuV4Ornk+rK/R2KnoZ8QS7sJYE5y9ww/3Uo/OTYgNlLhw2j/t8/3mtw8CFycqJzso5Cjm"
    "8jtl28SY1AGXFBZuypDNQXRbz/i/zNi4uMr7/nzaF9vR+fQbUzTF1ZUsxdEUVTdHe/WVS7"
    "ps8ZVwfhs8RMhS3FnOSsxVxpMYOlWCr84HzL97hiAdMDk+/+T09U7YWtROBh4dRxh+fjDr"
    "GpV6mww8IdyadbtBzXBR2i2qONIQdFVzTSgHaqd27akRYbSWNFqPPADDKR9pHKNYb28GC2"
    "H0uQtkp5Blxn4AFG2cfLGVQGSdD+KetUMGJXj8Is7RYBn+2B2WRsUm45hBJbLjG8YclHPF"
    "B+fy+gKVhMXGbN8e/9PTxFhUWYMDDdHeMgivmEYG686qfBmUNgcjheBrmqJvZC4MFyL3uc"
    "CqnS0136AKTy0U+1LxI+gXfQXSjRpbpWR00qGjV5gMGXDZkEvJX2B3vah3Z/0GsN2t0Oxk"
    "OmHIWAtUPxdbGU1IljoEidM94YbxkKVRgcV4YhtK+0S+KlMfiE8CLycakTvYWSBZob3NeM"
    "92qzMZ/z3APrecfuYkxVniaVSiqlNrXWZN/ln7yLOOqzdwn/ouzZu7g4ojWtjI6MuPeYGT"
    "mH9R8h3FJV3mmd63bnA+gxj38o+lpncKksEvj8sX13h1rOeeDzOSq3a60FXw1GjTIqqsiJ"
    "1fzzqpnTqr6tsUZQ+dcNxFj2566d7taeqDNp6jjHNnGOtKG+pazXsNcCr7TAJ1xwZ1bqxU"
    "6x1gHMKstZZaQz25ZrgmfPnLILuQ7gNEfaYC9yIQlQbTDY1ZUkFbmdoe8dTW6sia0FVUeb"
    "AmtOcLT5qOjtDA6fimMugvsKDPYILur6uxjWkz5/84IfyvQvXrh89jIE/9KF2HUIQ1HgPg"
    "R8TMHIVh28qmTwSl1+uW5zIBf/GEdlLf5GZ2GNmI0BXO/ezwmsCjM/gAxvAJlKWdTj+sY+"
    "gXozQRNtFwVKctVrSt6aUt8etvPbw2qn9s9j+5bM0Ejz1qKutKjrdKs/hZj9G3dLiDnJWc"
    "csqizlOumqTrqqggh+8KQrhfqakFAgjfx4EA6o6Ikukfj5iWRiVFSH4Z77e/80u7ptUh0Z"
    "90IyXp5D6OmCb4vhGpeZJv5wBsELKcdUXT45lvOVug6SUCLYEgNKJ9gwXn2uZ1qPHUj3sp"
    "4s3KKwMT2KqlvnyYsgV+MIHmvC8GCs/BH+hhe0vxwK7Ax31H2VLuZniYjfO/sW/UIHdFW1"
    "j6Uqrcv7/Q+jDjBVXQkebQgwHeYZmSolu3zPC1/2c/arI22LmtzxkkKJKeXD8WJeMH73He"
    "6A2fZexvpKxm2uZCx9wdT3uVtqX4G+3d8sFeZmzqgz22Z+ZxgPUrXvIISNdtV6oJ9Pmwt4"
    "9zjTA49nG92OP9Pj/TzPULSub9udS0INi4tS2v2bH6YOTdk1JqQEgKnI2ySL8aUkMALGXY"
    "kgLNlvlORdt3uTCJC8a6dvbfx0+04D8BX2QMTdhP0Ys9Yd3fMjtkQ8wbdHxAP75ocFnD6C"
    "6b5VgkvEUeFLAsFoFCobQmVHeEwk6nkl1Hvc884KID/pNsVW2cvtvlvi7WHeFVjnMVfPCP"
    "zRtw62SMJLWEXhDxKllmif8/3HHjNVHll+YDv220c/ptAzse3ES7Pmjq/yWKWvFjtEwOKJ"
    "lOWRiuVsHgpIu9znaDGbj2eNNTsdfs3Rxh8ej2ie2+zIh+Ebh/b/LHH9r1zd8yP2ucZTvk"
    "eQbz3VoZ0823++VXqiT36A6O4kRowWytoU2/wTwDGW/R8B/j4W6mH80OaX/wMUBv8w"
)
