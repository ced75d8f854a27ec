"""Whose mail it is, and audit events that can end but not be changed.

Written by Aerich. Added by hand: what the trigger lets through, and the one against TRUNCATE. Mail that
is there already keeps no key and is found as before.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "outbox" ADD "recipient_key" VARCHAR(1024) COLLATE "C";
        ALTER TABLE "outbox" ADD "user_id" BIGINT;
        COMMENT ON COLUMN outbox."recipient_key" IS 'As users.email_key';
COMMENT ON COLUMN outbox."user_id" IS 'Whose account it is about, where known';
        CREATE INDEX IF NOT EXISTS "idx_outbox_user_id_abd709" ON "outbox" ("user_id");
        CREATE INDEX IF NOT EXISTS "idx_outbox_recipie_59a1b6" ON "outbox" ("recipient_key");
        CREATE OR REPLACE FUNCTION "audit_events_are_final"() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' THEN
                    IF OLD."at" < now() - interval '30 days' THEN RETURN OLD; END IF;
                END IF;
                RAISE EXCEPTION 'audit events are only ever added, and end after 30 days at the earliest';
            END $$;
        CREATE TRIGGER "audit_events_are_not_truncated" BEFORE TRUNCATE ON "audit_events"
            FOR EACH STATEMENT EXECUTE FUNCTION "audit_events_are_final"();"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TRIGGER IF EXISTS "audit_events_are_not_truncated" ON "audit_events";
        CREATE OR REPLACE FUNCTION "audit_events_are_final"() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'audit events are only ever added'; END $$;
        DROP INDEX IF EXISTS "idx_outbox_recipie_59a1b6";
        DROP INDEX IF EXISTS "idx_outbox_user_id_abd709";
        ALTER TABLE "outbox" DROP COLUMN "recipient_key";
        ALTER TABLE "outbox" DROP COLUMN "user_id";"""


MODELS_STATE = (
    "eJztXW1zGjkS/isqvlxyhV02sZ2c9+qqiE0SNja4DNns7XI1CEbArGckdmYw9u3lv1+3NO"
    "8veJgEPCHkQ2yP1BrN03ppPeqW/qpZQmemc9hc6IbbumfcrZ2Tv2qcWgx+yUitkxqdz8M0"
    "fODSkSmzU8ynMcwoE+jIcW06xjIn1HQYPNKZM7aNuWsIjhJdzojMf0j6tjGdMtshNpssHE"
    "ZcQcYzyqeMCA6SlOv4yGaWuJePiJgQd8aISR2XvDoiOn10DvGtuhjDaw0+3cQLBnzAP8+o"
    "SwyHCFNnNpkK5pDljHHS/HTZ7mv9/hVxICtxxCFpEluY8CqUEEvuyAIlXmRMOfx2B3/69a"
    "JL+ng+4JDlkVCbETqlBod3W4aDGR1ZRYP/wcYIn1MnXLhBpuVMwHfahOqWwUEAC8SX6RRe"
    "Rx0ma/7Jke+BslHDOhk9EkOXxWJRgAuzbYYw1KH2qtZYhs3GwtaJWLimcc9UuXQ8FguAFR"
    "FfcOPPBdNcMWWQZAPuv/8HHhtcZw/MwT9/rwHitmbomB3+h+Tfa8xvUfgABeZ32sRgph5r"
    "g0pGPtfcx7l89taYtrn7TuZFjY+0sTAXFg/zzx/dmeCBgKFeNGWc2dRl+AbXXmCD5AvT9N"
    "qv30bV54RZ1HdEZHQ2oQsTmzVKqwqEz2qa1un2tV6rr2m1VJP3JSKN1Hs0Bp1CdzGw8yAA"
    "U6zCwT8ajVevXjeOXp29OT15/fr0zdEbyCvrm056/UVVJkRLFSUxa79vd/pYIQF9UnVYfP"
    "BFykArUVJSXSH61E2jfwkIuobFsvFXEgn8dU/k0P8lqQ0f+1Xq8B+E+ghHlS0oZAW2/fZ1"
    "q9dvXt9g8Zbj/GlKnJr9FqY05NPHxNMXZy/jyggKIZ/b/Q8E/yS/dTstCadw3Kkt3xjm6/"
    "9WwzrRhSs0LpYa1aOY+I/9R5A1VGvQ9eKavZhRu8UXltRsG76e8jFLaTgQTigZwKqOWmtX"
    "XWjvWu/TxUWr1zsnAMeMa6aYGlxzFuMxc5wBV3neNdtX8QwTapgDftPs9T53by+1iw/Nzv"
    "uWn2VOHWcJ46GmZo9Uvlh5icxeyf3ux1ZHu2196gWluuKOcc1mME6G6b/Az8tkjnv4qcNY"
    "3mvdahe3LWhOkEUOr2ObIe5+Wrfzrn17HaYKPjFsK0j/dHMZkV3M9YjsZeuqFabBRM9k2s"
    "1t+5f2VQu+MQrJf72PS06+OeOaRR80k/GpO4M/T45WdKtfmrfwntsXJ0eJrtLxUhoy6Uus"
    "aYO9IfyZpvisEZV6eu7IaNbe1LDpVv15JogOc7bhFkR7i7NIqIPIZF9cBRGhKmugL9DWsq"
    "oMvzHPHtpzDKb5dsfyWm1TFlN8ZDktMrKc5o8sp8mRxWbwkY6b2bDz4Y1L7RzMx403BXCG"
    "XLlAy7Q40miOpjH+uQczWibGfv6k1WmMXfI/YsJyaGMo/3Oy4HI9RkYLw3RhLXaIr/3Xpt"
    "BfATbiEzNAfYxfXDd/TcJ/cdV9m7QssYC3oApci03uIusBfDCi47slBUsmlSIaIi9vOslq"
    "WMknlNOphBe/GL/Pox0uBHcVe5BiJPyk+io6YqwyrUFFzGF5DJo0uFri6joA45CREHdIBk"
    "hOYAltKJtmKCqMC/E+5LiDZb6X2V+kI6swHL6Q+WDAqMPq/OVwKBfouLjH/NAUyYiBkeqQ"
    "peHOpLjMHyzZBzx4198c4oMAvQApD7VClyUiAYHreaiarJ0DQ5h+SPrCdoUBdbmDxYNDuI"
    "AiLGglhiur7CiGgljGFPoStntJdhhuPVJN6D/wP+rMCSsYfPhw+HcNSoIPUz3YITNh6ooa"
    "YQ8uoVgcQuEwao9nTDEUDtSL6T+B9Miw3ZlOHzVLhzIgnwXfOINqGfi+46MjMjcXDvI18D"
    "WSvpDVF1ClpQ2fIetkEWoKPlUgLj2mQ/EuFtUZmdjCqvvUiBIZcPg4x1A6Hg4RDM17MhyC"
    "Kcw9RsgGcxmVCf/fS9ZGSMwRY/wF2p6wCSqpIHnyVy3sMDW/baAoMlMaooxwqvHSTjxRXE"
    "uNPcyxNSJt5L8g5FceNL+RaKr0oFzZnbzBtCaLgU4k/5DDdU610rVIVbRUtcJyy9XLWx5p"
    "1C1dBa+Icu/3llhf836viHLvj/SbEq/2pVe8e8/hVZLDi/ebonZrXKrKVE9Zy/WoCPcAuf"
    "It16MU+xAbOotCHRPavRXCJnBmFjXMdTAOBErhux1uoSTAjdOTAgBDrlyAZVoc4DmAtFYj"
    "DgQqDHCtdXh8diLtL1gsMLQ0sZp6GebyrAjoZ/mYn2VDrt1Tc7E+8KFYleFvenjXiWvoRr"
    "VwZ9Ay1ofdl6oy6l6jX+Law1tZQWsxSqF/fFZkLE9ubUWG8rMk+lG7sij2UZkqI/9v+Hdw"
    "fX1weYlDzoH6tRTsxabQFTNoEna5qk1j3gdzPhvzQGAHDJRVW7mtX/urSbRgJ/eq23nvZ0"
    "8ya3Gw0yviOOo9SXR8ZI9PmeK++A6a4yeFzETI9ZJcdK+umv0WGdQuBrVc/n6FcV5KCynp"
    "vRLKKEEa4qUUEJOs8LBfep3UKGLaYLaC6MusmcZOGfhjkrsH/+lxowD6kKsg+Jgzx9RBAi"
    "6NvkVNM5cRS4hWeIN8XXLsVeP1WUCH4R+rCLDedfPqKr3h7bHwaVBz8YxIlMKy1DB+vKb5"
    "eIEelmoHRXnYOD/JP1p9Oi1oRSqMG8cnr0/evDo7CYAOnqxCOw10dM9jDbSTYhVuvjXcMf"
    "L3eQIPWPyAcG9ITJ4H/fgGxjpOmXHJvXNmpZ0z4/tE66g5LrlXc6XVHN8yLbo1FpXa3sy1"
    "E3tkKbeWhC7SingnbGZMuW8SRz2iE9h7fikYYPEd6uCL38r8p+F0a9NlsKEba3zw8covWF"
    "oqzd5F87KltoC37yn0sxjVMryE8HF9lYfQH2JU0DvoMwb4UAICSJ/qC0Y4e3CVOTa3BbqT"
    "K2sBo4ek/wq6iXjeL9yLANKFTEq7D33z0p92Ksndq1938/Lb7ls+73Z9fEFYhAo5zedcTz"
    "3qI39jHhRdYpIPpfYTfOUm+Iq4TnY560MD6GPISNbIGEtfOUQi54NtSYWfFBwtm0Tmlvur"
    "UfdG5VJouOcy8hCWtr0PzYPG6Zn0xWPpcfErylkzJnG+sEH9zAtMfJgb0A6wl+3jEqvp0+"
    "TrK3OiejqELSJeZRa/5sVwaa1rGVPmhXBpkgkf8NsWyvnhZ+cE2ixzg5CzAffi0XxhFYEW"
    "OMI8/9avbkyZkxOGmDP3BRLVNTdq/mBkcDJjD2Wg/vY+Dlv2l9pW//js+zQsKbqL86JRcZ"
    "v3n9pzdTtr48X6VWgqrKnmuORezZVWM1iKpfhY51v244rt3+2YfrcfsFy1DlsJJnbh7InY"
    "p4nYSNOrEg/bXbgj8XCNlmMW6RCm1ldSDjJfUaYB7VRFgDrCYiOhPxLq3DGdTIRdl+F9UB"
    "6h/NHjEoQtowwB15lAF3B/U1ce4eTHHfIMknZzr8LAyCaBNdsds8nYpIblEEpssUR6wxL3"
    "UAEyHCIlDJOJy6w5/hwO8bgqpEUY1zHCFHkQKXxIugEnbDCHQONwVNCmTCb2guNZTiq60Y"
    "9OVCdMiXsvurUIfQJ90F1I1SWqpliUMDli0coUm42NuQFfLr2J5CO/Qe/5lmryLXfw8WXJ"
    "Fl+20ivJ29b7dq9/2+y3ux1kUqYGKgFTB/zrWJjE8UCQI3Eo0EqmZsDlQ/9sIfiE9kXrnC"
    "hfSC8jdGFjXOr4nUIeh40VC9/Uujfo2+uQDTGhKjeTKkVoxUfRFNpPeHOmpCvs0YlxQzhB"
    "OIcxF+BqOtju8tlHn5Udo45+9CwYOpK2hIouwo0ZXlA3z3I00pza1MqIe8k/WyaU2J8uE1"
    "vOlz1dJqqO0EYsY1iE0luMSZqDuY0Qrtl1blqdy3bnPUz+Sn7Ae61O/1wuAOD3j+2bGzQN"
    "nDtjPkeL4LLVhD91RkuF6RU5kyn/RKbUeUyeaZ+hqPwD9SIi22NHjjZrhO89efe04jq0Yn"
    "JdvKauM8T3Cq+0wid49vasVMdOiO73C6qsZxkLymxbZHDVT5zzEkjtQBx1cpVb5MhNyLVi"
    "lSsP3ayIE92NstTaXJ6WQD1wUrR2Vrb6Kn7bswA1IyJR2A2ZuuSW6Xjo3cJxyQjP9DN1+D"
    "kReGMAf5SsNCwnHcUHizkywPImA5DEZaa6MSDLB/lbFS3vSLANmLeC0xDhs7hD1UrGu1ZB"
    "cVeHpO1dPOAgnc2FLAiXk7jSlBsb8sA9l1j0kbjMNEH+a12c91Tyc1LJ+73WZ2M/th8nuy"
    "Vi6kINRiNmiqW630SQqRD6T7Kwc0Jhne34H7L95Z738rVbfVyuygr4QB3ch2QB4jjEyzlh"
    "BinePkeVicEfz5GrpiZ7PHsXj/l1Z7jNrG4qMnW5i23BxF9MZ9+7bV8Ri7PnDVIZVmYvHL"
    "/yLUvHP861kDGJXgKOMeUHBvfPgNbZvTHOCMTIz/r0adbe1O0dZn3+5AHT3kHWkSOmB7zA"
    "GdP4mr1hWH1rJN8wlLtKWd5fufhHJCrLMdc6C2uEx39PvLvUJjBWzTwPIegB0k55HrNE9k"
    "wYidbbrI9L7VmMPBZjfyPLxm9k2W+j7KxFlmJbS7rgJ2X3qq60qn+8ZdgPqWbvFsMSao5L"
    "7nfJqqzlPdO7j6qpggq+86gaiXoGJeRrI58Pkk6zxcigJo9d6R2PfAnTkO4ZDoNbr8hYHV"
    "GpKBn/OnVvpYtUPF6qzkzT8W7HImMqL/Qai/mjvGKLUMLZEgmlQywYr5PVUqVHDsD0jkFC"
    "pxgbNwypvMmXvPBd6uvywvU6wb3Ge/gZXHr7csDl9emOvANMbU2G8upwk/DWc3WRl3oq9x"
    "PUnfH6nmCq+iBYX0Ew7eYhCFWKSXjOw7230uJrHWFb1DQcFfVHTCHuDhbzgvzdM4QjPO9x"
    "bhVinzZyDVXpywSe5x6BbRF9m79FIAihm1Fntk77Tgnu5NC+AQob7apsoJ8O1PBlt9jS/R"
    "XPOmP7p17r9lxuJA548/K63TknVLeMok4jGz4tKzBlM0xIAQBTnrdJFpFLaGAEgptSQfBk"
    "uyzJ2273KkaQvG0nb+j5dP22BeBL7CGT4eb4hBiOptYRayIek9si4r59890CTu/BdF/LpT"
    "qUqHL8agcdJrzzej0hEta8GsM7m2Z6Bq4K2vYlqgx9u9clr47Pzg6OCTXnM3rQKAV5EcDz"
    "4U7F00VojjTk+TF1CbHK3lzybHF1u3kRzD5MsXoW9/e+T7OGx2PMBJVXwmfYQ57ku4+3zA"
    "xiYLJ3ES5UKd+v0lMbCbFOk3Fidnmskgd17yJgUa/V8khFHGR3BaRNbio1mW2MZ7WMbSUv"
    "pb5qY4mGeZ7aWcqH4Rvvo/womyhfObvnb4/kGk/5a4B862nPo+UstLBTrYGwl30H0d0IIY"
    "8WSqY/c/4BPxGR7Z/w8zwW6jc7y+dZ42a+/B82c8hX"
)
