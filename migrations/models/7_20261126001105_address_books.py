"""Contacts are sorted by the Unicode Collation Algorithm, and counted.

Written by Aerich. Changed by hand: the composite key of address_books. The keys of the contacts that
are there already are made by the service (contactsvc/repositories/key_renewal.py), not in here, and
they are counted when their owner adds the next one.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP INDEX IF EXISTS "idx_contacts_owner_last_name";
        DROP INDEX IF EXISTS "idx_contacts_owner_birthday";
        DROP INDEX IF EXISTS "idx_contacts_owner_first_name";
        CREATE TABLE IF NOT EXISTS "address_books" (
    "id" BIGINT NOT NULL,
    "contacts" INT,
    "owner_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    PRIMARY KEY ("owner_id", "id")
);
COMMENT ON COLUMN "address_books"."contacts" IS 'How many; NULL is to be counted';
COMMENT ON TABLE "address_books" IS 'Somebody''s contacts as a whole. Everybody has one, number 1, from their first contact on.';
        ALTER TABLE "contacts" ADD "last_name_sort" BYTEA NOT NULL DEFAULT '';
        ALTER TABLE "contacts" ADD "first_name_sort" BYTEA NOT NULL DEFAULT '';
        CREATE INDEX IF NOT EXISTS "idx_contacts_owner_birthday_sort" ON "contacts" ("owner_id", "birthday_md", "last_name_sort", "id");
        CREATE INDEX IF NOT EXISTS "idx_contacts_owner_first_sort" ON "contacts" ("owner_id", "first_name_sort", "id");
        CREATE INDEX IF NOT EXISTS "idx_contacts_owner_last_sort" ON "contacts" ("owner_id", "last_name_sort", "id");"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP INDEX IF EXISTS "idx_contacts_owner_last_sort";
        DROP INDEX IF EXISTS "idx_contacts_owner_first_sort";
        DROP INDEX IF EXISTS "idx_contacts_owner_birthday_sort";
        ALTER TABLE "contacts" DROP COLUMN "last_name_sort";
        ALTER TABLE "contacts" DROP COLUMN "first_name_sort";
        DROP TABLE IF EXISTS "address_books";
        CREATE INDEX IF NOT EXISTS "idx_contacts_owner_first_name" ON "contacts" ("owner_id", "first_name_key", "last_name_key", "id");
        CREATE INDEX IF NOT EXISTS "idx_contacts_owner_birthday" ON "contacts" ("owner_id", "birthday_md");
        CREATE INDEX IF NOT EXISTS "idx_contacts_owner_last_name" ON "contacts" ("owner_id", "last_name_key", "first_name_key", "id");"""


MODELS_STATE = (
    "eJztXW1T4zi2/iuqfJmeW0ABDXQvc+tWBUh3ZwaSLpKe3tnJLaPEItFiS1nbIWRn57/vOZ"
    "LfYwfbTYI7k6mpBiQdWX6OLJ1X6Y+GLU1muQdN03SY615I+dA4J380BLUZ/JJVvUcadDqN"
    "KrHAo0NLtae6oTGElqqGDl3PoSMPKu+p5TIoMpk7cvjU41IgSU/abCjNxQ8uGUnhQVuXUP"
    "ifzCfSYgek9cicBTYgEyiWAroQM3vIHHK0R+4daRNvwrhD7rnjekEX0O4AH2/KETyfi/Fa"
    "nzQQA9GfMPLAFoQLbEVMCphQlxHukru7N3IumGNwc49w88e7u3PSl44nOdQ/CDl3iZDQnz"
    "2VLvdUN+4ecSV2NBA2HzsUwSIuXbiEe3uECpMwHCz51wz/RW656rHqOerNZ4JDpeHJMYMK"
    "B97/9/+HYi5M9sTc4M/pg3HPmWUmmM5N7ECVG95iqsou+LgtvA+qLeI6NEbSmtkiaj9deB"
    "MpQgIuPCwdMxgQ9ZgZmwBiZln+hAmK9GihwHNmLBymGRWY7J7OLJxGSK1HEJU1DKPT7Ru9"
    "Vt8wGktTLKCIzQW/CHiI0xPG6ioExjiE/b8dH799++748O3Z+9OTd+9O3x++h7ZqvMtV7/"
    "7Ug4ng0l0p0Nof250+DkjCN6C/ECz4U9HADNFUihsR/MHcXGZCLgfiJJX44KMcsiFoEvEh"
    "+nqrM6LxSc6JTcXiJ9L5cn2N34YnyZDB3J8JHFsZLh0fnbw7ef/27CRkTliyiicB/hHewb"
    "dZbtLHqV5m6q8H8xpOflx47h8y575CdZkRH6TD+Fj8whaKGW0YOBUjloG9v2F9cXU33xkP"
    "/gxmWVAafZoOnYdLdWLywcvDKzNPvf5ls3fZvGo1FMZDOnqYU8c0EmBjjTyWqZKw7XKVfW"
    "ynS6igY4UOvgYOOpATZib3YBtVA1+WIqLa1UIEtjMYNiwoQ3QFI6r9Aek7fDxmjkscdj+D"
    "/RUWmNGEijHTGzpunVDkMFs+qiIi79XOaVHY098ewsa9cJdFh5d+AEoMXyfUwyVQWiaIGG"
    "MJW/h8wgRpfrlq941+/1pv+K48IE3igIQC3QAF8F7v9QovMqIgcNAH+DMYF53TxflAQJMF"
    "oQ4jdAwzCZ5tcxcbumqIXPyTjRA+kDSE9MJGIAqhZEGoaXMBBNhhXJ5RI8evy1V9I4dNMg"
    "Sxx1TdYleAC3MchjD4UgyMGvtw2Eg6JpEzz+KPvsBCR2rtLyiy/N4AxIOJD/9C9e8NFswo"
    "LNi4UON/njuZZqVMQ71l9K8AQY/bLBt/TZHC3/RJDoJfvt81Pgvbfvum1es3bz5j97br/s"
    "tSODX7Law5VqWLVOmbsx+TzAg7IV/b/U8E/yT/6HZaCk7pemNHPTFq1/9HA8dEZ540QBkx"
    "QIeLYRIUB0UJ0Sn89JKcvZxQpwWq09JmneBwSJxiMoBVH7Y2rrsw343el8vLVq93TgCOiT"
    "AsOebCcGejESi7A6HbfGi2r5MN7im3BuJzs9f72r29Mi4/NTsfW0GTKXXdOayHht49ltol"
    "+ks19nvud39pdYzb1pde2KsnH5gwHAbrZFT/K/y8Srd4hJ8mrOW91q1xeduC6QRN1PI6ch"
    "jiHtR1Ox/atzdRrRSgANth/ZfPVzHa2dSM0V61rltRnRZToO7zbfvX9nUL3jEOyb/9lyuo"
    "Bdj0ybCYGHsT+PPkcMVn9WvzFp5z++bkMPWpdPyaY1WV1ApA3pDltYI4VZ0Vsa8TSUzYs7"
    "lXSufayC4S8SC22RdnQYyozhzoS5S17DrDz6fZS3uOwDTd7FreaKxLYkquLKdFVpbT/JXl"
    "NL2yOAxe0vUyJ3Y+vEmqrYP56Ph9AZyhVS7Qqi6JNIqjyxj/3IMdLRPjoH1a6uQjj/yHWK"
    "AOrQ3l/72fCaWPkeGMWx7oYgf42P9bF/orwEZ8EgJogPGbm+bf0/BfXncv0pIldnCRZed5"
    "HaPEpTaONjIsEkHV3ipzRNy4WswUMQX1GDjpuwJ8nwhBnwgaA5RNILTTL5kZihKXdjrE3A"
    "ZqKpIhAyHVJXPuTSLnQaiyD0T4rLjDxOJo8tAauuoRDRCoz8PQ1OhcWMLMg2cdHNpCQSp4"
    "N4IXv7v7HwN6ghfTX7BLJtIytWmEPXno2uHKwOIy6owmDHDwfDIXBhejG0pAQD+GqictBg"
    "KtG9hMk1FP1WvXz0/Qx5A73sSkC8M2oSN4iA0AAYwcOzk6PCRTa+airQeQUKYP9eoSXmfu"
    "AASuenubUEuKsebA3DeTaKONTU2mfE57gV3FxwCAcbmeH3d3CKThl6BXCVihrEkD4YCsjT"
    "MB/n1UJh+pGIYMwl9g4kqHIIcLWl7+aERfW8L8iGYtA7FRoEZ2mQZ7muLMRRNT0F9ki3ky"
    "ggll6M5UN0EPwcLbUN3AB6f+UEt7zigUX15gGLqf6uPwVSeDVh+C30W15/vq17c83++i2v"
    "Njn8ULTo6w12cYszP+1dL4F32cZQTeJFWdbURVRd7DIkYLaJUv8h4umS3CL64M1Ami7VMt"
    "1oEzsym3ymAcElTCdzNGiYoAH5+eFAAYWuUCrOqSAE8BpFKTOCSoMcCN1sHR2YmSvUDLYE"
    "rahGEWDXxIoH5WBPSzfMzPsiE3Hqk1Kw98RFZn+Js+3iDSc5PXC3cGM6M87AFVnVH3J/0c"
    "9Q5fJYPZwiuhf3RWZC1P+8RiS/lZGv1AuCyDfZymzsj/Bv/t39zsX13hkrOvf60Ee7EtdM"
    "UOmoZdabTLmPdBnM/GPCTYAgFllQ+49ff+autb6AK+7nY+Bs3TJrkk2DH1+IFlzPSespAE"
    "4VUrRPGAfAvF8ZNCYiK0+pFcdq+vm/0WGTQuB41cw/8K4bwSF5aod0yowgQliFdiQIKyxs"
    "t+ZT3puIhog80Koq+aZgo7VeBPUG4f/KdHxwXQh1YFwceWOaKOb51LoW9Ty8q1iKVIa+xZ"
    "L2sce3v87iw0h+EfqwxgvZvm9fWyp3zZzpnCFkoLrOsBcQrd4cKXfNYi4wx/+OEVxJyL3/"
    "qtZkLOgYl70e40b3/LFnQuVko1FWDPoN7hXgh33+G0jHfu6hGj2FyuxFE5dBuXGIisnWw6"
    "EM39Sf3R6tNxQZ3phTNT4u69EminyWq8WDf6MZdmGCiOLxB5QeX966Cf9OWViV1OUu5imG"
    "sdw5x0mZZhc5Jyx+Zas3mX5bfL8qsJD773LL+f5bCREUyHxXurAun+KYcFg+i+Yh4cJUCA"
    "zgJzxohgT54Wx6aOxKwLLS1gkp0K88KIKD9ITPiJcqZUVctRdi/e+zfk2pd11b+sl/51g1"
    "OS5o8ihr/TfA/DqW/oyw9DAUZX2OQjqt0GX7sNviYRxl3B+jAB+phZlbUyJupXLpFo4cS5"
    "pLO0Cq6WTaJa+7GrURSwjrzl3rlK0AXVtvepuX98eqaiTtnyuvgN/ZRM3Z3OHGA/8/N3n6"
    "Yc5gF+Zbv03XpG8AX8ytyons/0jJHX2WfV8FMdjdaNSr30Mx0N5fcZiNsW0gVZmucE5izz"
    "wszMgfDTNgNinagZhn29fqCDycfMzcnWzdn7Qor6ihuNYDHigkzYUxWoXz6iZ8PRgZv6Pr"
    "4GETxzilkVomjy6PqjBXe2uq2V8RLfVSQqlGRzknLH5lqzGSTFSvZY9yW/45p5q7eMv5vP"
    "66/bB1sLS+zM3RlinzfExqZeneyw3Zk3lE83KDlmGR2i2r2VJgfVrqilAeVUbQB1/dNUCX"
    "UfmEnupbOnElmhP0LFwrclSEcl4wKuE4kJD4FTV510FqTnigwj7foehfnDTQI62wNzyMii"
    "3MYzYB05R/OGLR9hAOTuDk3CsJl4zJ7iz7s7PNUNzSJMmJiIjXYQRXxAuqFNmDOXwOTQ2b"
    "26mjgzgUee6TzeIA9XH8QmHwsf1vo7qALUmynWpYamrShRdUyiVTUOG/EphzdXsXOqKJjQ"
    "O3tLPe0tD/DyVY0tAW2tNcnb1sd2r3/b7Le7HbSkjDkyAWsH4tusMKlTtKBF6uyslZaagV"
    "CFwRFc8Arty9Y50ZG/fkP4hPmo0ilVheJrj1covkt6b/htlzE2JIjqPE3qlI+YXEWX0H4m"
    "dnmJusbxy5glhxuEe5AIeK9nOPk2HxH2Vcsx+oRUX4KhQyVL6Fw6dMyIgrx5lRPEptShdk"
    "aWV/4RTBHF7hCmhDpf9RCmODsiGbGKYBFRbzADbwriNkJY8tP53OpctTsfYfPX9APRa3X6"
    "50oBgN9/aX/+jKKB+8CnU5QIrlpN+NNktFJSapGjy/IPLls6tswX7ctcABAn2Zx15HC9Qv"
    "gukndnVixjVkzrxSV5nUG+Y3itGX6PR9RPKn3YKdKdv6DOfFYZcsxxZIat+plTjUKqLTg1"
    "IK3lFjmZFlqt0HLV2bQ1CaL7rCW1tlBng1AfnCWzdlazvVX2bV8CNHiMonAYMvXILTPxeM"
    "eZ6+FNRR4eMTlk9xIv1hD6tjBQJ11tD5ZTtACrCz+AEtVMfbFGVgzyS3WtrhJxOOxb4aGh"
    "8FrCpVqT8W8f0barA9L27+dQNy8JqTpCdRI1TeXYUGdLesSmC+IxywL6ul4ntjMlFzEl73"
    "ytr2b92Hye7IYMU5d6MRoyS871NUCSjKU0f1KdnRMKerYbvMjm1T3/4aVnfZKuzgz4RF30"
    "Q7IQcVzi1Z6AN1f6fo46Gwb/eoFcDb3Z4xHVeBq2N0E3s77QyzKVF9uGjb8Yz7532b4mEm"
    "fPX6QypMxetH7lS5ZucIJxIWESowRcPhb7XARHpZvskY8yEjHymz5/6Lu/dZe+aDY6iX0g"
    "ChzFjo/ZCYb1l0ZWXTOLd65maNQrbpkNKWprY2509I3NvtoDug6sVRM/Qgi+ACWnvI5Yor"
    "5MWInKOeuTVDsrRp4VY3dx0dovLtq5UbZWIluytlYMwU/T7lhda1b/9dSwvySb/cs+K7A5"
    "SbnzktWZyztL7y6rpg4s+M6zahTqGSahgBv59iAVNFvMGNQUQVxnRuZLVIfmnru78II3Mt"
    "JHVGqTjDbzhpoumuKFqZx2rn8RHBlRvPcOnYcLdZkcoUSwORqUDrBjvHXZWOo9dgCmfwwS"
    "BsU46DCk6sJr8iYIqd+Dx1rweuhrfISf4d3QPw4EDoa76ro77ZqM6PXhJuFNg/rOOr9U+R"
    "NAbUchcmdgqvsiuLfCwLSdhyDUKSfhNY+y38iMb3SkY1OLuzrrj1hSPuzPpgXtd6+QjvC6"
    "x7nVyPq0lkvXKl+d8Tq3ZmzK0Lf+OzPCFLoJdSdl5vcS4VYu7WswYaNclQ3084kaAe0GZ3"
    "qg8ZRZ27/0WrfnypE4EM2rm3bnnFDT5kWDRtZ8WlYoymaIkBIApiLPSRajS18oAITrYkFY"
    "suH7BLrd64SB5KKdvo/qy81FC8BX2EMj7uXEhHDX0HpEScQTdBtEPJBvvlvA6SOI7qVCqi"
    "OKOuevdjBgwj+v1yci0cjrsbyzcWZk4Kqk7YCiztC3e13y9ujsbP+IUGs6ofvHlSAvAng+"
    "3Ev5dDEzxzLk+Tl1KbLa3lzyanl123kRzC5NsX4S9/fupykR8Rhbt0wTHusaIMQ8ZCQDX/"
    "jkH365ZVaYCJPtSmjqrkCOevh+ub/kUUgL7B7Igd8I1KXuZVtByjhfvDpW6WPNtxGweIxv"
    "daRi4cTbAtI6XXBN5vDRpJHhhPNr9la54WjU5jk/XD4ML+x1+qu4nL5RFsp3JuWKmvkaU7"
    "6subM65qil+FGVQNhvvoXorsV9gRJKZvR3/nFIMZLNn4f0OvL8i5189KpZRn/+Fwo23tM="
)
