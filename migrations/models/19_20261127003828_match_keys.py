"""Keys by which duplicates are found, and the pairs that their owner tells apart.

Written by Aerich. Changed by hand: the composite key; the index of changes, which carries the keys;
and that ``derived_version`` is NULL everywhere, so that the service makes the keys of the contacts
that are there, in batches. No row is rewritten. Indexes are made while the service goes on, outside
of a transaction; where that was interrupted, they are made anew at the next try.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = False

# One script, and so one transaction.
_TABLES = """
CREATE TABLE IF NOT EXISTS "dismissed_duplicates" (
    "low_id" BIGINT NOT NULL,
    "high_id" BIGINT NOT NULL,
    "owner_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    PRIMARY KEY ("owner_id", "low_id", "high_id")
);
CREATE INDEX IF NOT EXISTS "idx_dismissed_duplicates_by_high" ON "dismissed_duplicates" ("owner_id", "high_id");
COMMENT ON TABLE "dismissed_duplicates" IS 'A pair of contacts that look like one and that their owner tells apart.';
ALTER TABLE "contacts"
    ADD COLUMN IF NOT EXISTS "match_keys" BIGINT[],
    DROP COLUMN IF EXISTS "derived_version";
ALTER TABLE "contacts" ADD COLUMN "derived_version" INT;
COMMENT ON COLUMN contacts."match_keys" IS 'What duplicates are found by';
COMMENT ON COLUMN "contacts"."derived_version" IS 'The version that the derived columns are made of';
"""

# As contactsvc/contacts/key_renewal.py asks for them.
_STALE = """"derived_version" IS DISTINCT FROM "version" OR "last_name_sort" = ''"""
_INDEXES = {
    "idx_contacts_stale": f'("owner_id", "id") WHERE {_STALE}',
    "idx_contacts_by_change": '("owner_id", "seq", "id") INCLUDE ("match_keys")',
}
_NOT_VALID = (
    "SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    " WHERE NOT i.indisvalid AND i.indrelid = 'contacts'::regclass AND c.relname = '{}'"
)

REFUSE_TO_LOSE = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM "dismissed_duplicates") THEN
        RAISE EXCEPTION 'There are pairs told apart, which the older tables cannot hold.';
    END IF;
END $$;
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    await db.execute_script(_TABLES)
    for name, rows in _INDEXES.items():
        if await db.execute_query_dict(_NOT_VALID.format(name)):
            await db.execute_script(f'DROP INDEX CONCURRENTLY "{name}"')
        await db.execute_script(
            f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{name}" ON "contacts" {rows}'
        )
    return 'DROP INDEX CONCURRENTLY IF EXISTS "idx_contacts_by_seq"'


async def downgrade(db: BaseDBAsyncClient) -> str:
    return f"""{REFUSE_TO_LOSE}
        CREATE INDEX IF NOT EXISTS "idx_contacts_by_seq" ON "contacts" ("owner_id", "seq", "id");
        DROP INDEX IF EXISTS "idx_contacts_by_change";
        ALTER TABLE "contacts" DROP COLUMN "match_keys";
        DROP TABLE IF EXISTS "dismissed_duplicates";"""


MODELS_STATE = (
    "eJztPWlz20ayf2WKX2K/olS67WdvbRVlK7F2ZcllMclmrRQIEkMSKwDD4BDNzct/f91z4A"
    "YFQDwgCqmKJQ2mB4PuOfruPzs2M6jl7fcMw6Wed87Yfecd+bPj6DaFX/Ied0lHn82ih9jg"
    "60OL99dFR20IPfkTfej5rj7y4eFYtzwKTQb1Rq45803mIEh/SokEIwhG2JjoDmFzh7r75E"
    "IfTclU9whzAHZu+lNiGuSwS8Yus4kPsGPT9XwyYo4Pr4Fu+/hag43gvaYzWcsb7pw7Bwed"
    "uaatuwtyTxfEdHhfQwdc6B4lpkcGg1f8HZppdGHM14PBPukz12cmPMc3OgxGtWfMM32Kg3"
    "hd4jF4gbW4c3Aw25y4OuKJGHRk6fABxPS7MHeD0AcKL/4jwH/HzMXJi2+zA5jr2LR86pLh"
    "gs9JfCiiJXBMANF8NqHwwAXkfPsdmk3HoN+pp/6c3Wtjk1pGYiWYBg7A2zV/MeNt5+bk0v"
    "F/5H0R6UNtxKzAdqL+s4U/ZU4IYDo+tk4oTEj3qRFbFU5gWXIVqSYxW2jw3YCG0zSiBoOO"
    "9cDCtYXQYgZRW0fTrm/62u1FX9M6mXWnIGILRTYBoXHNwlw9joEJTmHvf4+Ojo/fHB0cn7"
    "09PXnz5vTtwVvoy+ebffTmLzGZCF1iKI60y58ur/s4IQYbQ2wbbPiLw8DyEVCcGhH6+c8M"
    "AT5MdTcf/ap/igDwYXUIoBoiCkSbOUR3Z10EsPXvmkWdiT+FPw8PDpYg95fe1w+fel9fQa"
    "/XSRRfy0dH4hliO8Ku3NteFsOF6zsOUmuVyzVcCcfVl3nnE5sTW3cW78n1z1dXeCz5jAwp"
    "HDyBg3OrsgeODk/enLw9PjsJl37YsmzFq9Ud4dujf1Q7TSTAao6TMpg+qIjmD4hOjx+3o6"
    "nuTOCohlvGhKb4QmnWaRO75qk20t2cE774gImB1DpjNrT88ZrGr0RqcOLAnOEX3ec7QV2O"
    "P3j4sySFEsfRUanj6GjJcXSUPY6YBV/ha5V3SRKuuZvlI7Uo/u6RYIbHEbAiwKHB/8DJTJ"
    "jv07Kk2MpmUTxdRdrEoDZHmZ3gi5AnHd/nskUcq1lC/Mhcak6cf9IFJ8YlTFx3RnkMkRRw"
    "fvbo2hijNdLgL7XKVGt0sLr6POTiE4sPPt7A/SfO997th97Hiw7H8VAf3c/hfNQSyMYn7I"
    "ilWsK+2Uf2kZ1u0R19wrGDn4GTVnLlbPZF97w5c5PCRs7j7lKxczbTZrJnSbGzRxQAXg0o"
    "Ps1cBuKW3cW/51MTpMKEQCdEREuIVLefentHp2dZWXM1w5YXMAMvLl++Jx6FUUDQha/cJz"
    "3iAvcHHR0UFyVjYpBhALcfvGEwsHS4LmAIQ9P9wUBIltBdrA8DpkvFS8NvgocufWD31CiS"
    "J791ArmXDBO4IL/ze0rC/LMTLY4O/T4zQayF13ewG/zpismHayeSP79rCTJrw4XGwRd8Kc"
    "j93OGjAO35H3+14mwrzm7q1O78ytlKYPlxBwCnaVmor6nDVa5FyPVGbFaA9AsnsDM3ZVIA"
    "U8DPgQIg8C6Iwepg/m0JvL8txPrbNM7lGVhhpUcQjca0vKnwVprS73UwfXZSAtVnJ4W4xk"
    "cpLY5LETF4mWQQ/hGe+KZNC5Q5CcgU4g0Juq9+aQ4ZqjKKeajuX36+uO33Pn/B4W3P+8Pi"
    "+Or1L/DJEW9dpFpfnaXIEg5Cfr3sfyL4J/n3zfUFRyfz/InL3xj16/+7g3PSA59pDptruh"
    "HHiWpWTQkyx5mWqoROw66A1JtRZLxISse4w4p0TkK2VG4ylaUIU40fjwG12pRVaVOU5NYq"
    "U5YpU2JLr1G6lMAw/YsHyuedVaVET7tLNSnYT6PYsaQi5cahhPffJ33XnEyoizqCMWAJVb"
    "tC5yBs66hdgCaX2uyBNymlPN7K5PiAGPrCy6pUVv0CVK7cWAaIaOIzueZZwBhEH6PhvPfz"
    "x8u+1u9fwSsB3GUWFUYDNneE2YAjDGQ8hxgum4kmObl33Hi/QMWPT0c+0SewmOD9tgkb55"
    "56Qsvi/AeeoaKjSxwWddIN23RMxLnPXE/NXyl9+NwvDd6Oy1DM3WGoOMc9GjkR8NnK72OB"
    "b5kPlI+kj7jhr6Q3wLf4Yod/4fG3DlWrSDXA8mDpTnrYY+MqGLlnWw3MUg1MdZ6qFY6eAT"
    "MVbs46Sp4QuNGqB67kmcIVBtMp67+Q0DyclFGunRTr1k4yqrX4CVj+QItDNdmF5NcpI4Zp"
    "lNdlbsUsuxUxYlNeDIzMp8xuMvrNWRUtp+i9c85pJ6dlTpbT4pPlNH2yuBQ+0vNzF3Yxep"
    "NQO4fmw6MyanroVWweOcqq6oFTyuL4H7c31wWKetk/zRCZwPL/H7FMb21qiM7fxoHDhQcy"
    "DEzLB8FhH1/793VhfwmyET8J3kjh+NXn3r/S6P9wdXOeZnpwgPM8tcR2pOgPMMJPLgtmnR"
    "whOnrYXSZDo4+ZNsF+pX0RIrc0fGXkNEh0j1sUbWoPQdwLLfQOCrfwgFrj9yDojqiy2Xe5"
    "lGejQ9UYBshzUFjbu2q7xQu3hQ9iHvvkZszn6IlJooSL4intoscCTnkwwGHEluHO78qZv4"
    "ufkHSc95RK4XFhN+GYEPeYkf50QrR9zEchRnz0UJCwBe4JeP6s+qWSOOXfKgFK+mCkvk+J"
    "fE3xv2iF/xfrfnHpEDygP/Z+qSMUrsWRN6jGtgWb5tfWudDXj13f9K1KyzgEaC5HzB3WfX"
    "2iogfkZVxnRZ+WQflpMcZPMwiPTSaJ8p7r6ouiOIEQJoX1TbPI+L6qLDKSw3QJbExPxAay"
    "wCeB67wLoOldOaosUy9e/Kv/7fcUlh8AXfj2DJYLL8cYxOaMoYcVMZmNkKmkznhBsUc1w1"
    "ww/PMHTwR24fGh4pCAhw5tYMDKN1mJBMy8nWeYKD7SI4gm35qcPnKXImkekFF5R473DwiI"
    "Lyf7B3XO9+MSx/tx4el+nLlNgW3P2xgOiHIF16mESGF+uPDF3m4S7hHhQsAF2dKm7wm1Z/"
    "5CiLOmH3N6f/KZfi6VHKFGBFB+fnnd+/pbqBIJTUZXN9c/necoRc5/61/0Wu/Gl2jAC2ZG"
    "TTInIVsyN5rMMaVLRTInIVvXxiZTuQ0VbY5zYxsq+qxDRaV1oJNnlpGPukuNMrE0DOWcGl"
    "XCH2nCSGcQ4u6FYWadjMdiaejaVpNYHiC+psiQTkzHEymMwtQG6A2IDom6H73zh5jRxzLR"
    "jVIYRfiI6NPI3QVRVAEID2QvY0niojsnkbkoZX8plbhI4Sqbu+jOiZA0GFBbNy354YPBDD"
    "Yn2oKkgUimaRIek6bLLbAeYnIwMKgPgB7mX7plNr4Pj1rhPGlQFz7WuHN4uieGaPDeIYzp"
    "zSx9oQmDUxdaPKq7o6kGXxtOQTbZcIZA2yu0Yomm/dniNcL8j+YB3gD+zhnC2NLi5jOCzf"
    "CNwoQm5iOSUIjPQFiQa8XrPDV21CLGh0kgWoam608NmKtt4ExtwCYsABPfdHhwQGZW4KHn"
    "q/RlpZxsDNA/d4F8XCNji0VDMRWWUBtIZ1qkgJJbJSo5ujTZiCjtwTrh7rQunBW4WuHfB+"
    "7mKtvVAMKKhxIvmhTfo9wFuw9WpwQYDALTCHEbEk0mrnHIXEb3zdGxFlY7Or0ml9tTLX08"
    "PAhpxMlWwf4mdxNaxMIx6tn9OPmfOodokHqTSEqM1d/P4aVGsvrbk4JM9bcL+Hrvju2llS"
    "wIMXY4qhpl3fbgOC34fq5JiYqvkwas1hjcNL64u8QYvEEj5YbcJb/++IGcHZ8edMnZ/pv9"
    "szrK1bUYLLnvRFXbewKoyViP7O9dzBziKsUqhrfgLS0XTiMokbwgSxsbElDNNSLXdatcR9"
    "aJBDtUFtEJoBbPZfBsm4Zh0cqYToG1uC6Da2CGxub3KmiOIFoMl8pVE4wrYjiCaDFcBsOO"
    "Obqv7AYYg2mxXAbLzJ3ojvnfUBgui+k03M5hey1cnUFnuuvbhRGQRQa1OFSL6Zfqetkk/H"
    "JNdxX8hgBNlhD7KS09oXs47VrerUenZfKHQa9itJ9mMohxk0Ilvk4BPAu0vyMX+4dnJ1wF"
    "j5EyMNlaIvnqU7dxPGoPuhVUR38E1mQi3Iwjg4g0lDQD9Uo3XQXvcZgmI/03+G/v8+e9jx"
    "9xye+JX+ug/bAcb7iENczw30x6SSZx3qffC5TeIcAO3KCPuMTjyMUBpQnvSdU9HWWaYlf0"
    "SbWoBQXwLEMW4JAhOvK0YcTCqPRpUzVYYaw/MDQj5xhwGINTzinQpMbA0u7DALcuHIctm1"
    "3T5zc3V4k1fX6ZXrQ/fz6/gBOEL3DoZPoJ403iovRZxStSADT5nEYO5aIvop54vnE16e1f"
    "j9INIYvyJZkBIpAnJQfYIPI5KyhcZp58TqwsJUAyFSiakSsQIQR4DiRADzbq+DArRxQO0m"
    "XEgi9yHT1Q4XLFP66R9Im7S1XhatJwLXNTmbmJ/NKyiL/lz4rRn4TdfeSTDzdXV73+Bbnr"
    "fLjrrIsU6A9YmxYKuMn3NU/Bhhe1cDzlBxaeqOg8iub+KbOeHki1AXpFDpWVpIMkWD0ZYZ"
    "OUMoKZZY50dPYUVbYCxyDDxZMpJPyNMjJByocutQts3bIKPbtSoA3OyVbVyev46M1Z6NaF"
    "fyxz5Lr93Lu6yjL/WW/EFG6hVQUyZFCbBd5k3GZn+MMPWzjzRSBlt2I0ZpGvUB2050C3eC"
    "+F9xeTB+E9/wPl35Ii74ozIqR8+isgPAeywUd2IgrfVyyM/IZEUIitG5g7fDvkaH6Ciqr1"
    "PnckO4Wsn6cNC2wljydYTo7Q6IwVnHEUkTb+1PRIbItXNp6clTGepON0Y8aTs7bS04sMn2"
    "5zIbwIMrdR8m2UfENosCNR8jczKgJiO8Xh8lGfbom4eY2p7uVzGsvKPGNgp51FFHHOxmHC"
    "XozqxQBwGMvxdG78Fmn2iG5ZgkUPHIMBxTCWyKHUyKkPtLY3qch8FZ4+GChkmIb3zfl9MC"
    "BTnQdJh1LFYCB/8zQRn8y7dWXhZ2CjDmRolIhtVzjlQfVwYlIjjJPHlgnz4yPy2kRFA5o+"
    "B1Glm01Mx4x5CKQFCcOxeXB7OFU4jckc2lVVaM+EDS1EUe5Q5akIaxSIAHvq29V0VpXuuR"
    "Nu/9Ih2yUzFWdWbpuwuMm3UpcUx6jew8fXFboU7DMQt3ADlxeC1yxktRWidpLbjifCKanm"
    "i4M0mdXufII7jbMA8jaUd9t29HgxZqGSdTEFt0EXxO3soAIrYoqRqoTCHNhGo7GT4uIEK+"
    "hHvOeTTbVLMcwZy3oIDkGfFX4Vl7xuDKNI4dA6+qs4YJvjscn3aau9arVXDaHBjmivvnDv"
    "72LN1RflHf641oo7kpfUWPWV47nwZ5NDKFWLrS/IkCoFBwzlTbOqqOpD1FGiRAxiTWVKoZ"
    "IjGrnaaZaEW8151mo9OtQXLiGlg4Bl/0ZrOm5EiAf3enofUyx6+3zndInPGhL6YVPD1AUW"
    "KxAhCdVkUtQMeD8+KoHo46PiyhNHGXO+CH/IO3OKq0/EgJpdgGIlMnJbVKJB1GhllFZGWX"
    "6rtzLKjssov0h3uGIp5ZfIYe5xOUXp00rb1qVJWlQ0QruRMtZKnXeumfxRoKdJI11lW86W"
    "9L2UmUDvHJeOqUux7BJISTH922Ny1uNSzbeOS2eWPpKlbFshpznH4TIh55m4+a+fDiszPO"
    "2+4bbz65Q68dODu8rA355yXnmyOv/Z8Xj1vdJbb/ROWnyt5CgRv3YqbrwU6HPbgZKNUC5k"
    "+gRw/vJ2XsyCmKR9cXaKGMiT8lNsitqXvqcCpLpkGPhh1BRzVnDWriUjRSvztjJvQ2jw3G"
    "Xej8JdYkkJtlSP7jKZVxWwrFaRLRJf/dBVUgwk/KW5Iwrpf+3dftL6/StRFwpdPsbKLlYg"
    "DdcZbnuuz7VLAqWxjr7QcoACV+hUXaBY3dGar3vE9XpJHaJkzdOaH8x1CUvev3HX71ZBUE"
    "pBsMH6RE27ONqaRE/lW8OaRO9lGUFPqD89LEdEPH1RL/n0OijR/Lj/GgQoEfrPD+rywvxW"
    "Qv8bVK67aWdUK8mvRJLf1IG4TJCXZyRD64yo3TbBmEks0zth7OkZ3Vo5fxd4tVbO31k53/"
    "Rs0/Oo8VElDOzkyfrZXt2l8r7qr0V5CMvK/DPddDnLoEK6ubRuYRF1y7ynPKRbFKoWzAT2"
    "5uHePrUsT2RBzxP+VzIuagEuTB5UnWe1JlU1BBZcVvhzak6m0rn3zlmhvkCOW0p4zqEZiv"
    "A4RB0RWnxatSM6gmlF6RWJ0moFVKJDDKi9KWtLEC2b0rIpDaHBc2dT/sGGeXwJNi9lRP7D"
    "hiUZD27c1gkA4CVtBJQ4cMupG52N4OYUrIHNHije4tAFJPzBABgHhMBrnqnkK27giBYYLs"
    "uLrPdVT4gFqlwcdKUZ/Ld7WSeUfadldH2nxaq+U6npK76WBUkra5aCFQYIN/SMerZapczt"
    "s52j8sahfVgAfXZPc32VE8+XHp4Yjo5rCc4S6FtagOO9uyhqCffehACEofjMsRa89fZTb+"
    "/o9CxPWqs3SBmP4cCL2KvABcJTlI6+oXhkwgpY7kjcpoTapiyj6JV7RT3u9BgDb7KpMCq1"
    "YZnOPV74Y+bWMVmt3u3RMCfUq1ZpOYRoLpPQkUcIamum9HsdVK8+EnXD5YA36EMqcrKg+4"
    "0ngzkbUQi4jYvcWc4sWVUuvOYrkjkJ2ZK50WQOvHpJxL1V7uM2BdM66VtdtRpn/VvN6oo0"
    "q4HXKlYfV6zGll6T9Ko3gT9k3z8j55inKoiedpcqCni/svoB5FOF7tJjNh0yY0F0754aKO"
    "Z0w/rVmNKTKwGwjLtPv/uA1ylIb1GxnrkMRzIFI5mnRVjXq9AM3CNz5t5Tl4ws3bQ9ohOX"
    "zclwgVpbzCk+GKBWFy4Tn9ozX+hvZfwzdQzUbKBLokV1j+6TS5EhR45omNTr3jlcBMTnRL"
    "Iewk1dJvVOvh37wvtLa0FgO/oBp2JqlkIZEj2OMbf8iUtH5swEJPAKorxJre1WbdJMtckL"
    "yKS9iO3OWhJlKYFyiTyZESfDfVJFhk8ANRnldd3Z1yG4J0+kDLZFDd7CYo0Z6Cb7tvc8go"
    "ett8+VPWrGlfWCB6WWO3Z7na3Gm6spPMhugK1w6BsrscvZg5HwbxdHjz4EXqIrkw7fg9zS"
    "aO/2me7qdk6S8mKv5whi8+HLnb+NA4dXcCHDwLR80/H28bV/76yXrd+YR3PEb9W5pCPoDZ"
    "ZznwEXiyisvHWkAhi/xagVivO2xOH1tvAGeZstesF53yrVEeIgja3BWZVLXV0VhFaT/hJU"
    "cGnBsSKtc8Bbgjea4GPTMb1prY2dAm11602mMxZm1qjrshy9brHsmoTaICOyLh4wLbqelh"
    "JdT5eIrqev81Tp29H8fhHs26XzoFumUVg5Mq9bd5kuWLKFmhmDKOs65pA4lFDcfqUGCFfo"
    "8eVgvjedu4V5TDwcMRDdPaVLReGR62yxJ1ryclTCK38FqoJ/dU24x5xYLJAqOIlwPGedSL"
    "ZJBgMp4Q4GIjsmaqLRUILRQl2MU496ywgjoQdWEdNqQBzmqe6+rVZ2qzkuWgvmtpQfm88/"
    "uiG91AdxWA2pxebymOJh3O/5YO+ITjwRAVhJNbUywVC+vPKqT8I1mQCf4ASHC5CGGFdnde"
    "3ahBveGi/PPaojr38GJzRe61M03vKrH1q4bdiW9QR3XwpoCG/6lU5MRGsRU5p4vpQbdWM9"
    "SwcwxIHInKv6uSe2w7gHAe7kMbPgiKUGWdBcx4OqQyAXiaW76R53WUDOb6o/UDiu4ebRYa"
    "VRfTQVxcuRDWVzh8x0z5sz1+gSxA53DcBX7JPU23lF9DtHjhzVBsdA+LHp2pjEVRoygIXk"
    "PCmO815ZVH1Y/UbIDsMNAtzqHnC6ajJ3jpoJt4I43pwigMg4L5zXAWrsUvV1pX0UEkYuEc"
    "T+rcP9N9ogjW3fGEsqWO2k43qTDN6JfVHJ2J2AbDK6O9fMtUFM94SvFk/TsRfMmmvt3m7o"
    "bIP0ZIel8uQdLsmTd5jNk6duGG0q83mWRXMGsMmLftuayZfivYFx9oGTZX+4q+cQXcmaLK"
    "FtPAYvTZUXE4KHbLBWXyDOAW/tXk2TeFu/hRdH5lCCrEjkONzzIbHKNsPVDxh0i3baKAqi"
    "1WttUK91K5XvOSqt20gvX6zN8lT6vm4ZRRbqk5SyBvVADloRH8xRTqHA4q7lyx5I5k9WPd"
    "gnfeb6zJTZOhxGRswGUpo+xTE8bmDFHB7CvGmbE6muMujI0jHWxfRFWQbUgC0IbBH4F0VB"
    "nJxEBLEDWMtj08LCDcNFaxjdCQUSZ8bzYgqXlGkMIRrrjdm5DuwhdZX93qVjWORTGXcGZ1"
    "WFdMurNsvxnQsnVrVYlSTUzukx1iJVm7MqGBa9dw6zJ2UQe1KM15MMWlvGfWc5t4xfYs3E"
    "DmnYltSNJvXLc0N4kWR26QOrJ4wnIVu9WpOp3Ho6trlamkCCZ56r5ZZ74mBts06eAil62l"
    "2qQ+L9NCznVlKPhOqfBxxYeQCNLIyX53odzLfAPYxUWY2udPwZweyyeqb6Q6Ee6pL7E81V"
    "dkxVzRMruol0sPOpadHEsyn3qI+qhxdV6LhzCkt0yKFEdY5uvJjne5V1BWR36kXeWaNKtT"
    "sKtVDRi6udnEm4tpDGitRSm3ca35SF4GYc3zPb0UGN0d+nkv4pgmiyT4c48sRCwNONn37v"
    "yPH+ASabOtk/KInuhAbluIQC5bhQf3KcVp9gyqu8I8aBMzIf9woihfnhQtZ5agbuV8Fsn8"
    "sEDiGfDWg8v7zuff0tTPcQMttXN9c/neckfDj/rX/Ra2vDNJYrbmvDlGKLm1obhqM9hyNW"
    "5CjmhXkupXJMcM9RbmK5QaXqGbKpg4E87wcDUQDXkzZMGdapLEAYooX15kR5OYeHm4z00Z"
    "QaGHS6IGOX2cANO3SONs99HBjE7KmWGT0KGVV1YzCtgovZBmFeWE3mVRQs4DILPg+jUx9o"
    "N4oBeH3n4GSQvw6DWSN4UQAiCoqFqfLxsZXHmbl0HAbctobXBh+Dyzjc1nP/RXnur8WPs/"
    "Xbf6ZW2bX47ePPWss9DrhzqD4phWroVXJdn7QBE9t37UC+Kh/Rj+fvU7AbXOnKElDNk1Ro"
    "Xhc8PtVgtU71ldckClnYHNaRAWJ1p1BNGsGlFRkAuC7Uhy0bVmTc3FwlFBnnlykG8frnz+"
    "cXgHyOe+hk+gm+Mcale5qQHypiPAG3QYwrvubZIlx/AJa9UjKuCKLJ6Yyv0ZdXFjSVQCSa"
    "eTOOdTrJVfovy+E9yVf6Nwr1l7c35Pjw7GzvkOjWbKrvHdVCeRmEF6M7k4k1pt6oYGdJg2"
    "1OM3q4Ln5lxdaVZ2K7ei7obP1N61yIz8JvqUKkUOzcMgx4racBE3Ofk0b6XIL/+M+v1AqT"
    "1uTbEHpiKOCj7p8v9TOmhOQpP5tpSsx8KrZmsy9ypF3FFjrqaBOXBbMn4goNzz/hODuLKe"
    "G/8FQ0RV4QO4wkjc1oLCvWk9F1o4bbdbzNpsxnq8HZFxxq1/El+cjVYOyXiCndRZwJi7qh"
    "reYg+yhG2/HzzDA92/QwrscIZpY50qUH0hPwpkb8qAbcVdwxh2ooZmjCkP80tN04tA9j9X"
    "GoXUVYPP6+PqZiof47iaSUg/kTEJVwad8VXK3TFapHXXOEirmMM5R80l3mDqVHfR7zhypG"
    "w4q9f16K688TdVM13NaLNdjFur/W+ltgJsBNVQHDsvsOYnctbiTIEOdmpyiuVhgD2Xy5wu"
    "3oV1dWmHCr2ZL++n/f8PEa"
)
