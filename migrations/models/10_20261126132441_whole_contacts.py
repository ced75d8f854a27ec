"""A contact keeps all that people know of each other; deletions and changes are remembered.

Written by Aerich. Changed by hand: composite keys; what older releases leave out has a default, and
what only they write stays, so that they go on beside this one and after a way back. No row is
rewritten: the service fills the new columns of the contacts that are there already, in batches
(contactsvc/contacts/key_renewal.py). Indexes follow in the next migration.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "contact_photos" (
    "contact_id" BIGINT NOT NULL,
    "etag" VARCHAR(64) NOT NULL,
    "media_type" VARCHAR(32) NOT NULL,
    "content" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "owner_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    PRIMARY KEY ("owner_id", "contact_id")
);
COMMENT ON COLUMN "contact_photos"."etag" IS 'Of the bytes; in contacts.photo, too';
COMMENT ON TABLE "contact_photos" IS 'The photo of a contact, which may be in the trash.';
        CREATE TABLE IF NOT EXISTS "contact_versions" (
    "contact_id" BIGINT NOT NULL,
    "version" INT NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "by" VARCHAR(16) NOT NULL,
    "replaced_at" TIMESTAMPTZ NOT NULL,
    "contact" JSONB NOT NULL,
    "owner_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    PRIMARY KEY ("owner_id", "contact_id", "version")
);
CREATE INDEX IF NOT EXISTS "idx_contact_versions_by_time" ON "contact_versions" ("replaced_at");
COMMENT ON COLUMN "contact_versions"."at" IS 'When the contact got these values';
COMMENT ON COLUMN "contact_versions"."by" IS 'What wrote this version';
COMMENT ON COLUMN "contact_versions"."replaced_at" IS 'When it was changed again';
COMMENT ON COLUMN "contact_versions"."contact" IS 'Its columns, but derived ones';
COMMENT ON TABLE "contact_versions" IS 'A contact as it was before a change.';
        CREATE TABLE IF NOT EXISTS "deleted_contacts" (
    "id" BIGINT NOT NULL,
    "uid" VARCHAR(200) NOT NULL,
    "seq" BIGINT NOT NULL,
    "deleted_at" TIMESTAMPTZ NOT NULL,
    "contact" JSONB,
    "owner_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    PRIMARY KEY ("owner_id", "id")
);
CREATE INDEX IF NOT EXISTS "idx_deleted_contacts_by_seq" ON "deleted_contacts" ("owner_id", "seq", "id");
CREATE INDEX IF NOT EXISTS "idx_deleted_contacts_by_time" ON "deleted_contacts" ("deleted_at");
CREATE INDEX IF NOT EXISTS "idx_deleted_contacts_trash" ON "deleted_contacts" ("owner_id", "deleted_at", "id")
    WHERE "contact" IS NOT NULL;
COMMENT ON COLUMN "deleted_contacts"."seq" IS 'The book''s count of changes at the deletion';
COMMENT ON COLUMN "deleted_contacts"."contact" IS 'Its columns, but derived ones; NULL once it is gone for good';
COMMENT ON TABLE "deleted_contacts" IS 'A contact that was deleted, and after TRASH_TTL the mere fact.';
        ALTER TABLE "address_books"
    ADD "name" VARCHAR(100) NOT NULL DEFAULT '',
    ADD "seq" BIGINT NOT NULL DEFAULT 0,
    ADD "oldest_seq" BIGINT NOT NULL DEFAULT 0;
COMMENT ON COLUMN "address_books"."seq" IS 'Counts the changes of its contacts';
COMMENT ON COLUMN "address_books"."oldest_seq" IS 'Deletions up to here are forgotten';
        ALTER TABLE "contacts"
    ADD "uid" VARCHAR(200),
    ADD "middle_name" VARCHAR(100) NOT NULL DEFAULT '',
    ADD "prefix" VARCHAR(100) NOT NULL DEFAULT '',
    ADD "suffix" VARCHAR(100) NOT NULL DEFAULT '',
    ADD "nickname" VARCHAR(100) NOT NULL DEFAULT '',
    ADD "organization" VARCHAR(200) NOT NULL DEFAULT '',
    ADD "department" VARCHAR(200) NOT NULL DEFAULT '',
    ADD "title" VARCHAR(200) NOT NULL DEFAULT '',
    ADD "tags" TEXT[] NOT NULL DEFAULT '{}',
    ADD "favorite" BOOL NOT NULL DEFAULT False,
    ADD "photo" VARCHAR(64),
    ADD "details" JSONB,
    ADD "display_name" TEXT NOT NULL DEFAULT '',
    ADD "search_key" TEXT COLLATE "C" NOT NULL DEFAULT '',
    ADD "search_more" TEXT COLLATE "C",
    ADD "derived_version" INT,
    ADD "seq" BIGINT NOT NULL DEFAULT 0,
    ADD "changed_by" VARCHAR(16) NOT NULL DEFAULT 'api',
    ALTER COLUMN "first_name" SET DEFAULT '',
    ALTER COLUMN "first_name_key" SET DEFAULT '',
    ALTER COLUMN "last_name_key" SET DEFAULT '';
-- Contacts that an older release adds get one; those that are there are not rewritten for it.
ALTER TABLE "contacts" ALTER COLUMN "uid" SET DEFAULT gen_random_uuid()::text;
-- The index of a list answers a search by itself where few pages have changed since the last vacuum.
ALTER TABLE "contacts" SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01);
COMMENT ON COLUMN "contacts"."uid" IS 'RFC 6350, 6.7.6';
COMMENT ON COLUMN "contacts"."email" IS 'The first of the e-mails';
COMMENT ON COLUMN "contacts"."phone" IS 'The first: E.164, or as typed';
COMMENT ON COLUMN "contacts"."phone_value" IS 'Of an older release';
COMMENT ON COLUMN "contacts"."tags" IS 'Told apart without case';
COMMENT ON COLUMN "contacts"."photo" IS 'The ETag of the photo';
COMMENT ON COLUMN "contacts"."details" IS 'The typed lists';
COMMENT ON COLUMN "contacts"."search_more" IS 'What the index of a list cannot hold';
COMMENT ON COLUMN "contacts"."derived_version" IS 'The version that the derived columns are made of';
COMMENT ON COLUMN "contacts"."seq" IS 'The book''s count of changes at the last one';
COMMENT ON COLUMN "contacts"."changed_by" IS 'What wrote this version';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DO $$
BEGIN
    IF EXISTS (
        SELECT FROM "contacts" WHERE "middle_name" <> '' OR "prefix" <> '' OR "suffix" <> ''
        OR "nickname" <> '' OR "organization" <> '' OR "department" <> '' OR "title" <> ''
        OR "first_name" = '' OR "tags" <> '{}' OR "favorite" OR "photo" IS NOT NULL
        OR jsonb_array_length("details"->'emails') > 1 OR jsonb_array_length("details"->'phones') > 1
        OR "details"->'emails'->0->>'type' IS NOT NULL OR "details"->'phones'->0->>'type' IS NOT NULL
        OR "details"->'emails'->0->>'label' <> '' OR "details"->'phones'->0->>'label' <> ''
        OR EXISTS (
            SELECT FROM jsonb_each("details") WHERE "key" NOT IN ('emails', 'phones') AND "value" <> '[]'
        )
    ) THEN
        RAISE EXCEPTION 'Contacts have values that the older tables cannot hold.';
    ELSIF EXISTS (SELECT FROM "deleted_contacts" WHERE "contact" IS NOT NULL) THEN
        RAISE EXCEPTION 'There are contacts in the trash, which the older tables cannot hold.';
    END IF;
END $$;
        ALTER TABLE "contacts" RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor);
        UPDATE "contacts" SET "phone_value" = "details"->'phones'->0->>'value',
    "phone_e164" = "details"->'phones'->0->>'e164', "keys_version" = NULL
    WHERE "details" IS NOT NULL;
        ALTER TABLE "contacts"
    DROP COLUMN "uid",
    DROP COLUMN "middle_name",
    DROP COLUMN "prefix",
    DROP COLUMN "suffix",
    DROP COLUMN "nickname",
    DROP COLUMN "organization",
    DROP COLUMN "department",
    DROP COLUMN "title",
    DROP COLUMN "tags",
    DROP COLUMN "favorite",
    DROP COLUMN "photo",
    DROP COLUMN "details",
    DROP COLUMN "display_name",
    DROP COLUMN "search_key",
    DROP COLUMN "search_more",
    DROP COLUMN "derived_version",
    DROP COLUMN "seq",
    DROP COLUMN "changed_by",
    ALTER COLUMN "first_name" DROP DEFAULT,
    ALTER COLUMN "first_name_key" DROP DEFAULT,
    ALTER COLUMN "last_name_key" DROP DEFAULT;
COMMENT ON COLUMN "contacts"."email" IS NULL;
COMMENT ON COLUMN "contacts"."phone" IS 'E.164, or else as typed';
COMMENT ON COLUMN "contacts"."phone_value" IS 'As typed, tidied';
        ALTER TABLE "address_books" DROP COLUMN "name", DROP COLUMN "seq", DROP COLUMN "oldest_seq";
        DROP TABLE IF EXISTS "contact_photos";
        DROP TABLE IF EXISTS "contact_versions";
        DROP TABLE IF EXISTS "deleted_contacts";"""


MODELS_STATE = (
    "eJztXety2ziyfhWU/kxySnbF1+QkW6dKdjwb7zp2KlYmOzvekiARkrAmCQ1JWdbOmXffbg"
    "C8kwpJ60LLnKpxbBANgF+DQN/Q+KNlCYOZ7n7HMBzmumdC3Lfekz9aNrUY/JL1uE1adDoN"
    "H2KBRwemrE9Vxd4AasondOB6Dh168HBETZdBkcHcocOnHhc2knQnjGgygmREjAi1iZjbzN"
    "knF3Q4IRPqEmED7Zx7E8INctAmI0dYxAPaEXdcjwyF7UE3UG0fuzXEEPrl9ngtPdzZdzY2"
    "OnW4RZ0FuWcLwm1Z16CABXUZ4S7p91/JPnrcaEObr/v9fdIVjic4PMcebQGtWlPhco9hI2"
    "6buAI6MBd3NjZm8bFDESdisKFJ4QUI99owdoOwBwYd/z7DnyPh4ODVu1kzGOuImx5zyGAh"
    "x6ReFGGZ2RxIep4YM3jgADi//QuKuW2wR+b6f07veyPOTCM2E7iBDcjynreYyrIzPr60vZ"
    "9lXQR90BsKc2bZYf3pwpsIOyDgtoelYwYDoh4zIrPCnpmmnkV+kRotFHjOjAXDNMICg43o"
    "zMS5hdRqBGFZq9e7vun2bi+6vV4rNe98ishE0UXAaJyzMFZXIjDGIez97+Hh0dHbwzdHp+"
    "9Ojt++PXn35h3UleNNP3r7pxpMCJdqSoJ2+dfL6y4OSMCHoT4bLPhT0sD0UVSSGyH88t8U"
    "A84n1MmG36+fYAC8WBUG+AUhB8KPOYC7tS4GWPSxZzJ77E3gz4M3b5aA+0vn6/mnztdXUO"
    "t1HOJr/ehQPUO0Q3T1t+2mEc6d31GSSrNcz+FSGJef5q1PYk4sai8+kOtvV1e4LHmCDBgs"
    "PDMbx1bmGzg8OH57/O7o9DiY+kHJshnvz+4Qb5f9Xm410QSrWU6KIP2mJMznCKcrl9vhhN"
    "pjWKphl+FQFJ0o9VptQn4IE17H65VmS5yuvtz5yEyGv7tkNsX5D3sfiATwP2ydY+F5zK41"
    "d7QQUZI3EarNcWYnNmIUgkb3mfuwRDXNiJ+Fw/jY/jtbSGZcwsCpPczagbVE/c1la9uJ18"
    "iDP/1Z5peGG5lD54HYGJt88PIGfn9KYuncnnc+XrQkxgM6vJ9Tx+jFwMYn4lAkSoK66UfW"
    "oZUsoTYdS3TwNXDQviIzM7h38cDkwNNqTvh0uZaD9XoMKxZUcm5APJf1QQNw+HjMHJc4bD"
    "QDRQCWI7VjKAUEhXsocpglHmQR7iO4rZgUBPujN6BhLNy0jrPqDlDFuYHV3VGtunK1VDQG"
    "oSPULjrfPl52e93uFXQJ5I4woa8J9VDfUDuhBIwMQdcyHDFVRXpw76WGswAVSngMtCo6ht"
    "kE/Vscvpx72D1xmNz+NzzDdbsNulJYiRoWtzli7gnH9cfvq15y7JeGLIf3d9TYQdcaqY80"
    "1LTkaPX7iZln8gcmW6JDKR0VVJl+a2EverLDT3j8W4v5swgLNq5U6U+y0amW6lTUS6P/ER"
    "D0uMWy8VcUCfwNTbLv//J81/UsbLuXny9uu53PX7B5y3V/NyVOne4FPjmUpYtE6avThPYV"
    "NEK+X3Y/EfyT/PPm+kLCKVxv7Mgew3rdf7ZwTHTmiZ4t5j1qRDHxi/2imLgUfHppXfnCnl"
    "mpDTrG4YB4c4pzBaXuOy5cE9igYDhFVbiYFn1cRIk+ztehj1MqNGx/oryQGqWqsxb9fSKI"
    "wWFH8uqsKET2oeIsiBDVmQNdQeYTYdUZfj4tY6FTtXfOPnd8UmRlOclfWU6SK4vD4CVdL3"
    "Ni58Mbp9o5mA8O3xUxgx6+yzeD4rM40igppTH+2+3NdTbGfv2kQMRBoP9/YoKEvjaU/zKa"
    "2VI1IIMZNz1QC/ax2/9bF/pLwEZ8YrKRj/Grz51/JOE/v7o5Swo92MBZltlhOzryuTJYtj"
    "IUZP9Re5l2HDV4FtOMfdea9qElfXVSRw18WCm1tzB1ZbddxOMmJyUZsDHMOOUsDDxsqFKi"
    "VosasN/nT6H9F74H1MWVGilbRMVY6pwwi5HChcXMWOIivLNjPkJSwUXoY5X2Et7ZIUj9Pr"
    "MoN/WL9/tT+LoZ/uWwiENUqd3ckR+6i0j2+wbzgNBFT+etsLA/XCuUBm4wB17WuLOlY1Ug"
    "DO57pOHu1KSLHs61fr8NJS6jznDSg7cNhqCLLFDhoeyVywAuWbQ/XbxGmv/puYAb0N/ZA2"
    "ibYGvS14HF8I5tZZuX4wGuwMuq12jrDgbc8SYGDMMycBAWAAW85djIwZs3ZGrOXLSM7Ksp"
    "5DDJEgHQzh1gjbR3WGpCMHQoK4uLtrYAAfDCRS5plCQSPV2IaHVgCqC55c52mMlwJsLPB2"
    "kHUQ+CFhA3aBgYagNXPgC7CXxZwq/f78+4EcAW8EN7f4C5c5ygQDRHywvMZLSKxKdSQbvH"
    "H61wQYkZ/NCQJLkpWRJaRVrscYqfJhp0/PZCS8hjz/9SeoNFL2hDLi16Y2nJNmBBkX/IrS"
    "tnCJK1Tx1D2Ei1QQwdhttej1bsX9LjMlmp99nUeFLvir5a35GPaSUTQrUdtOq3Un5g2lNV"
    "Hg1NWIENJfuaKbKcjhpLYi0tibNyusnsCUrJhtTtrz+fk9Ojkzdtcrr/dv+0io3psFCkxu"
    "GSSI3DdKRGfE0uCnicaveUwXXExMR24KJAx4ganIvgbHHDMFlppBNkDdZFsIYteMQfy8Ac"
    "UjQIF0HYnY1KIhxSNAgXQdjmw/vS0aARmgblIigLZ0xt/p9A/yqKdJJu59Bei1RnsCl1PC"
    "vXb5tjfo5RNUgXQdrjnllq6QgIGnyL4CsNp2XwDQjqrA12E0ZfwvZw2EVjmuOwnxwXgf3k"
    "OB92fJYQ7NBCXUqu8wmeBezvycX+wemxtPpSl+BgK4V9nBaB/jQf+dNs4HsP1JyVhz8kqz"
    "MTbkahDV7b5usBvW8OLYN7lKbOoP8K/+19/rz38SNO+T31axXYD4rJhktEw5T8LTyWcVCo"
    "yx5zTK0BwQ7soMviBC/+Ie2m+W7wIEzw6ub6r371pG88Ia7QcQbWHcehixxxRRMksN50LA"
    "L2VzYWodWFRYZQlGmlI1HMPDIsvNr8gDO//StpSKUPAj2XGW4DIWCVs3MsqRGyBMYDoFsX"
    "xkHJZuf02c3NVWxOn10mJ+23z2cXsILICQ6VuBdzGcQ2Sk+U3CIVQZ3XaZRQLrp07MuFwa"
    "C3vz1q13ca8iXxTCHJk0KaNgi+FAVVBMaT14mVBTLF2BCJ7iizaybpms2z9OYZhtGkgb+V"
    "z/Lhj9PuPvjk/ObqqtO9IHet87vWuliB4UuVeeET13k/kAcTcCNQcXKYaEMuThjrhie4Js"
    "IsqLhul1+JAJYEvyxqmrmRFQnSGsfUlw2yODp8exqEVeAfywIpbj93rq7SYlA6FCiBLZT6"
    "p2hT0KaJkyLoQqtaa1maBj/9tIXV6ezX7kUnNsFhfp9dXne+/po9w8/S0zkjHK4E7BnUDe"
    "6FcNcxm2m8c1ePCMXmDu0flFzl08kuPsg/UBMoKPyvOKFIIqK2BOAZlDVesqXMH0YC681W"
    "v0Ms2tqiBp7s3g47di+/C+KOJwpkQD/MfhRt/EQvmgvy/Lz2KtQrcDGS6EgO2egNcqzGPz"
    "4gG2+h/qdkVZi7N+EuiXzipc3Ip0XMyMlTzxEz8mkq5VQsOLzMIfQ4ZXMYvdaH0eNR+GXY"
    "HKds2FxrNjcpmpoUTTXhwXNP0aTPmH6RnoT8M6hffE/DDw+i9qRTokQ2Wllf2a50E20yn/"
    "DhBITqBeZO1IdGoSl3kp1utlwTVQ6m+i8nD6h+IHggUiPz1EyvYcvlVrM4XZP5dUVni5in"
    "lOrCAWW6fq1F8xvlLpR2ow841/3zb/vyy2kTT9TEjWgxg1OFYgkmxKnqzIqKwZNHhwWAPj"
    "rMBRofpXPwZgYAn3EbFsX8NSc7/netJsntSMVn2uVayiCZEHaVVbNRRRsdpdFRGh2l0VGe"
    "pKP8og2K+VrKL6HJ8cd6irZPFtRUOkEyF+rKfB7wj87mQbVpOq2bFCF6mjbS9s2sKbWEXH"
    "pIZwvMcTJiDoOZjQlaVF6WQnpWkWSsDpuadKg2pfzMq42SUysl55k4StfPh5W54HY/uW3r"
    "+4TZ0dWDjIX0xMH6JE+WPD0i8tnJeNX9eo0/r/Ukf1502yn54SVIn9sXqMUI7RhWSdpf3p"
    "c3DFMjFg03j5BsPoNmBW5fyttsZIhJmwxmXhB3IuwVrLVriT5vdN5G560JD567zivvUGLG"
    "kuywiRrtZTqvei0jyHtXVueVsW+47eiGVKZNdTFJ92vn9hNeTKLSWuJdTyPfL5ajDVdprn"
    "I62SreutVkNEyiXjqzod8A6tbVuvMlmGL9Rd800nf1F5a2hCX95xoMmvsvX0qGxbptHBvI"
    "WlL/eN2KodI/CNk19L2ABVXIrYTsxpe9MnplnPL5qJUv0ju3Rf1xQ0cXlqqP+npagT4BLv"
    "0EY8xXj3nrx0I8/cxgo13ugoTQaJe7ql3+TQxaGSolFreX6ZH/FoOCuqO0VVICBLi6GDNG"
    "bJD71d2VU0cM8c4QqQbiHZeotkEV2Dr7fbyeg6vTbrgkyTrOTF9xCc2l9cr1dvWE0M7t3i"
    "K/XTUmJkWfFBGiT/Jl6BMtQucrLIqlpUW2gKoR12onrqV2n+0slTc268IE6Ip7lhl6Enu+"
    "dPHEHHw4l2AtgbqFbXCydhvVKRWtEbN44aVFwe1Et586e4cnp1mWt2qNlLyNdzpzgPFMX8"
    "n7OOUwA5bHhTT3aGzTyuPzK3OL+rEPO0JeZ8tPmCXF5PY9bvig5hQ0QazZi23wMXPLJWEO"
    "KOorJLT0EoLm+Ql7rAL16g8WbDhT8AZDAhzmxwS4Oja/FjmCmzD3nZXMYt9VuM2XZHOcsm"
    "FzrdkMUl6lU/XuKr/jmuXp2jH+bv4u87p9sLWwrM7cxrD6Y8NqZOrVya56M/MG4vEzSo5Z"
    "poLwaXupoUDWK2ofQDlV2S5dYbGBMBaEuvfMQDWnHaS2pvZCGQEww7vHHj3AdQLaW5i9aq"
    "6jS7kSJLOsCOvqCmN7OmQunHvmkKFJueUSShwxx9uSLfEAAyD9Plp1YTPxmDX1lP1WH2dh"
    "toGWDY63PuOFAfvkUh141i0anLltvCuaqedEix4q6siWdyMnese60H9hKwh8jt5McjExSm"
    "UMCR9HhFv5xGFDPuUAgkz+Kov8ud2YTeppNrmHl69qM/Fpa65ULiJfZyWNspBCuUSfTKmT"
    "wXdSRoePEdUZ8qrRSetQ3OMrUgptlT45N3tpirrO+ZM7LsHF1t2Xxh5/xOUvPSk03bHa63"
    "Qi5exrUNIfwFYk9I3lsZbiwVAFjqmlhw5AlsATqmjguge9pdZhY1PqUKvU7QchxeZPo2Td"
    "oYLdlr1DZRWq8lpChUJ5q8omHVJvMBP/FKRYhLD0p6MNwPguRqUr4t4VWLze5e4g75ILlZ"
    "Z9M9DPXaaiJLVNSru1s8WNJb3KuvLsTHBJxbEkrzPIG4bXmuEjbnN3UunDTpA2tvU681ne"
    "o8EcR2TYdfN11zjVDlwJlFRdTwqpridLVNeT11mm9O1Yfr8o8e3SfqAmN6iXk6goq1p7mS"
    "1Yi4U9HqEoGjpmkyiVMtx+ZQYoVxjxhRcEeVSGhblCPRwKUN1d35aKyqO02WJN9ORlmIRX"
    "3gWagr87HPYxO5KQyHapUlf0xXc6dxLp97WG2++rZEdoiUZHCR4PbcvLe4PaOs2RsgP7R5"
    "H8BrGZp4b7NlbZrR5ZbDyY2zJ+bD6d1IbsUudqsRowU8z1MiXPR32Qjb0nlLjqNHQp09QK"
    "732RnZee9XG6OjPgE6zgsAGyAHF/rZbbi86BU2e74MsLj2rp7V/ACo3b+gSdt3Lrl/ct2+"
    "jQdVZwy/Jz0AJqIpt+ZWOOsOYJpbHnS6VRJ1Kz8AGGKBGZS1O/jMS2hYwgwC95JExYYplB"
    "Fiwz8KBsEyhF3tiMsD0ZsoCS34Q+MFiuYeehMNMYHU5kwIIUQ8XcJlPqunPhGG2C6MjQAO"
    "xinyR6x1sGoHXdspzY2L28eWDEHQtzcmlHBoiQUibFdj74HlUPZr8RiMOwg4C0ugeSrj+Y"
    "O9sfifSC2O6cIYFKIKqC14Fq5DD/7QrHKMScXCqhx28tGb/RHNLY9o6x5EKCnQxcr5PDO/"
    "ZdlHJ2xyjrDHfrWjgWqOmuitUiphD3e7Npfb3d2z06WyM72UGhBDQHSxLQHKQT0Pg7TG+i"
    "0zMVhTlFWOdJv23L5EuJ3sBz9jM7Lf7IUM8BhpLVWUPb+Bm8JFdezBE8FIN71RXiDPLG71"
    "U3jbeJW3hxbA40yJJMjtI9Hxb72Wak+QEP3cp7qINTEI1da4N2rVttfM8wad2Gdvl8a5br"
    "pzJtFzFkoT3JN9agHchGL+IDH2bc+5JftXgWWy386SS2+6QrHE9wna3DFmQoLGAl9xi24U"
    "oHK+bwUO5Ni4+1ucpgQ5PiWRfuqSy7aAFbEPhE4Ceqgjg4DQSxZjCXR9zEPLyDReMY3QkD"
    "khTGs84ULrl1J6CobTRm63pmDWCaav+9w0YwySf63BmsVSXyGK7aLSe/XFixyp1ViVPtnB"
    "1jLVo1n5ZBWNXeOWSPiwB7nI/rcQrWRnDfWcktFZdYMbFDkrZhda1Z/fLCEF4kmx32IKop"
    "43HKxq5WZy43kY5NrpY6sOCZ52qRqGeYjnxu5NuN5JnxYkajju27wzKD5/1naBbq93VUbL"
    "+vbtBwta1Gh6/7mi6GotoG8ZhpYnyQDKsb0uGEGRhcvyAjR1iEEpvN0bazjw3DcjLppVoP"
    "Q+P9/Nh4fMzBrCowLsya/SoMinKECa+HUfgPrB3GOr2+s3Ew3CXzIGg/pFeJbsPgfxiqbB"
    "9LZTwtqO3BwYLGwFTjRbC9xMDURCi9qAiltfirm/ikZ2p9Wkt8Ev5babpHCXcO6uNCUEOt"
    "gvP6uAkM274JG+WqbKB/nKfEp93gTPc1nnIec5V/fSHj8A1RaVVfee71QITNEB0FAEvtPO"
    "dYhC6B/AAI1wV9ULJZ68jZzc1VzDBydpkQEK+/fT67APAl9lCJezG5MSKluz2lP5REPEa3"
    "QcR9uebZAk4fQGQvlXQgpKhz2rZrjFnQFzdpIhKOvB7LOhtnnohdlqvQp6gz9Je3N+To4P"
    "R074BQczqhe4eVIC8CeD7cqYxTEfNGGvL8rFMJss3ZRQ/WJa+sOJJh8we7dxrOxq9eZUN8"
    "Fv6ZEhGRkXXLMPA29R5em5yRLu9Mk//896/MDA7nZrsQOqopkKPuny/3U56EpMAuL5V/Gl"
    "Dn4S2+OwxSbzoRnlgNVF+wqV3HS+9bq0Hsl3AT3EXM/IvOV/NBflSt7fh3mXH3Y3XIkldO"
    "7iJg0dj86khFjgHsCkjrdIl3mMOHk1aGU1w/aS9zi9Owzo/84vkwrNgL/FJcwE/UUfKdu7"
    "kqYL4lI18HbLwAOeYi/KhKIKyr7yC6a3EnoqCSeRojPzt/hGTz6fm3o2evLBH/Vk8H/vlf"
    "lMZLHA=="
)
