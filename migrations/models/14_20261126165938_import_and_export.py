"""Contacts keep what a file says and no column has; operations tell what an import has changed.

Written by Aerich. Changed by hand: the composite key, and a way back that loses nothing. An older
release goes on beside this one: it leaves ``extra`` as it is.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

REFUSE_TO_LOSE = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM "contacts" WHERE "extra" IS NOT NULL)
    OR EXISTS (SELECT FROM "deleted_contacts" WHERE "contact"->>'extra' IS NOT NULL)
    OR EXISTS (SELECT FROM "contact_versions" WHERE "contact"->>'extra' IS NOT NULL) THEN
        RAISE EXCEPTION 'Contacts have lines of files that the older tables cannot hold.';
    ELSIF EXISTS (SELECT FROM "contact_operations") THEN
        RAISE EXCEPTION 'There are operations, which the older tables cannot hold.';
    END IF;
END $$;
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "contact_operations" (
    "id" BIGSERIAL NOT NULL,
    "kind" VARCHAR(16) NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "contacts" INT NOT NULL,
    "contact_ids" BIGINT[] NOT NULL,
    "versions_before" INT[] NOT NULL,
    "versions_after" INT[] NOT NULL,
    "undone_at" TIMESTAMPTZ,
    "owner_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    PRIMARY KEY ("owner_id", "id")
);
CREATE INDEX IF NOT EXISTS "idx_contact_operations_by_time" ON "contact_operations" ("at");
COMMENT ON COLUMN "contact_operations"."kind" IS 'What was done';
COMMENT ON COLUMN "contact_operations"."contacts" IS 'How many it has changed';
COMMENT ON COLUMN "contact_operations"."versions_before" IS '0 where it has added the contact';
COMMENT ON COLUMN "contact_operations"."versions_after" IS '0 where it has deleted the contact';
COMMENT ON TABLE "contact_operations" IS 'A change of many contacts of an owner in one transaction, with all that undoing it needs.';
        ALTER TABLE "contacts" ADD "extra" JSONB;
COMMENT ON COLUMN "contacts"."extra" IS 'Content lines of a vCard that have no column';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return f"""{REFUSE_TO_LOSE}
        ALTER TABLE "contacts" DROP COLUMN "extra";
        DROP TABLE IF EXISTS "contact_operations";"""


MODELS_STATE = (
    "eJztXXtz2ziS/yoo/TPJleyyHdvJJVdXJTuejXcdOxUrMzsbT0mQCElYk4SGpKxo5+a7Xz"
    "cAvkmZpPWgZU7VODaIBsFf49Hd6G782bKEwUx3v2MYDnPdMyHuW+/Jny2bWgx+yXrcJi06"
    "nYYPscCjA1PWp6pibwA15RM6cD2HDj14OKKmy6DIYO7Q4VOPCxtJuhNGNBlBMiJGhNpEzG"
    "3m7JMLOpyQCXWJsIF2zr0J4QY5bJORIyziAe2IO65HhsL24DVQbR9fa4ghvJfb47W84c6+"
    "s7HRqcMt6izIPVsQbsu6BgUsqMsId0m//0q+o8eNNrT5ut/fJ13heILDc3yjLaBVaypc7j"
    "FsxG0TV8ALzMWdjY1ZfOxQxIkYbGhS+ADCvTb03SDsgcGL/5jhz5FwsPPq26wZ9HXETY85"
    "ZLCQfVIfirDMbA4kPU+MGTxwAJzvv0Mxtw32g7n+n9P73ogz04iNBG5gA7K85y2msuyMjy"
    "9t72dZF0Ef9IbCnFl2WH+68CbCDgi47WHpmEGHqMeMyKiwZ6apR5FfpHoLBZ4zY0E3jbDA"
    "YCM6M3FsIbXqQVjW6vWub7q924tur9dKjTufIjJQdBEwGscs9NWVCIyxC3v/fXT05s3bo4"
    "M3p+9Ojt++PXl38A7qyv6mH739S3UmhEs1JUG7/NvldRc7JGBiqGmDBX9JGhg+ikpyI4Rf"
    "/ptiwPmEOtnw+/UTDIAPq8IAvyDkQDiZA7hb62KARX/0TGaPvQn8eXhwsATcXzpfzz91vr"
    "6CWq/jEF/rR0fqGaIdoqvntptGOHd8R0kqjXI9hkthXH6Ytz6JObGovfhArr9dXeGy5Aky"
    "YLDwzGzsW5k5cHR4/Pb43ZvT42DoByXLRrw/ukO8XfZHudVEE6xmOSmC9EFJmM8RTlcut8"
    "MJtcewVMMuw6EoOlDqtdqE/BAmfI7XK82WOF19ufORmQx/d8lsiuMf9j4QCeB/2DrHwvOY"
    "XWvuaCGiJG8iVJvjzE5sxCgEje4z92GJapoRPwuH8bH9D7aQzLiEjlN7mLUDa4n6m8vWth"
    "OvkQd/+aPMLw03MofOA7ExNvjg4w2cf0pi6dyedz5etCTGAzq8n1PH6MXAxifiSCRKgrrp"
    "R9aRlSyhNh1LdPAzsNO+IjMzuHfxwGTH02pO+HS5loP1egwrFlRybkA8l/VBA3D4eMwclz"
    "hsNANFAJYjtWMoBQSFeyhymCUeZBHuI7itmBQE+zcHoGEs3LSOs+oXoIpzA6u7o1p15Wqp"
    "aAxCR6hddL59vOz2ut0reCWQO8KEd02oh/qG2gklYGQIupbhiKkq0p17LzWcBahQwmOgVd"
    "ExjCZ4v8Vh5tzD7ond5Pa/4Rmu223QlcJK1LC4zRFzTziu339f9ZJ9vzRkOXy/o/oOutZI"
    "TdJQ05K91d8nZp7JH5hsiQ6ldFRQZfrewrfowQ4/4fH3FvNHkV8Aw0MkK9GgxsbVLj1pG6"
    "1rqdalGBRH/yMg6HGLZeOvKBL4G5pk3//l+a78Wdh2Lz9f3HY7n79g85br/mFKnDrdC3xy"
    "JEsXidJXpwn9LGiE/HrZ/UTwT/Kvm+sLCadwvbEj3xjW6/6rhX2iM0/0bDHvUSOKiV/sF8"
    "UEqmByprXpC3tmpbbwGIcD4s2p1hXUvl9xaZvAFgbdKarkxfTs4yJq9nG+ln2cUrKjK2Dx"
    "BS1KVWc9+9eJIAaHPcursyoR2amKsyBCVGcOdAWZT4RVZ/j5tIwNT9XeOQve8UmRleUkf2"
    "U5Sa4sDoOPdL3MgZ0Pb5xq52A+PHpXxFB69C7fUIrP4kijpJTG+O+3N9fZGPv1kwIRB5H/"
    "/4gJMvzaUP6f0cyWygMZzLjpgeKwj6/933WhvwRsxCcmG/kYv/rc+WcS/vOrm7Ok0IMNnG"
    "UZJrajRZ8rk2YrQ4X2H7WX6c9Rk2gx3dk/fNOnbMnTPKnFBqdcKcW4MHXlg73ImZwclGTA"
    "xjDi1HFicAaHSifqvagj++/8KbQQw3xAbV0pmrJFVJ2lVgqjGClcWMyMJYeId3bsFJFUOE"
    "T0sUqfI97ZIUj9PrMoN/WH9/tTmN0M/3JY5MhUKebckRPdRST7fYN5QOjiWeitsPB9uFYo"
    "Hd1gDnyscWfLo1eBMLjvkYa7U5MuejjW+v02lLiMOsNJD7426IIuskDJh7JXLgO4ZNH+dP"
    "Eaaf6r5wJuQH9nD6Btgq3J0xAshm9sK+u97A9wBT5WfUZbv2DAHW9iQDcsAzthAVDAW46N"
    "HB4ckKk5c9F2sq+GkMMkSwRAO3eANdIiYqkBwfDIWdlktD0GCIAXLnJJoySR6OlCRKsDQw"
    "ANMne2w0yGIxF+PkhLiXoQtIC4QcPAUBu48gHYTWBmCb9+vz/jRgBbwA99PgTMneMABaI5"
    "2mZgJKPdJD6UClpG/myFC0rMJIimJslNyZLQJNJiP6Y4NdHk47cXWkJ+9PyZ0hssekEbcm"
    "nRG0tLtgELivxDbl05XZCsfWofwkaqdWLoMNz2erTi+yU9LpOV3j6bGk96u6Kv9u7IZFrJ"
    "gFBtB636rZTvmD7LKo+GJqzAhpLvmimynBc1lsRaWhJn5XST2ROUkg2p219/Pienb04O2u"
    "R0/+3+aRUb01EhX46jJb4cR2lfjviaXBTwONXuKYPr8JqJ7cBFgY4RNTgXwdnihmGy0kgn"
    "yBqsi2ANW/CI/ygDc0jRIFwEYXc2KolwSNEgXARhmw/vS/uLRmgalIugLJwxtfl/Av2rKN"
    "JJup1Dey1SncGm1PGs3HPbHPNzjKpBugjSHvfMUktHQNDgWwRfaTgtg29AUGdtsJsw+hK2"
    "h90u6vUch/3kuAjsJ8f5sOOzhGCHFupScp1P8Cxgf08u9g9Pj6XVl7oEO1vJ7eO0CPSn+c"
    "ifZgPfe6DmrDz8IVmdmXAzCm3w2jZfD+h9c2gZ3KM0dQb9N/hv7/PnvY8fccjvqV+rwH5Y"
    "TDZcIhqm5G/hsYxQoi77kWNqDQh2YAdd5id48U9pN80/Bg/cBK9urv/mV0+ejSfEFTrOwL"
    "rjOHSRI65oggTWm/ZFwPeV9UVodWGRIRRlWnmQKGYeGRZebR7hzPffk4ZU+iDw5DLj2EAI"
    "WOXsHEtqhCyB8QDo1oVxULLZMX12c3MVG9Nnl8lB++3z2QWsIHKAQyXuxY4MYhulJ0pukY"
    "qgzus0SigXXTr25cKg09vfHvXRdxryJf5MIcmTXJo2CL4UBZUHxpPXiZU5MsUUInl4WYIJ"
    "AcFzYAE6RDHbg17ZKiaUkodz6hgq+GRCH5jy4JEfV0v+RL1vykg1SbpGuCkt3IRuTmngb+"
    "WzfPjjtLsPPjm/ubrqdC/IXev8rrUuVqB7WWVe+MR13q9l4Ahu1MqPUS5YuKKiLyLG4E2E"
    "WdCwsF1+JRyMEvyyqGnmer4kSGsc81DWCebN0dvTwO0F/1jm6HL7uXN1lRZT065aCWyh1I"
    "+DTkGbJk6qCAutCq9laRr89NMWVqez37oXndgAh/F9dnnd+fpb9gg/Sw/nDHfFErBnUDe4"
    "F8Jd+9Sm8c5dPSIUm0u7cFhaKk2mK/kg/0BNraBytuKUMAmP5xKAZ1DWeMmWOlnoqa03W/"
    "0NMW94ixoYm78dduxehh7EHSM+ZMAFjH4UbfxUPZoLMgOCPvWpl2NpJFWV7LLRG+RY9R8P"
    "YI63UP8oZhWG4E24SyJTvLSZ/7SImT8ZlR4x85+mkobFnPfLJAmIUzbJAmqdLCAeJVGGzX"
    "HKhs21ZnOTZKtJslUTHjz3JFs6BvhmylS0YCs/Tjis0y4QMNwTfvWCocOdIPPVSCbBDENt"
    "IymAMeISI1+hLdul8phW5wGmpqlE9JltCOAYBkXajBkZ+bfW9iY/JNmPy+33fTC44X63f+"
    "/3yYTGI0j7ff2b21PBm7IavGnChxOMXz6AX5mK6byzA0xlNDGsmMwIAoSxZCy8aIsy91de"
    "g9yTJGokYjPQfQzA1mcdGKsqo3qDrsJqTOZQrmVS4nKY0EoVla4/rh9+igoRoOd/u9+d6h"
    "HbHwhGCOthWCWeFXb14lF7kZGLsYL+ft/E8NVtV2qT/Bi+e/j4qkqXT/sM1C2cwMWV4DUr"
    "WU0Gtp2UtreRcHtTs8jPuO3vhnpv244dLyIspLFe4iWXoNugs9x2ZpDaEVI+cAlBqhSEGb"
    "S1hrGVkOKUKOiFsueTj32XIiwFy2oAB6TPCl9fSl43wqhS2KyK/SpKuIINtWZn4ru0nzbW"
    "q8Z6VRMe7Ij16ov0U863XH3x/Zgft1pJl+cSt2HJ+srzSjfhm1osusC7W7SBA5pyJ9nXXZ"
    "VroooRJRQQKxpTco0cYcvlVrM4XXPz1IqsHsxTLiGFw1V1/VpbOm5UMIL0evoQMSy6+3Lm"
    "tIknahKkYDGDU4ViCSbEqerMioqh2W+OCgD95igXaHyU1pQz0wuccRsWxfw1Jzu7wFod6r"
    "akI+uAgVLudAlhV/nkNY4UjY7S6CiNjtLoKE/SUX7R7nD5WsovocPc43qKb08rfLauj6Sp"
    "K7MF0/CwVtu8M4/JHyV6mjbS9s+WU2oJufSQzhaYQXnEHAYjG9M/R+xvj+lZRS6DctjUpE"
    "O1KeXf69QoObVScp6Jm//6+bCyg6fdP7ht/TphdnT1kK4y8LfrO6882Zz/7GS86l7pjTd6"
    "K6m+lnKUiG47JSdegvS5zUAtRvguZPKSyJc38yIniHHe5+dRiJBs/n6eCty+lLdpywCpNh"
    "nMvCBqStgrWGvXkjuh0XkbnbcmPHjuOu9H5S6x5O6pRI32Mp1XO18Et2qU1Xm9wFVSNaT8"
    "pdXFyN2vndtPeDGyujQHXT5G/rlYjjZcpbntuT5Xvi8liXrpe1P8Boo5X2e97hHX6yX3tE"
    "TeXf2DpS1hyfs37vrdGAgKGQg2eH9L3TaODeRErn+0ecVA/0cCzuXyUFyF3ErAeXzZK6NX"
    "ximfj1r5Ik/ntqg/bijxxlL18YO6/lDgmQCX5wRjjNTDWzHHQjw941WjXe6ChNBol7uqXf"
    "5dDFoZKiUWt5fpkf8Wg4K6o7RVUgIEuLoYM0ZskPv3iVLhxBBvJJZqoCXULa1QBbbOfh8v"
    "/+UqV5PwY2mdma1KoLm0XrneVz3BtbP0rUQrTR26XTUmJkWfFBGiT/Jl6BMtQucrLIqlpU"
    "W22QrjPWq6Rj1bcS21+2xnqbyxWRcGQFfcs0zXk9jzpYsnRhfhWIK1BOoWtsHJ2m1Up5S3"
    "RszihZFVwd3nt586e0cnp1mWt2qNFHEAmbmheDVzgPEMLUXf0VTEYQQs9wtpIvy3aeXx+Z"
    "W5RT1+hh0hr7PlJ8zxa3L7Hjd8UHMKmiDWfIpt8DFzy13xFlDUV0ho6SUEzfMT9qMK1KsP"
    "LNjwPWQbdAlQIbZ4muJq3/xa3EDWuLnvrGQWv84i2OZLsjlO2bC51mwGKa9STkh3lfO4ia"
    "hfJ3/Lm1ajon9jWV2RZXXmNobVxw2rkaFXJ7vqzcwbiB+fUXLMMhWET9tLDQWyXlH7AMqp"
    "ynbpCosNhLEg1L1nBqo57eDiPMzQJI0AeH+kx354gOsEtLcw9/pce5dyJUhmWRHW9Sr07e"
    "mQuXDumUOGJuWWSyhxxJwMFmi1xRSR/T5adWEz8Zg19ZT9VoezMNtAywb3XCKvI90nlyrg"
    "WbdocOa272ypAuJzokUP5XWkczTG34514f2FrSAwHb2Z5GKil8oYEj6OCLfyicOGfMoBBH"
    "l1kSzyx3ZjNqmn2eQFJEZcRGZnJY2ykEK5RJ9MqZPBPCmjw8eI6gx5Ve+kdSju8RUphba6"
    "/Cv37p0UdZ1v/+q4BBdbd18ae/wel79SudBwx2qv09eAZV+ynJ4AW5HQN3YLmxQPhspxTC"
    "09dACyRFvnkLsHvaXWbmNT6lCr1N2qIcXmo1GybmjG15a9oXkVqvJaXIVCeavKJh1Sb/Ae"
    "ySlIsQhh6amjDcD4LUbBuKD4+vWuwOL1LncHeZfOYSxl3zLJbqMktb1SaWuxxY0lvcq68u"
    "xMcEnFsSSvM8gbhtea4SNuc3dSaWInSBvbep35LG+BZY4jMuy6+bprnGoHLrROqq4nhVTX"
    "kyWq68nrLFP6diy/X5T4dmk/UJMbuRcBZVVrL7MFa7GwxyMURV3HbBKlUobbr8wA5Qo9vv"
    "B6a49KtzBXqIdDAaq769tSUXmUNlusiSd5GSbhlb8CTcG/Ohz2MTuSkMi/Pwjpwltc90m/"
    "rzXcfl8lO0JLNB6UYHhoG7MuhbV1miNlB/ZDkfwGsZmnuvs2Vtmthiw2J5jbMn5sPp3Uhu"
    "xS52qxGjBTzPUyJeOjPsjG3hNKXBUNXco0tcJbi+XLS4/6OF2dGfAJVnDYAFmAuL9WV75q"
    "ZsNT4+W5R7X09i9ghcZtfYKHt3LrhxJ5Nmzp62F2XwuoiWz6lY05wponlMaeL5VGnUjNwg"
    "EMUSIyl6Z+6YltC+lBgDN5JExYYplBFizT8aBsEyhF4k2MbE+6LKDkN6EPDJZr2HkojDRG"
    "hxN1FyWKoWJukyl13blwjDZBdKRrAL5inyTeLi+4vLN1y+FVj5jcZMQdC3Ny6YMMECGlTI"
    "rtfPBPVD0Y/UYgDsMOAtLqHki6fmfubL8n8hTEducMCVQCUeW8DlQjh/lfV9hHIXbIpRJ6"
    "fG9J/40mSGPbO8aSCwl20nG9TgfesXlR6rA7RllnuFvXwrFATXeVrxYxhbjfm03re9q93d"
    "DZGtnJDgsloDlckoDmMJ2Axt9hehOdnqkozCnCOg/6bVsmX4r3BsbZz+y0+CNdPQfoSlZn"
    "DW3jMXhJrryYEDwUg3vVFeIM8ubcq24ab+O38OLYHGiQJZkcpXs+LPazzUjzAwbd4jltGA"
    "XR2LU2aNe61cb3DJPWbWiXz7dmuX4q03YRQxbak3xjDdqBbDxFfODDjHtf8qsWz2KrhT+d"
    "xHafdIXjCa6zddiCDIUFrOQewzZcecCKOTzU8abFx9pcZbChSTHWhXsqyy5awBYEpgj8RF"
    "UQO6eBINYMxvKIm5iHd7BoDkZ3woAkhfGsmMIlt+4EFLX1xmxdz6wBDFN9fu+wEQzyiY47"
    "g7WqRB7DVR/LyZkLK1a5WJU41c7ZMdaiVfNpGYRV7Z1D9rgIsMf5uB6nYG0E952V3FJ+iR"
    "UTOyRpG1bXmtUvzw3hRbLZYQ+imjIep2zsanXmcuPp2ORqqQMLnnmuFol6hunI50a+3UjG"
    "jBczGnVs/zgs03nef4ZmoX5fe8X2++oGDVfbarT7uq/poiuqbRCPmSb6B0m3uiEdTpiBzv"
    "ULMnKERSix2RxtO/vYMCwnk16q9dA13s+PjeFjDmZVgX5h1uxXoVOUI0z4PPTCf2Dt0Nfp"
    "9Z2NneEumQdO+yG9SnQbOv9DV2X7WCr9aUFtDwILGgNTjRfB9hIDU+Oh9KI8lNZyXt34Jz"
    "1T69Na/JPw30rDPUq4c1AfF4IaahUc18eNY9j2TdgoV2UD/XieEp92gyPd13jKnZir/OsL"
    "6YdviEqr+spzrwcibIboKABYaucdjkXoEsgPgHBd0Aclm7WOnN3cXMUMI2eXCQHx+tvnsw"
    "sAX2IPlbgXkxsjUrrbU/pDScRjdBtE3Jdrni3g9AFE9lJJB0KKOqdtu0afBX1xkyYiYc/r"
    "sayzcWZE7LJchT5FnaG/vL0hbw5PT/cOCTWnE7p3VAnyIoDnw53KOBUxb6Qhz886lSDbnF"
    "30cF3yyoo9GTYf2L3TcDbn6lU2xGdxPlPCIzKybhkG3qbew2uTM9LlnWnyn//xlZlBcG72"
    "EUJHNQVy1P3z5X7qJCEpsMtL5Z8G1Hl4i+8Og9QTUxaJ0n4yXDd+c7uO23QiPLEazL5gU7"
    "uOl97vV4PYL6HwsIuY+RfEr2Yh+6ha2/H1LOPOzOqQJa/q3EXAojEN1ZGKhE/sCkjrdCXo"
    "MIcPJ60MZwL9pL3MnYCGdR7zJ8iHYcWn5y/l6PyJul3+oXiu6pxvAcrXnZvTkxwzG06qEg"
    "jr6juI7lqOYVFQyYxiyb/VIEKy+WsNtmOfWNkFBluNqvzr/wE5HVtB"
)
