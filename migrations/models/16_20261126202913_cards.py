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
    "eJztXXlz20aW/ypd/Cf2FsXSba+1tVWUrcSakcWUxSSTsaZIkGiSGAFoBodoTjbffd/rAz"
    "coAOIBUUhVZAno12j8XqP7nf3+bFlMp6bb6eq6Q133krGH1gfyZ8vWLAq/ZN1uk5Y2n4c3"
    "8YKnjUzeXhMNByNoye9oI9dztLEHNyea6VK4pFN37Bhzz2A2kvRnlEgygmSETYhmE7awqd"
    "MhV9p4RmaaS5gNtAvDmxFDJ0dtMnGYRTygnRiO65Exsz14DDTr4GN1NobnGvZ0I0+4t+9t"
    "7HTuGJbmLMkDXRLD5m11DbDQXEoMlwyHb/gzBobehj7fDocd0meOxwy4j0+0GfRqzZlreB"
    "Q7cdvEZfAAc3lvY2eWMXU0xInodGxq8ALE8Nowdp3QRwoP/sPHnxPm4ODFu1k+jHVimB51"
    "yGjJxyReFGHxbQNIBh6bUrjhADjf/gWXDVun36mr/pw/DCYGNfXYTDB07IBfH3jLOb92aU"
    "yvbe9H3hZBHw3GzPQtO2w/X3ozZgcEhu3h1SmFAWke1SOzwvZNU84idUmMFi54jk+DYerh"
    "BZ1ONN/EuYXUYgThtdZgcNvrD+6u+oNBKzXvFEVkoshLwGicszBWlyMwxSEc/Pfx8cnJu+"
    "PDk/P3Z6fv3p29P3wPbfl407fe/SUGE8IluuKgXf90fdvHATH4MMRngxf+4jQwfQQV50YI"
    "P/83xYCPM83Jhl+1TzAAXqwKA9SFkAPhxxzA3doUAyzt+8Ck9tSbwZ9Hh4crwP21+/Xj5+"
    "7XN9DqbRziW3nrWNxDtEN05bftphHOnd9RkkqzXM7hUhiXn+atz2xBLM1eXpDbX25ucFny"
    "GBlRWHh8G8dW5hs4Pjp9d/r+5Pw0mPrBlVUzXs3uEG+X/lFuNZEE61lOiiB9WBLmjwiny5"
    "fb8Uyzp7BUwy5jwKXoRKnXahPyg5nwOt6gNFvidPXlzidqUvzdJf4c5z/sfSASwP+wdU6Z"
    "51G71tyRQkRJ3kSotseZvdiIUQiaPGTuwxzVNCN+ZA41pvbf6ZIz4xoGrtnjrB1YStS/uH"
    "RjO/EGefCXmmXqariROdoiEBtjkw9eXsfvT0gs3buP3U9XLY7xSBs/LDRHH8TAxjvsmCWu"
    "BG3Tt6xjK3lFs7UpRwdfAwetFBlfN7yrR8oHnlZzwrurtRxsN6DYsKCS0wPxnLcHDcAxpl"
    "PquMShEx8UAViOxI4hFBAU7uGSQy32yC/hPoLbiqmBYH9yCBrG0k3rOOt+AKo4PVjdHdGr"
    "y1dLQaMTbYLaRfeXT9f9Qb9/A48EcoeZ8KyZ5qG+IXZCDhgZg66lO2wuLsnBfeAazhJUKO"
    "ZR0Kq0KcwmeL5lwJfzALsnDtOw/w33cN1ug64UNtJ0y7ANxNxjjqvGr1QvPvZrnV+H93fE"
    "2EHXmoiPNNS0+Gjl+zHfM41HynvSxlw6KqgyfWvhU+Rkh59w+1uLqlmkLsD0YMlGWtBi62"
    "qX/GgbrWul1iUYFEf/EyDoGRbNxl9QJPDXJUlH/fJyV/4sbPvXX67u+t0vP2P3luv+YXKc"
    "uv0rvHPMry4TV9+cJ/SzoBPy23X/M8E/yT97t1ccTuZ6U4c/MWzX/2cLx6T5HhvYbDHQ9C"
    "gm6rK6FBOogo8zrU1f2b6V2sJjHA6It6daV1D7fsOlbQZbGAynqJIX07NPi6jZp/la9mlK"
    "yY6ugMUXtChVnfXs32aM6AbsWV6dVYnITlWcBRGiOnOgz8hixqw6w2/My9jwROu9s+Cdnh"
    "VZWc7yV5az5MriUHhJ18uc2Pnwxqn2Duaj4/dFDKXH7/MNpXgvjjRKSmmM/3bXu83GWLVP"
    "CkQGiPz/R0yQ4TeG8v9MfJsrD2TkG6YHikMHH/u/m0J/BdiIT0w2Uhi/+dL9RxL+jze9y6"
    "TQgx1cZhkmdqNFf4QefnKYP29lKNHhzfYqHXqMo5hiu4IqdJcgidDZ8JGhZZVoLre0WtQa"
    "gbonVFwD3Wug3MINak4uQNEdg4rI7RB6m2t5FhoBJ9BBWpve4LMq+w4viEsp+SjG0SG9CR"
    "+jKwaJGi6qp7R9bw+HOOThELsRnwz3ECqPZxtfIe5ddJVJ4Wll989WOEdiVh5pAxaqbYt+"
    "n6O7FVV31Umo0X4fRJg/GC2V/VitDi3eAUwH/gdff9b9UMmc4k+VBAPQ78q/n1L5ch7VKP"
    "+1VP7r73KtICRf2wQX6E/dX6sohceFnK/HK5yvx2nnq19ObPO3La9tcqJvHl3P8MxS0zgg"
    "qK9EzCN6PG2qXKxyM64yo8+KQH6Wj/hZCvDIYOKQdx1HW2ZjHqFJoL5tERmfV1ZERnYYDo"
    "EP0xUBVMz3iO/YH3y49KEYV1aZF6/+0f/2rwTKjwAXPj2Fcu7mGKHYnjv0qCSS6TCCUuaM"
    "VxSgUcVANBMxcj+4IvoFlw8VrAEydOADA1G+zkYkEOatLMdE/pIeUtR51+T8kV8psuYRBZ"
    "UP5KRzSEB9Oe0cVlnfTwos7ye5q/tJajcFsT3rw7BBlcvZTiVFAvnR0hPfdp2wR8CFggu6"
    "pUUvCLXm3lKos3AN9MmI3vSsNf1SGjkCiwhAfnl92/36e2ASCVxGN73bny4zjCKXv/evus"
    "lAPodqUk1LcWm14y5O2Tjwau3A8+d6RTbHKRs215rNEaNLSTbHKdfA5u34sF4ll5vwxia8"
    "sSY8eOnhjdI70Mpyy8hb7ZVOmUiserGgRpUVJV0YyTQrHl4YpB+lIhYLU1f2mkSSpficIi"
    "M6NWxX5HkFyVEYDYgBiZoXPvOHiNPHNDCMUjhFeI8Y08jDBVFVAQoXdC99RXbXvR1L70r4"
    "Xwpldyms0gle93YI0nBILc0w5YsPh3P4ONEXJB1EMpdNREwaDvfAuojkcKhTDwhdTFK7Yx"
    "Y+D5daETypUwdeVr+3eU4cQxjcD0hjuHNTWw6Ew6kNV1yqOePZAN42GIK8ZMEaAtfeoBdL"
    "XOrMl2+R5r8GLuAG9Pf2CPqWHjePEbwM7yhcaGI8wBV4WfEabfmAkeF4Mx2GYek4CAuAAt"
    "4a2MnR4SGZm76LQa0dMYUcylnCANqFA6zh1hZLTAiKuYDCJCADZSMqqUSJIzGQFxGtLkwB"
    "jJS9tx1YB3Amws9HHsIqbgQ9CA8darPoLrxAnQq+LKbaD4e+oQewBfyQiTvA3AVOUCBaYN"
    "AszGQMaI1Pped68dD+wbnJWVLCtya/FPR2BX1U8+lx1j53DGEn1QYR1wbLP5/TS2tj+afH"
    "lZTyTxf01Z4d+ZjWMiFE30GvqpdN+3ojaFT2LvslnyU9U42Xt24Cb3uFl3eL3sctxUF+/f"
    "EjOT85O2yT8867znkVq+lGPJE8KKKsUz1GVGfUQ8d6myx4fqGwmGLeCm7RcuLUghPx3bGw"
    "FyFGVV/vcJ0Sy2OyUFGgY0QNzkVwtgxdN2lppBNkDdZFsAZhaGJ8LwNzSNEgXARh15+URD"
    "ikaBAugrBtjB9Kx/dFaBqUi6DMnKlmG/8JNOGiSCfp9g7tjUh1Op1rjmflpjbmecqiVA3S"
    "rzWmsk74chN2GXwDgjpriP2E+Z3QAxx2pbDV47PTIrCfnebDjvcSgt1MRr4VlusUwYuA/Q"
    "O56hydn3L7O6bAwGArqeTnRaA/z0f+PBv4waNm+uXhD8nqzITeJPSGSC9JPaBXhukyuEdp"
    "6gz67/DfwZcvB58+4ZQ/EL9Wgf2omGy4QjRMyd9Mhj/GMe/T7zlG74BgD3bQJ2Ldsef8TN"
    "FYWKRqnkwfTYgr2rRcOoIieJG5CLDIEA1l2iAVYVx4tSmbhTDRHhn6kDMcOIzBKmfnWFIj"
    "ZMm4YKDbFMbBle3O6cte7yY2py+vk5P2ly+XV7CC8AkOjQwv5ryJbZQeK7lFCoI6r9MooV"
    "z1RToTyoXBoHe/PcoghDTkK1L+Q5JnZf1vEXwuCopYmGevE2vL9Y8pRNyNXIIJAcFLYAGG"
    "plHbg1HZ4thUTaYieOIQo0cqYqn4y9WSP9E4qDJSTZKuEW5KCzdhwFka+Dt+Lx/+OO3+g0"
    "8+9m5uuv0rct/6eN/aFCsw0K8yLxRxnfdrfrYabtQiopQvWLiiYlQouvtnzHx+htQW+JUI"
    "9Urwy9JMMzcGKUFa42PByoYjnRy/Ow8CkPCPVSFHd1+6NzdpMTUdNJfAFq6qWPoUtGniba"
    "YOtkY//LCD1Unk8rVLJgTmRbVUgT2DusG9EO6vJhX/gv+BmlpB5WzNSfmJ2PMSgGdQ1njJ"
    "jiWCe2qzle8Qy0uwNB2Pr94NO+p/RkLZMgl7ckCCGLI+GOVY9Z8+4zfeQ60PTeDCqEgI8W"
    "aGSyKfeGkz/3kRM38yVTRi5j9Phfw26fivIYO3Scd/FWxuErWbRO2a8GBPErV7cyryNlv5"
    "Gdthm3aB1O0BU82LH6sri8NMeJ24MOk5UiUTc18xBxn6sl2Nu2llqUzNNIWI7ts6A45h1o"
    "tNqZ5RomZjT1LJ4SpDejhUYBi6+83+13BIZlo8l3c4lL+5A5FGy5th5o4xnmHazqFM4hHp"
    "1QpTntcNKybVg1RtvDJlXrRHXh4nr0PD4yTygBL4E4aPqfDS14FZwzy/OhgqrMZkAdelTE"
    "pcAz5ooYry0B9XJQKjQgToqXdXw1nXicOt4PMvnFlc8LDc1Mxtzsyt867UJvnZlA/w8lWV"
    "LkX7AtQt/ICLK8EbVrKaIkV7KW3voibttr4iVZRW7YZyb9uNHS8iLKSxXhEll6DbYrDcbr"
    "4gsSPkncSrBKlSEGbQ1hrGVkKKE6KgF8qez3b7rkSYC5bVAA5IXxS+SkreNMKoUti0iv0q"
    "StgcM1jn/bSxXjXWq5rwYE+sVz/zOOV8y9XPKo75aasVD3kuaLHqqxBpEXklu1CmFktbkh"
    "FVBg7oyp2lTVHlu6hiRAkFxIrGlFwjR9hzudUsTree9ayxerSoJ0JCCqeryva1tnT0RDIC"
    "j3q6iBgW3Q7/ctrEYzVJUrCobmgCxRJMiFPVmRUVU7NPjgsAfXKcX/zgOOXOF4H6WWtOfg"
    "GECFG9ayCsRUdu6hrUiBuNjtLoKKt39UZH2XMd5VcZDpevpfwaBsw9racoe1ph37p0SYui"
    "Oug3Us5aafPOdJM/SfQ8baStfMvpqrLX8sxKPMt6Qh2KlX9AS4rY357Ss57War61HDo3tb"
    "GsptooOfVZDlcpOS8kzH/zfFib42n/Hbet32bUjq4ePFQG/nZV8MqzzfkvTsarHpXeRKO3"
    "kuprqUCJ6LZT8sNLkL60L1CKESqETJsC5q/vy4t4EOO8zz9HIULyrJMUtsXta89VCVJtMv"
    "K9IGuK2WtYazdydkKj8zY6b0148NJ13k8iXGJFFbBEi/YqnVfVUCxXFCxUX70gVFJ0JOKl"
    "eSAK6X/t3n0e9Ps3onwRhnxMlF8sRxuu0t3uQp8rV65Jol66gk2k9GXFxz0Rer2iYk687G"
    "bFF+a2hBXP33rod2MgKGQg2GIlnbptHE31nOfKrUH1nAtZ7s4V5k8XC+cQV1tWOyZ5E5yo"
    "f95/BQYUSP3nC3VxZX4nqf81qhhdtzWq0eTXoslva0FcpcjLNZKhd0ZUGZtiziRWip0y9v"
    "yzxxo9fx9ktUbP31c9/29s1MpQ7vFye5VG/282KqjFc6uxRoAAVxfdp8QGDaxDhDLNxlil"
    "myvkFhOVi6EJbJ3DIRbENsSpWUxlNTu+La5Ad2kNf7OPekaQben6UGs9xHW3CmVMij4rIk"
    "Sf5cvQZ1KEzlcdBUtLi2z+GjNvarpGvVhxLbX77Gap7Nm0DxOgzx5oZhBQ7P7KxRPzvHAu"
    "wVoCbQtbQ3nrNqpTIm4mZnvEHDdmm0t+9e5z9+D47DzLBlqtkyKhOL4bile+A4ynaLP7hk"
    "Y7A2bA6gid5qyFXdrbFL8yt6inowki5HW2wYWnLZuG/YAbPqg5VWxB648n0I0pdcsV2wso"
    "6isktOQSgo6SGf1eBer1p3hsuSLcFoMzRLIz+rVcmSVRi1pwTcLB3kpm8cIiwTZfks1xyo"
    "bNtWYzSHmVTud01/kdN2cbbJK/5U2rUdG/sayuybLqu41h9WnDamTq1cmu2vO9Efv+BSXH"
    "LFNBeLe90lDA2xW1D6CcKmyXLrPoiOlLorkPVEc1px2UMMSzsrgRACt5evS7B7jOQHsLT8"
    "FfyDhfQwiSWVaETT0Ko6y6ZMGcB+qQsakZlks04rAFGS3RaouHdQ6HaNWFzcSj1twT9luZ"
    "WERtHS0b6OvnhWE75FqknssedYO67Xubq4B4n0jRQ8R/ydMy40/HtvD8wlYQ+Bw9n3MxMU"
    "phDAlvR4RbfsehY2NuAAi8iBS/pOZ2Yzapp9nkFRxRuYx8nZU0ykIK5Qp9MqVOBt9JGR0+"
    "RlRnyKvGiW1CcY+vSCm0RRm23CpIKeo6B411XYKLrdvhxh414vLFrQtNd2z2Nl2QLbvcdf"
    "oD2ImEvrV6eFw8GIvAMbH0aCOQJdryNL8H0FtqHTY21xzNKlXlNqTYfl5QVq1sfGzZWtnr"
    "UJU3EioUyltVNumQeosVPecgxSKEpT8daQDGd9Erxbi+L7B4vc/dQd6nT5Pmsm+ZY4ejJL"
    "UtbrWzLO/Gkl5lXXlxJrik4liS1xnkDcNrzfCJYRvurNKHnSBtbOt15jOvx0sdh2XYdfN1"
    "1zjVHpQWT6quZ4VU17MVquvZ2yxT+m4svz8L8e3aftRMQ88tyZTVrL3KFizFwoERoSgaOm"
    "aTKJUw3H6lOihXGPGFhcY9jYeFuUzcHDNQ3V1lS0XlkdtssSV68jJMwmt/BJqCf3MM2Mfs"
    "yNFQqpIT0oX1dDtkOJQa7nAojp1CSzQ6SjBRt40JYGFreeCUsAOrVCTVIXbz3HDfxiq70+"
    "TRxoO5K+PH9g/22pJd6qNYrEbUZAu5TPH8qAve2QeiEVfkpZcyTa2xfjR/eOlZH6erMwM+"
    "wwoOGyANEFdrdeWiP1v+NF5feFRLbv8MVmjc1mfovOVbP1zhvmFLFurZfy2gJrLpVzo1EN"
    "Y8oTR2f6U06kRaFk5giBKRBTf180hsm/EIAvySJ8yEJZbqZEkzAw/KdoFSJNbEpAc8ZAEl"
    "v5n2SGG5hp1Hg5lGtfFMVAVFMZQtbDLXXHfBHL1NEB0eGoCP6JDE03mp0Xtb9hwW3cRjZi"
    "aGY+HpaNKRASIkl0mxnwvlUfVg9uuBOAw7CEirByDpqsHc22ok3AtiuwuKBOIoVxG8DlQT"
    "h6q3KxyjEHNyiaNVvrV4/EaTpLHrHWNFaYi9DFyvk8M79l2UcnbHKOsMd+uWORao6a6I1S"
    "ImYw8H/ry+3u7dps7WyE52VOgAmqMVB9AcpQ+gUTvMYCYPyioKc4qwzpN+15bJ1xK9gXn2"
    "vp0Wf3io5whDyeqsoW09By/JlVeTgodi8KC6QpxB3vi96qbxNnELr47NgQZZkslRupfDYn"
    "XaDDc/YNIt+mnDLIjGrrVFu9adNL5nmLTuQrt8vjXLVYfKtosYstCepIw1aAey0Yv4aIwz"
    "KvDkNy1+nrAU/uRxwh3SZ47HDHlah83ImFnASsOj2IfLHax4hodwb1rGVJqrdDo2Ncx1MT"
    "xx3jFawJYEPhH4iaogDk4CQSwf5vLEMPFE5NGycYzuhQGJC+NZOYUr6h8FFLWNxmzd+tYI"
    "pqn03zt0ApN8JvPOYK0qcY7hut1y/MuFFatcrkqcau/sGBvRqo15GYRF671D9rQIsKf5uJ"
    "6mYG0E972V3FJxiRUPdkjSNqyuNatfXxjCq2SzQx9ZNWU8TtnY1erM5SbSsTmrpQ4seOFn"
    "tdzxSBwsGtLKMiCFd9srbUi83QDrpBS0I6H55xE7VhFAYxPz5bldB89b4BFGYbFkEfgzht"
    "Gl7UzVu0I7lCjVvFCnY6oyWVgqRRwHu5gZJo3dm/GI+rAspzpkO2nMurcLVJF+Oxy2o1Wy"
    "LtSpK6C7UzeMzhqXKqKVa4VqqkHXyiy1t9WgW71J9JvZjQ1qgvE+pexPIUWdYzrEkicmAq"
    "5ufPX7QE46h3jY1GnnsCDcMQvKSQEDykmu/eQkaT7BI6+ylhgb1shs7BVFAvnR0hM1V+uB"
    "/TqE7Ut5gEMgZwOMl9e33a+/B8c9BML2Te/2p8uMAx8uf+9fdZvaMLWVipvaMIXE4rrWhu"
    "GwZ0jEih35sjA/S6mYENy1VZhYZlKpuodi6nAo1/vhUFSWc6UPU6Z1Kg8QpmjZIAlT08S4"
    "eZ5uMtbGM6pj0umSTBxmgTRs0wX6PDvYMajZs0Gq9zBlVNWNwWMVHDxtEMaF1WTehMkCDj"
    "Ph9TA79ZG2wxyAt/c2Dgbl6yCZNaQXBSDCpFgYKu8fr/I8M4dOgoTbxvFa42VwlYTbRO6/"
    "qsj9jcRxNnH7L9Qru5G4ffy30nSPEu4d1KeFoIZWBef1aZMwsfvQDpSrsoF++vw+RbvFma"
    "48AeUiSYXldcnzU3VWaVVfe02iQITNEB0ZAKvZuWbSkC5pyADCTUEfXNmyIaPXu4kZMi6v"
    "EwLi7S9fLq8AfI49NDK8mNwYkdLdgdAfSiIeo9si4kquebGAa48gspc6jCukqPNxxrcYyy"
    "sLmkoiEo68Hss6nWYa/Ved4T3NNvrXCvrrux45OTo/PzgimjmfaQfHlSAvAng+3KmTWCPm"
    "jRJ+liTZ9iyjR5uSV9bsXXkhvquXAmcTb1plQ3wRcUslMoUi65auw2PdAQgxDxnHSF9K8h"
    "///pWawaE12T6ErugK5KiHl8v9lCsh/vUgklOH+fNnYoWu1J+wn71FSnjknwtT6NffY5AG"
    "bE4j5zw9G66e6m7fcZvPmMfWg9nP2NW+4yUlo/Ug9msoZu0jZsJHrA/Ws5B9Er3t+XoGOv"
    "EAhb+BcK8+D7KeTfvQVx+72lfAolnR1ZGKJGDvJUiJsN9nABULNN4XrDYZoNKljjFGc0kq"
    "REXeaa8KUtHCNk9FqeTDsOaYjNcSkPFMi0GFYOJ8u2K+RabxyeUYb/GjKoGwbL6H6G7EuY"
    "9CXeaZAfk15CIk2y8itxur19rKxe30DJu//h9mlNGP"
)
