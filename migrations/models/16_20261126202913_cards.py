"""Cards: the names of contacts in CardDAV, vCards as they came, and groups.

Written by Aerich. Changed by hand: the composite keys, that a stored card goes with its contact, and
names that are unique. That index is made while the service goes on, outside of a transaction; where
that was interrupted, it is made anew at the next try. An older release goes on beside this one: it
leaves ``card_name`` as it is.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = False

# One script, and so one transaction.
_TABLES = """
CREATE TABLE IF NOT EXISTS "card_groups" (
    "id" BIGSERIAL NOT NULL,
    "name" VARCHAR(200) NOT NULL,
    "uid" VARCHAR(200) NOT NULL,
    "title" VARCHAR(50) NOT NULL,
    "members" TEXT[] NOT NULL,
    "version" INT NOT NULL,
    "seq" BIGINT NOT NULL,
    "format" VARCHAR(3) NOT NULL,
    "text" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "deleted_at" TIMESTAMPTZ,
    "owner_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    PRIMARY KEY ("owner_id", "id")
);
CREATE INDEX IF NOT EXISTS "idx_card_groups_by_seq" ON "card_groups" ("owner_id", "seq", "id")
    WHERE "deleted_at" IS NULL;
CREATE INDEX IF NOT EXISTS "idx_card_groups_deleted" ON "card_groups" ("owner_id", "seq", "id")
    WHERE "deleted_at" IS NOT NULL;
CREATE INDEX IF NOT EXISTS "idx_card_groups_by_time" ON "card_groups" ("deleted_at")
    WHERE "deleted_at" IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS "idx_card_groups_name" ON "card_groups" ("owner_id", "name")
    WHERE "deleted_at" IS NULL;
CREATE TABLE IF NOT EXISTS "stored_cards" (
    "contact_id" BIGINT NOT NULL,
    "version" INT NOT NULL,
    "format" VARCHAR(3) NOT NULL,
    "text" BYTEA NOT NULL,
    "owner_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    PRIMARY KEY ("owner_id", "contact_id"),
    FOREIGN KEY ("owner_id", "contact_id") REFERENCES "contacts" ("owner_id", "id") ON DELETE CASCADE
);
ALTER TABLE "contacts" ADD COLUMN IF NOT EXISTS "card_name" VARCHAR(200);
ALTER TABLE "deleted_contacts" ADD COLUMN IF NOT EXISTS "card_name" VARCHAR(200);
COMMENT ON COLUMN "card_groups"."name" IS 'In CardDAV';
COMMENT ON COLUMN "card_groups"."title" IS 'The tag of its members';
COMMENT ON COLUMN "card_groups"."members" IS 'Their uids, without urn:uuid:';
COMMENT ON COLUMN "card_groups"."version" IS 'Counts the changes';
COMMENT ON COLUMN "card_groups"."seq" IS 'The book''s count of changes at the last one';
COMMENT ON COLUMN "card_groups"."format" IS 'The version of vCard: 3.0 or 4.0';
COMMENT ON COLUMN "card_groups"."text" IS 'The vCard as it came; empty once it is deleted';
COMMENT ON TABLE "card_groups" IS 'A card that names contacts as its members, and is none itself; once deleted, the mere fact.';
COMMENT ON COLUMN "stored_cards"."version" IS 'Of the contact';
COMMENT ON COLUMN "stored_cards"."format" IS 'The version of vCard: 3.0 or 4.0';
COMMENT ON TABLE "stored_cards" IS 'The vCard that a client has sent of a contact, as it came.';
COMMENT ON COLUMN contacts."card_name" IS 'In CardDAV, where it is not the uid';
COMMENT ON COLUMN deleted_contacts."card_name" IS 'In CardDAV; NULL is as its uid says';
"""

_NAME = "idx_contacts_card_name"
_NOT_VALID = (
    "SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    f" WHERE NOT i.indisvalid AND i.indrelid = 'contacts'::regclass AND c.relname = '{_NAME}'"
)
# As contactsvc/contacts/dav/cards/names.py asks for them.
_CALLED = """coalesce("card_name", "uid")"""

REFUSE_TO_LOSE = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM "card_groups" WHERE "deleted_at" IS NULL) THEN
        RAISE EXCEPTION 'There are groups, which the older tables cannot hold.';
    ELSIF EXISTS (SELECT FROM "stored_cards")
    OR EXISTS (SELECT FROM "contacts" WHERE "card_name" IS NOT NULL) THEN
        RAISE EXCEPTION 'Contacts have cards that the older tables cannot hold.';
    END IF;
END $$;
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    await db.execute_script(_TABLES)
    if await db.execute_query_dict(_NOT_VALID):
        await db.execute_script(f'DROP INDEX CONCURRENTLY "{_NAME}"')
    return (
        f'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "{_NAME}"'
        f' ON "contacts" ("owner_id", ({_CALLED}))'
    )


async def downgrade(db: BaseDBAsyncClient) -> str:
    return f"""{REFUSE_TO_LOSE}
        DROP INDEX IF EXISTS "{_NAME}";
        ALTER TABLE "contacts" DROP COLUMN "card_name";
        ALTER TABLE "deleted_contacts" DROP COLUMN "card_name";
        DROP TABLE IF EXISTS "card_groups";
        DROP TABLE IF EXISTS "stored_cards";"""


MODELS_STATE = (
    "eJztXXtz2za2/yoY/dPkjqzxO7nJzp2RE7fxrmNlYrXdbtyhKBGSuCYJlaSsaHv73fccPP"
    "imTNJ60DJ3ZlOLxAHBH0DgvM+fLZsZ1PI6XcNwqeddMHbfekf+bDm6TeGPrNtt0tJns/Am"
    "XvD1ocXb66KhNoSW/I4+9HxXH/lwc6xbHoVLBvVGrjnzTeYgSX9KiSQjSEbYmOgOYQuHuh"
    "1yqY+mZKp7hDlAuzD9KTENctQmY5fZxAfasel6Phkxx4fHQLMOPtZgI3iu6Uw28oQ7587B"
    "TmeuaevuktzTJTEd3tbQAQvdo8T0yGDwij9DM4029Pl6MOiQPnN9ZsJ9fKLDoFd7xjzTp9"
    "iJ1yYegwdYyzsHO7PNiasjTsSgI0uHFyCm34axG4Q+UHjwH3P8d8xcHLx4N3sOYx2blk9d"
    "MlzyMYkXRVjmjgkkms8mFG64AM633+Gy6Rj0O/XUz9m9NjapZcRWgmlgB/y65i9n/NqFOb"
    "ly/B95WwR9qI2YNbedsP1s6U+ZExCYjo9XJxQGpPvUiKwKZ25ZchWpS2K0cMF35zQYphFe"
    "MOhYn1u4tpBajCC81tK0m15fu73sa1orte4URWShyEsw0bhmYaweR2CCQzj43+Pjk5M3x4"
    "cn52/PTt+8OXt7+Bba8vGmb735SwwmhEt0xUG7+unqpo8DYvBhiM8GL/zFaWD5CCo+GyH8"
    "/L+pCfgw1d1s+FX7xATAi1WZAHUhnIHwYw7gbm1qAmz9u2ZRZ+JP4efR4eEKcH/pfv3wqf"
    "v1FbR6HYf4Rt46FvcQ7RBd+W17aYRz13eUpNIql2u4FMbll3nrE1sQW3eW78nNz9fXuC35"
    "jAwpbDxzB8dW5hs4Pjp9c/r25Pw0WPrBlVUrXq3uEG+P/lFuN5EE69lOiiB9WBLmDwinx7"
    "fb0VR3JrBVwyljwqXoQqnXbhPOB7PgdXyt9LTE6eo7Ox+pRfFvj8xnuP7h7AOWAP4PR+eE"
    "+T51aj07kokoOTcRqu3NzF4cxMgEje8zz2GOanoifmQuNSfOP+iST8YVDFx3RlknsOSof/"
    "boxk7iDc7BX2qVqavhQebqi4BtjC0+eHkDvz/BsXRvP3Q/XrY4xkN9dL/QXUOLgY132DFL"
    "XAnapm/Zx3byiu7oE44OvgYOWgkys9kX3fMWzI1ztxm3V8s5s5k2ky0LyjldogjwZEB+fe"
    "Yy4O/tNv5eTE0QQ2IShJBJLMHD337qHhyfnaeFm/V0W1yimXtRgeY98Sj0ApIVvGWHdIkL"
    "7AY0dFA+kSehQYZzH3q7cwYDS4fjArowNN0fDIQoA83F+jBguFQ8NHgnuOnSB3ZPjTwB5l"
    "trLr8lw4Rj12/9nhBp/myFi6NFv89MkKPg8S1sBj9dMfhg7YQCz3ctNs3acKlx8iVfCvJ7"
    "bvFeYO75j78a+amRn7a1a7d+neo+5zHxCyAj3bJQQVCQldm8VOWN2CwH9EtnbqdOyjjHr4"
    "ifwwyAhLUkBquC/NsCuL/NRf1tEnO5B5ZY6SFFrZGWJxWeSlP6vQrS56cFoD4/zcUabyXU"
    "Bi5FYPAwSQH+Ee74pk1ztAcxygTwhiTtqD/qMw1lGcUsqPtXny9v+93PX7B72/P+sDhe3f"
    "4l3jnmV5eJq6/OE9MSdEJ+vep/IviT/Kt3c8nhZJ4/cfkTw3b9f7VwTPrcZ5rDFppuRDFR"
    "l9Wl2DRHmZayE52kXcNUb0dx9CJnOsIdlpznOGUzy3WeZSnClOPHI0SNNmVd2hQluTXKlF"
    "XKlMjSq5UuZW6Y/uUD5eNOq1LCu+2VmhRsp1FsWFCR0nMo4e07pO+akwl1UUcwBpRQtSt0"
    "DsKYi9oFuORSmz3wS6gSQfUCnsrk5JAY+tJLq1TW/QBUrvQsA0Q08Zpc8yxoDKKP0VLb/f"
    "njVV/r96/hkUDuMguehbIFWzjCqsABAxnPIYbLZuKSHNw7bi1eouLHpyOf6BNYTPB824QP"
    "5556Qsvi/BvuoaKjTRwWNtIN23RMxNxnrqfGr5Q+fOxXBr+Oy1CM3WGoOMdvNLRa89HK92"
    "Nz3zIfKO9JH3FLU0Hz87foYod/4fa3FlWrSF2A5cGSjfSgxdZVMPKbbTQwKzUw5XmqRjh6"
    "BsxU8HFWUfIExLVWPXAlzxSOMBhOUYN5TPNwWkS5dpqvWztNqdaiO2DxDS1KVWefhV+njB"
    "imUVyXuROz7E7EiC3NQJ+RxZTZdYbfnJXRcorWe+cNdXpWZGc5y99ZzpI7i0vhJT0/c2Hn"
    "wxun2juYj46LqOmhVb555DitqgdOKY3x3297NzmKetk+yRCZwPL/P7FMb2NqiNbfxnOHCw"
    "9kODctHwSHDj72/zaF/gqwEZ8Yb6QwfvW5+88k/B+uexdJpgc7uMhSS+xGiv4APfzksvms"
    "lSFEhzfbq2ToEY5igu0K+yIgiZDZ8JGhlxrRPW5RtKk9BHEvsNA7KNzCDWqN34OgO6LKZt"
    "/mUp6NDlVj6CDLQWFjz6rshy3cFj6IcXRIb8zH6IlBooSL4ilto8cCDnkwwG7EJ8O9rZX3"
    "eBtfIe6p7SmVwuPCbswxIeoxI/3phGj7mI9CZPLRQ0HS5rgn4P6z7ofKySn+VElQ0Acj8X"
    "5K5KuL/0Uj/L9Y94srh+AG/bH7SxWh8LiQy8XxCpeL47TLxbwc2zbfNr+2yYW+eXR907dK"
    "LeOAoL4cMY+O8vWJcleXh3GVFX1WBPKzfMTPUoBHBhOHvOu6+jIb8whNAvVts8j4vLIsMk"
    "6H6RL4MD0RjMbmPpm7zrs5XHpXbFZWqRcv/9n/9nsC5QeAC5+eQjn3cIxQbM8YelQSyXRI"
    "Ril1xgsKdqmiIJqKeMMfPBFJhNuHCnwBHjqwgQErX2clEjDzdpZhIn9LDynqfGry+ZFfKU"
    "7NAzIq78hJ55CA+HLaOayyv58U2N5Pcnf3k9RpCmx71ofhgCiXc5xKigTyw6Uvvu06YY+A"
    "CwEXZEubvifUnvlLIc7CtdDp/cl7+oVUcgQaEYD84uqm+/W3QCUSmIyuezc/XWQoRS5+61"
    "92G+/Gl2jAm8+MitMcp2ymudbTHFG6lJzmOGXj2ljnWW5CRevj3NiEij7rUFFpHWhlmWXk"
    "rfZKo0wk7r+YU6PKMCNNGMmUNdy9MEjlkvJYLExd2WoSSTzD1xQZ0onpeCJnTpBoBr0B0S"
    "FR98Nn/hAx+lgmulEKowjvEX0aubsgiipA4YHsZazIlHPnxFLlJOwvhTLlKKzSyXLunBCk"
    "wYDaumnJFx8MZvBxoi1IGohkXiDhMWm63ALrIZKDgUF9IPQw4c8ts/F5uNUK50mDuvCyxp"
    "3D8wsxhMF7hzSmN7P0pSYMTm244lHdHU01eNtgCPKSDXsIXHuFVixxqTNbvkaa/9E8wA3o"
    "75wh9C0tbj4jeBneUZjQxHhgVuBlxWu05QOGputPDRiGbeAgbAAK5tbETo4OD8nMmnvo1N"
    "oRS8ilfEoYQLtwYWq4tsUWC4JiXiWhEpCOshGRVKLEkdDkRUSrC0sAPWXvHBf2AVyJ8O8D"
    "d2EVN4IehIUOpVk0F75HmQq+LKbaDwZz0whgC+ZDJkGByV3IyL0FOs3CSkaH1vhSeqoVj4"
    "f+IP58SkrY1uSXgtauoI9qNj0+tU8dQ9hJtUHEpcHyz+f0UttY/ulxIaX80wV9tWdHPqa1"
    "LAjRd9Cr6mXTtt4IGpWty/OSz5KWqcbKWzeGt73CyrtF6+OW/CC//viBnJ+cHbbJeedN57"
    "yK1nQjlkjuFFHWqB4jqjPqoWG9jSlBXKUxxbgVPKLlwqnFTMRPx8JWhBhVfa3DVf0lN5FO"
    "IsYLFQU6RtTgXARn2zQMi5ZGOkHWYF0Ea2CGxub3MjCHFA3ChZLQzMclEQ4pGoSLIOyYo/"
    "vS/n0RmgblIigzd6I75n8CSbgo0km6vUN7I1ydQWe669u5oY15lrIoVYP0S/WprBO+XIVd"
    "Bt+AoM4SYj+hfif0AIddyW31+KxIYjBolQ/7WSo1GLcVlOLrFMGzgP0duewcnZ9y/TuGwM"
    "BgK4nk68/JxnHUHnRrXh7+kKzOk9Abh9YQaSWpB/RKMV0G9yhNnUH/Df538PnzwcePuOQP"
    "xJ9VYD8qxhuuYA1T/DeT7o9xzPv0e47SOyDYgxP0EV937Dk/UjTmFqmaJ8NHE+yKPikXjq"
    "AInmUsAmwyREeeNghFGBXebcpGIYz1B4Y25AwDDmOwyzk5mtQIWdIvGOg2hXFwZbtr+qLX"
    "u46t6Yur5KL9+fPFJewgfIFDI9OPGW9iB6XPSh6RgqDO+zRyKJd9Ec7EE4mrQe/+eJROCG"
    "nIV4T8hyRPivrfIvicFRS+ME/eJ9YW6x/P8Ylm5BKTEBA8hylA1zTq+DAqR5Sg0WUogi+S"
    "GD1Q4UvFX66W8xP1gyrD1STpGuamNHMTOpylgb/l9/Lhj9PuP/jkQ+/6utu/JHetD3etTU"
    "0FOvpVngtFXOfzmudWw4NaeJTyDQt3VPQKRXP/lFlPj5DawnwlXL0S82XrlpXrg5QgrXFa"
    "sLLuSCfHb84DByT8scrl6PZz9/o6zaamneYS2MJV5UufgjZNvM3Qwdbwhx92sDuJWL52yY"
    "DAPK+WKrBnUDe4F8L9xYTiv+c/UFIrKJytOSg/4XteAvAMyhpv2bFAcF8dtvIdYnEJtm5g"
    "+urdTEf9cySULTm5JwkSZAk3bZij1X88x2+8h1onTeDMqAgI8aemRyKfeGk1/3kRNX8yVD"
    "Si5j9vig29yAjeJhz/RUxzE6jdBGrXZA72JFC7N6MibrOVH7EdtmkXCN3WmGpePK2uLA4z"
    "BnbaWYZBz2wc5IzF2FeMQYa+HE/nZlqR6Y3oliVY9LljMJgxjHpxKDUyStRs7EkqOFxFSA"
    "8GCgzT8L45vw8GZKrHY3kHA/mXp4kwWt6sLWsPAxt1KIN4RHi1wpTHdcOOSY0gVBuvTJgf"
    "7ZGXx8nr0PQ5iaoebGJGYAyFl7YOjBrm8dXBUGE3Jgu4rgoTeyZ80EIU5a4/ngoERoEI0F"
    "PvroazrozDreDzLxxZXDBZbmrlNjlz63wqtUl+NOU9vHxVoUvRPgNxCz/g4kLwhoWspkjR"
    "XnLb0VwsBdV8UZI6s9qtT3CmcRZAnobybNuNHi/CLKSxXuEll6DborPcbr4gcSLkZeJVjF"
    "QpCDNoaw1jK8HFCVbQD3nPJ5t9VyLMGctqAAekzwpfxSVvGmEUKRxaRX8VJWzSDNb5PG20"
    "V432qiZzsCfaqy/cTzlfc/VF+TE/rrXiLs8FNVZ95SItPK9kF0rVYutLMqRKwQFdedO0Kq"
    "p8F1WUKCGDWFGZkqvkCHsut5vF6daznzVajxb1hUtI4XBV2b7Wmo6eCEbgXk/vI4pFr8O/"
    "nDbxWU2CFGxqmLpAscQkxKnqPBUVQ7NPjgsAfXKcX/zgOGXOF476WXtOfgGECFG9ayCsRU"
    "Zu6hrUaDYaGaWRUVaf6o2Msucyyi/SHS5fSvkldJh7XE5R+rTCtnVpkhZFddBupIy1Uued"
    "aSZ/lOhp0khb2ZbTVWWvZM5KzGU9pi7Fyj8gJUX0b4/JWY9LNd9aLp1Z+khWU22EnPpsh6"
    "uEnGfi5r/5eVib4Wn/DbetX6fUie4e3FUGfnvKeeXJ6vxnx+NV90pvvNFbSfG1lKNE9Ngp"
    "+eElSJ/bFyjZCOVCpk8A85f35UUsiPG5z8+jECF5UiaFbc32le+pAKk2Gc79IGqKOWvYaz"
    "eSO6GReRuZtyZz8Nxl3o/CXWJFFbBEi/YqmVfVUCxXFCwUX/3AVVJ0JPyluSMK6X/t3n7S"
    "+v1rUb4IXT7Gyi6WIw1X6W53rs+VK9ckUS9dwSZS+rLi4x5xvV5RMSdedrPiC3Ndwornb9"
    "31u1EQFFIQbLGSTt0OjqZ6zlP51qB6zntZ7s4T6k8PC+cQT19WS5O8iZmof9x/hQkoEPrP"
    "N+riwvxOQv9rVDG6bntUI8mvRZLf1oa4SpCXeyRD64yoMjbBmEmsFDth7Om5xxo5fx94tU"
    "bO31c5/+9s2MoQ7vFye5VE/282LCjFc62xToAAdxdjTokDEliHCGGajbBKNxfIbSYqF0MT"
    "ODoHAyyIbYqsWUxFNbtzR1yB7tIS/mYf9QQn29L1odaaxHW3AmWMiz4rwkSf5fPQZ5KFzh"
    "cdxZSWZtnma4y8qeke9WzZtdTps5utsufQPiyAPrunmU5AsfsrN0+M88K1BHsJtC2sDeWt"
    "2yhOCb+ZmO4RY9yYYy351dtP3YPjs/MsHWi1Toq44sy9kL2auzDxFHV231BpZ8IKWO2h0+"
    "Ra2KW+Tc1X5hH1uDdBhLzOOrgw27JlOvd44IOYU0UXtH5/AsOcUK9csb2Aor5MQktuIWgo"
    "mdLvVaBef4jHlivCbdE5QwQ7o13Lk1EStagF1wQc7C1nFi8sEhzzJac5TtlMc62nGbi8St"
    "k5vXV+x01ug03Ob3nVapT1bzSra9Kszr1Gsfq4YjWy9OqkV+3N/SH7/hk5xyxVQXi3vVJR"
    "wNsV1Q8gnyp0lx6z6ZAZS6J799RAMacdlDDEXFlcCYCVPH363QdcpyC9hVnwF9LP1xSMZJ"
    "YWYVOPQi+rLlkw9566ZGTppu0RnbhsQYZL1Npiss7BALW6cJj41J75Qn8rA4uoY6BmA239"
    "vDBsh1yJ0HPZo2FSr33ncBEQ7xPJegj/L5ktM/50bAvPL6wFgc/Rn/NZTIxSKEPC2xHmlt"
    "9x6cicmQACLyLFL6m13ahN6qk2eQEpKpeRr7OSRFlIoFwhT6bEyeA7KSPDx4jqDHlVP7FN"
    "CO7xHSmFtijDllsFKUVdZ6exrkdws/U6XNmjRly+uHWh5Y7NXqcLsmWXu05/ADvh0LdWD4"
    "+zByPhOCa2Hn0IvERbZvO7B7ml1m5jM93V7VJVbkOK7ccFZdXKxseWrZW9DlF5I65CIb9V"
    "5ZAOqbdY0XMGXCxCWPrTkQpgfBejko/r2wKb19vcE+RtOps0533LpB2OktS2uNXOorwbTX"
    "qVfeXZqeCSgmPJuc4gbya81hM+Nh3Tm1b6sBOkjW69zvPM6/FS12UZet182TVOtQelxZOi"
    "61kh0fVsheh69jpLlb4bze8Xwb5dOQ+6ZRq5JZmymrVX6YIlW6iZEYqirmMOiVIJxe1Xao"
    "BwhR5fWGjc17lbmMfEzRED0d1TulQUHrnOFluiJS9DJbz2R6Aq+FfXhHPMiaSGUpWckC6s"
    "p9shg4GUcAcDkXYKNdFoKMFA3TYGgIWtZcIpoQdWoUiqQ+zmqe6+jVZ2p8GjjQVzV8qP7S"
    "f22pJe6oPYrIbUYgu5TfH4qPe8s3dEJ56ISy+lmlpj/Wj+8NKrPk5X5wn4BDs4HIA0QFzt"
    "1ZWL/mz503h57lEtefwz2KHxWJ+i8ZYf/XCF24ZtWahn/6WAmvCmX+nERFjzmNLY/ZXcqB"
    "tpWTiAIUpEFlzVzz2xHcY9CPBLHjMLtlhqkCXNdDwo2wVykVgTkx5wlwXk/Kb6A4XtGk4e"
    "HVYa1UdTURUU2VC2cMhM97wFc402QXS4awA+okMST+elRu8c2XNYdBPTzIxN18bsaNKQAS"
    "wk50mxn/fKourD6jcCdhhOEOBWD4DTVYO5c9RIuBXE8RYUCUQqV+G8DlRjl6q3K+yjEDNy"
    "idQq31rcf6MJ0tj1ibGiNMReOq7XyeAd+y5KGbtjlHWGu3XDXBvEdE/4ahGLsfuD+ay+1u"
    "7dhs7WSE92VCgBzdGKBDRH6QQ06oTRpjJRVlGYU4R1XvS71ky+FO8NjLOfO2n2h7t6DtGV"
    "rM4S2tZj8JKz8mJC8JAN1qoLxBnkjd2rbhJv47fw4qY5kCBLTnKU7vlMsco2w9UPGHSLdt"
    "owCqLRa21Rr3Urle8ZKq3bUC+fr83yVFLZdhFFFuqTlLIG9UAOWhEfzFFGBZ78psXzCUvm"
    "T6YT7pA+c31mymwdDiMjZsNUmj7FPjxuYMUcHsK8aZsTqa4y6MjSMdbF9EW+Y9SALQl8Iv"
    "AvioI4OAkEseewlsemhRmRh8vGMLoXCiTOjGfFFK6ofxRQ1NYbs3Uzt4ewTKX93qVjWORT"
    "GXcGe1WJPIbrNsvxLxd2rHKxKnGqvdNjbESqNmdlEBat9w7Z0yLAnubjepqCtWHc95ZzS/"
    "klVkzskKRtprrWU/3y3BBe5DS79IFVE8bjlI1erc6z3Hg6Nrla6jAFzzxXyy33xMGiIa0s"
    "BVJ4t71Sh8TbaVgnpaAeCdU/D9ix8gAaWRgvz/U6mG+BexiFxZKF488IRpfWM1XvCvVQol"
    "TzQmXHVGWysFSKSAe7mJoWjd2bco/6sCynSrKdVGbdOQWqSL8eDNrRKlnvVdYVkN2pF3pn"
    "jUoV0crVQjXVoGulltrbatCt3jj6zexGBzVGf59S+qeQos4+HWLLEwsBdze++70jJ51DTD"
    "Z12jksCHdMg3JSQIFykqs/OUmqTzDlVdYW48AemY29okggP1z6ouZqPbBfB7N9IRM4BHw2"
    "wHhxddP9+luQ7iFgtq97Nz9dZCR8uPitf9ltasPUlituasMUYovrWhuGw57BEavpyOeFeS"
    "6lYkxw11FuYplBpeoesqmDgdzvBwNRWc6TNkwZ1qksQBii5QAnTC0L/eZ5uMlIH02pgUGn"
    "SzJ2mQ3csEMXaPPsYMcgZk+1VO9hyKiqG4NpFVzMNgjjwmoyr8JgAZdZ8HoYnfpA22EMwO"
    "s7BweD/HUQzBrSiwIQYVAsDJX3j1d5nJlLx0HAbWN4rfE2uIrDbTz3X5Tn/kb8OBu//Wdq"
    "ld2I3z7+t9JyjxLuHdSnhaCGVgXX9WkTMLF71w7kq7KBfjx/n6Ld4kpXloBynqRC87rk8a"
    "kGq7Srr70mUcDCZrCODIDVnVw1aUiXVGQA4aagD65sWZHR613HFBkXVwkG8ebnzxeXAD7H"
    "HhqZfoxvjHDpnibkh5KIx+i2iLjia54t4PoDsOylknGFFHVOZ3yDvryyoKkkIuHI67Gt00"
    "mm0n9VDu9JttK/VtBf3fbIydH5+cER0a3ZVD84rgR5EcDz4U5lYo2oN0rYWZJk29OMHm2K"
    "X1mzdeWZ2K6eC5yNv2mVA/FZ+C2ViBSK7FuGAY/1NGBi7jPSSF9I8h//8ZVaQdKabBtCV3"
    "QFfNT98539lCkhvsvPZpoSM5+K1mz2Rfa0r2iho442cdl89kSs0PD8E/azt0gJ/4WnwhR6"
    "QewxSBqb0UhWrCfD1VPd7Ttusynz2Xow+4Jd7Tteko9cD2K/hEzpPmImLOqGtp6N7KPobc"
    "/3M+ZQDVllTRijnwZZz6F96KuPXe0rYNEY8upIRcLV9xKkhJP0E4CKuWXvC1abdOfpUtcc"
    "oXIp5dAj77RXufToYZvHfHryYVizB8tLcV95on6lgut1vhY2X3/VWDBzVN34UZVAWDbfQ3"
    "Q34gqBTF1mhoX8insRku2X3NuNjnBtxfV2mvHnr/8COYTAHw=="
)
