"""App passwords, by which programs sign in.

Written by Aerich. Changed by hand: the composite key. An older
release that goes on beside this one knows nothing of the table.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "app_passwords" (
    "id" BIGINT NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "scope" VARCHAR(8) NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "last_used_at" TIMESTAMPTZ,
    "expires_at" TIMESTAMPTZ,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    PRIMARY KEY ("user_id", "id"),
    CONSTRAINT "uid_app_passwor_user_id_6af40f" UNIQUE ("user_id", "digest")
);
CREATE INDEX IF NOT EXISTS "idx_app_passwords_by_expiry" ON "app_passwords" ("expires_at");
COMMENT ON COLUMN "app_passwords"."name" IS 'What its user calls it';
COMMENT ON COLUMN "app_passwords"."scope" IS 'What it may do';
COMMENT ON COLUMN "app_passwords"."digest" IS 'SHA-256 in hex';
COMMENT ON TABLE "app_passwords" IS 'A password of one program, of which the database has only the SHA-256.';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "app_passwords";"""


MODELS_STATE = (
    "eJztXW1z2ziS/isofZnkSlbFju3kJldXJTuejXcdOxVrZnY2npIgEZK4JgkNSVnRzs1/v2"
    "688J0ySeuFlrlVm7FINAg+AIHuB92NP1s2N5jldbqG4TLPO+P8vvUj+bPlUJvBH1m326RF"
    "Z7PwJl7w6dAS5aks2B9CSXGHDj3fpSMfbo6p5TG4ZDBv5Joz3+QOivSmjCgxgmKEjwl1CF"
    "84zO2QCzqakin1CHdAdmH6U2Ia5LBNxi63iQ+yY9P1fDLijg+PgWIdfKzBR/Bc05ls5Al3"
    "zp2Dlc5c06buktyzJTEdUdaggAX1GDE9Mhi8Es/om0Yb6nw9GHRIj7s+N+E+PtHhUKs945"
    "7pM6zEaxOPwwOs5Z2DldnmxKWIEzHYyKLwAsT029B2g7AHBg/+Y47/jrmLjZfvZs+hrWPT"
    "8plLhkvRJvmiCMvcMUGk7/MJgxsugPPtd7hsOgb7zjz9c3bfH5vMMmIjwTSwAnG97y9n4t"
    "qZObl0/J9EWQR92B9xa247YfnZ0p9yJxAwHR+vThg0iPrMiIwKZ25ZahTpS7K1cMF35yxo"
    "phFeMNiYzi0cWygtWxBea/X71ze9/u1Fr99vpcadlogMFHUJOhrHLLTVEwhMsAkH/3109P"
    "btu6M3b0/fnxy/e3fy/s17KCvam7717i/ZmBAuWZUA7fJvl9c9bBCHD0N+NnjhLyEDw0dK"
    "id4I4Rf/TXXA+ZS62fDr8okOgBer0gH6QtgD4cccwN3aVAfY9HvfYs7En8LPwzdvVoD7S/"
    "fr+afu11dQ6nUc4mt160jeQ7RDdNW37aURzh3fUZFKo1yN4VIYlx/mrU98QWzqLD+Q65+v"
    "rnBa8jkZMph45g62rcw3cHR4/O74/dvT42DoB1dWjXg9ukO8PfZHudlECaxnOimC9JuSMJ"
    "8jnJ6YbkdT6kxgqoZVxoRL0YFSr9km7A9uwev4/dLdEperb+98ZBbDvz0yn+H4h7UPVAL4"
    "PyydE+77zKl17yglomTfRKS21zN7sRCjEjS+z1yHBarpjviJu8ycOP9gS9EZl9Bw6oyyVm"
    "ClUf/ssY2txBvsg7/0KNNXw4XMpYtAbYwNPnh5A78/qbF0b8+7Hy9aAuMhHd0vqGv0Y2Dj"
    "HX7EE1eCsulb9pGdvEIdOhHo4Gtgo7UhM5t9oZ634G5cu824vdrOmc36M1WyoJ3TJVoAVw"
    "bU12cuB/3ebuPvxdQEMyRmQUibxJI6/O2n7sHRyWnauFlPtcUtmrkXNWg+EI9BLWBZwVt2"
    "SJe4oG5AQQftE7USGmQ496G2O2cwsCgsF1CF0af+YCBNGSgux4cBzWXyocE7wU2XPfB7Zu"
    "QZMN9ac/UtGSYsu37r94RJ82crHBwt9n1mgh0Fj29hMfjpysYHYyc0eL73Y93cHy77Qnwp"
    "hoL6nluiFuh78eOvxn5q7KdtzdqtX6fUFzomfgFkRC0LCYKCqszmrSpvxGc5oF84czu1Us"
    "Y1fi38HHoALKwlMXgV5N8XwP19Lurvk5irObDESA8lao20WqlwVZqy71WQPj0uAPXpcS7W"
    "eCtBG7gMgcHFJAX4R7jjmzbLYQ9ikgngDSXa0X/UpxvKKopZUPcuP1/c9rqfv2D1tuf9YQ"
    "m8ur0LvHMkri4TV1+dJrolqIT8etn7RPAn+dfN9YWAk3v+xBVPDMv1/tXCNtG5z/sOX/Sp"
    "EcVEX9aXYt0cVVrKdnRSdg1dvR3i6EX2dEQ7LNnPccmml+vcy8qEKaePR4QaNmVdbIq23B"
    "oyZRWZEhl6teJS5obpXzww0e40lRLeba9kUrBcn2HBgkTKjcOIKN8hPdecTJiLHMEYUEJq"
    "V3IOcjMX2QW45DKbP4hLSIkgvYCrMnn7hhh06aUplXU/AMmVG8sAE02+pmCepYxB6Bh3ar"
    "s/f7zs9Xu9K3gkiLvcgmehbcEXjtxVEICBjecQw+UzeUk17kexW7xE4sdnI5/QCQwmeL5t"
    "wodzzzzJsjj/hntIdLSJw8NC1LBNx0TMfe56uv2a9BFtvzTEdRyGsu0OR+Icv9Fw11q0Vr"
    "0fn/uW+cBETXQkdpoKbj9/iw52+Bduf2sxPYr0BRgePFmIBiW2TsGob7ZhYFYyMOV1qsY4"
    "egbKVPBxViF5AuFaUw+C5JnCEgbNKbphHmMejouQa8f53NpxilqLzoDFJ7SoVJ19Fn6dcm"
    "KYRnEucyfbsjsxI7bUAz1OFlNu1xl+c1aG5ZSl984b6vikyMxykj+znCRnFpfBS3p+5sDO"
    "hzcutXcwHx4VoemhVP72yFGaqgdNKY3x329vrnOIelU+qRCZoPL/H7FMb2M0ROt/xnNHGA"
    "9kODctHwyHDj72fzeF/gqwEZ+YbqQxfvW5+88k/OdXN2dJpQcrOMuiJXZjRZ9L97BWhgmt"
    "b7VX2c9R97JitrN2ZFb7+0nPaGHFBh7DKcO4sHRlJ+mIf7MYlGTIJjDipGt24M+MRifavW"
    "gj62f+EHrbwfeA1ro0NEWNaDoLqxRGMUp4MJkZKxyy75yYRzap4JCtsUr7ZN85IUiDAbOp"
    "aakXHwxm8HUz/OWyiPu5NMxNV3zoHiI5GBjMB0EP/cpvuY3Pw7lC2ugGc+FljTtHuLFzhM"
    "H7EWVMb2bRZR/HGnpgDAYeo+5o2oe3DZqgLtlg5MO1V+jjIS91ZsvXKPNffQ9wA/k7Zwh1"
    "E6xNeJbiZXjHtvSEFO2BXoGXla/RVg8Ymq4/NaAZtoGNsAEo6FsTKzl884bMrLmH3ElHDi"
    "GXiS7hAO3Cha4RjIgtBwRD933JySg+BgSgL9CnQ6MkkOiri4hWF4YAEjJ3jssshiMR/n0Q"
    "TIm8EdSAuEHF0KEO9MoH3OuFL4vr8oPB3DQC2IL+UL620LkLtUG8QG4GRjLyJvGhVJAZiX"
    "mxRN2rxA4T4i+6JKREHvNt0V8KurUEdYipJduzBZeunCaIrn1qG8JKqjUivqVa/vlCHqfJ"
    "Sk+fz4wnPV3KV3t25GNay4CQdQe16lrKN0z5BZdHQwlW6IaSz5pLsbo4czVMYhEmcV7ONp"
    "k/wSjZkrn99adzcvr25E2bnHbedU6rcExHhTy4jlZ4cB2lPbjic3JRwONS+2cMbsJXLrYC"
    "FwU6JtTgXARn2zQMi5VGOiHWYF0Ea1iCx+b3MjCHEg3ChTxs5+OSCIcSDcJFEHbM0X1p3/"
    "GITINyEZS5O6GO+Z/A/iqKdFJu79DeiFZnsBl1fTt33zaHfo5JNUgXQdo3favU1BEINPgW"
    "wVcQp2XwDQTqbA32EqQvYQfY7KIR5HHYT4pEPUCpfNhPUnEPgqEupddpgWcB+4/konN4ei"
    "xYX+oRbGwlt4/1B5wIHPsP1JqXhz8Uq3Mn3IxDDl5x8/WAXtOhZXCPytQZ9N/gfwefPx98"
    "/IhD/kD+WQX2w2K64QrVMKV/c59lpGXpse85VGsgsAcr6Co/wYt/Ct40fxs8cBO8urn+my"
    "6e3BtPqCt0koF113XpMkddUQIJrLfti4DPK+uL0OrBJEMo6rRiI5HPfTIqPNs80jPffk8S"
    "qfSB485lxrYB5zDLOTlMakQsgfEQ5DaFcXBlu2P67ObmKjamzy6Tg/bnz2cXMIOIAQ6FTD"
    "+2ZRBbKH1ecomUAnWep1FDuejRidYLg0bvfnlUW99pyFf4M4UiT3Jp2iL4QhWUHhhPnifW"
    "5sgUD2DEzcsSnRAIPIcuQIco5vjQKkfm16Lk4Zy6hgw+mdIHJj14xMvVsn+i3jdltJqkXK"
    "PclFZuQjenNPC34l4+/HHZ/QefnN9cXXV7F+SudX7X2lRXoHtZ5b7QwnVer0XgCC7U0o9R"
    "TFg4o6IvIsbgTblVkFjYbX8lHIwS/WVTy8r1fEmI1jjmoawTzNujd6eB2wv+WOXocvu5e3"
    "WVVlPTrloJbOGqDoNOQZsWTpoIS2UKb2RqGv7www5mp7Pfehfd2ACH8X12ed39+lv2CD9L"
    "D+cMd8USsGdIN7gXwl351Kbxzp09IhLbS7pwWForTaZ+/SB+oKVW0Dhbc3rdhMdzCcAzJG"
    "s8ZQubLPTUVouteoeYN7xNDYzN30137F+2Y8QdIz5EwAWMflRtdNpj1QsiA4La9amXY2kk"
    "f5fMT9kf5rD6jwcwx2uofxSzDEPwp6ZHIp94aZr/tAjNn4xKj9D8p00mtReZLCAeJVGmm+"
    "OSTTfXupubhOX1SbHVJCwvlGOrrgnLVQzwzYzJaMFWfpxwWKZdIGC4z3XxwvnLdearsThQ"
    "JAy1jRynhBGXGPkKdTkeFdu06kwlallSRZ87Bocew6BIhzEjI//Wxp6kQ5J1XO5goMEwDe"
    "+b8/tgQKY0HkE6GKi/vL4M3hTF2iqxOqhRbzBpuYzpvHMCTEU0McyYzAgChPHKhPvRGkXu"
    "r7wKTV+I6NTopg/NxwBstdeBsaoiqjdoKszGZAHXddZ1z4QPWpqiwvXH0+GnaBABevrddX"
    "OqR2zLLPBqGFaJZy2WjT09cjFWUK/3TQxf3ValNsmP4buHl69qdGnZZ2Bu4Qdc3AjesJHV"
    "ZGDbS217F4eXbesr0qeX6dVQrW274fEiykIa6xVecgm5LTrL7eYLkitCygcuoUiVgjBDtt"
    "YwthJanFQF/VD3fPK270qEhWJZDeBA9Fnhq7XkTSOMJoXDqvBXUcEmPXyd19OGvWrYq5r0"
    "wZ6wV1+En3I+c/VF+zE/zloJl+cSJ4uL8tLzSlWhqRY8smnINMEBVXnT7KPDy1VRhUQJFc"
    "SKZEouyRHWXG42i8s1p9CtifVgvnQJKRyuqsrXmum4kcEIwuvpQ4RY9Driy2kTn9ckSMFm"
    "hkkliiU6IS5V566oGJr99qgA0G+PcoHGW2lLOTO9wJnpwKSYP+dkZxfYqEPdjmxkFTBQyp"
    "0uoexKn7zGkaKxURobpbFRGhvlSTbKL8odLt9K+SV0mHvcTtF8WuG9dbUlTT2RLZiGm7WK"
    "887cJn9U6GnWSFvvLafMEnLpi2O+OWZQHjOXwcjG9M8R/u0xO6vIYVAum1l0JBel/HOdGi"
    "OnVkbOM3Hz33w/rG3jaf83blu/TpkTnT2Eqwz89rTzypPp/Gen41X3Sm+80VtJ87WUo0R0"
    "2Sn54SVEn9sXqNQI7UImDol8eV9eZAcx3vf5eRQiIts/n6dCb1/6ng6QapPh3A+iprizhr"
    "l2I7kTGpu3sXlr0gfP3eb9KN0lVpw9lSjRXmXzKueL4FSNsjavH7hKyoqkv7Q8GLn3tXv7"
    "CQ9GlofmoMvHWO+L5VjDVarbnetz5fNSkqiXPjdFV1DM+TrrcY+4Xq84pyXy7OovLLiEFc"
    "/fuut3QxAUIgi2eH5L3RaOLeRErn+0ecVA/0cCzsX0UNyE3EnAeXzaK2NXxiWfj1n5Infn"
    "dmg/binxxkrz8YM8/pDjnoAp9gkmGKmHp2JOOH96xqvGutwHDaGxLvfVuvw7H7YyTEq83F"
    "5lR/6bDwvajoKrpAQEcHYx5ow4oPd3iDTh+AhPJBZmoM3lKa1QBJbOwQAP/zVlriauY2nd"
    "uSOvQHVpu3Kzj3qCa2fpU4nWmjp0t2ZMTIs+KaJEn+Tr0CdKhc43WGSXllbZ5muM96jpHP"
    "Vs1bXU6rObqfLGYT0YAD1+zzJdT2L3V06eGF2EYwnmEihbmIMTpdtoTklvjRjjhZFVwdnn"
    "t5+6B0cnp1nMW7VKijiAzL1QvZq70PEMmaJvSBWZMAJW+4U0Ef67ZHl0f2UuUY/vYUfE68"
    "z8hDl+LdO5xwUfzJyCFMSGd7ENc8K8cke8BRL1VRJaagpBen7KvleBev2BBVs+h2yLLgEy"
    "xBZ3Uzzlm1+LE8gaN/e91czix1kEy3zJbo5LNt1c624GLa9STkhvnd9xE1G/yf4tT61GVf"
    "+GWV0Tszr3GmL1cWI1MvTqxKvezP0h//4ZNccsqiC8215JFIhyRfkB1FMld+lxmw25sSTU"
    "u2cGmjnt4OA8zNAkSAA8P9Jn333AdQrWW5h7faG8S02pSGaxCJt6FPr2dMmCu/fMJSOLmr"
    "ZHKHH5ggyXyNpiisjBAFldWEx8Zs98yd+qcBbmGMhsmL5HxHGkHXIpA55VjYbJvPadI0xA"
    "vE+U6iG9jlSOxvjTsSw8vzALAp+jPxe9mGilJEPC2xHlVtxx2cicmQCCOLpIXNJju6FN6k"
    "mbvIDEiMvI11nJoixkUK6wJ1PmZPCdlLHhY0J1hryqd9ImDPf4jJRCWx7+lXv2Tkq6zqd/"
    "dT2Ck63XEWSPbnH5I5ULDXcs9jp9DFj2IcvpD2AnGvrWTmET6sFIOo7JqYcOQZdoqxxy92"
    "C31NptbEZdapc6WzWU2H40StYJzfjYsic0r8NU3oirUKhvVVmkQ+ktniM5Ay0WISz96SgC"
    "GN/FKBgXFJ+/3heYvN7nriDv0zmMhe5bJtltVKS2RyrtLLa4YdKrzCvPjoJLGo4l+zpDvO"
    "nwWnf42HRMb1rpw06INtx6nftZnALLXJdn8Lr5tmtcag8OtE6arieFTNeTFabryessKn03"
    "zO8Xqb5dOg/UMo3cg4CyirVXccFKLeybEYmirmMOiUpJ4vYrM8C4Qo8vPN7ap8ItzOPy5o"
    "iD6e5pLhWNR8HZYkncycughNf+CKSCf3VNWMecSEIifX4QyoWnuHbIYKAs3MFAJjtCJho3"
    "SjA8tI1Zl8LSKs2R5IF1KJKuEKt5qrtvw8ruNGSx2cHcFfmx/XRSW+KlzuVkNWQWX6hpSs"
    "RHfRCV/Ugo8WQ0dClqao2nFouHlx71cbk6d8AnmMFhAWQB4nqurnzUzJY/jZfnHtVSyz+H"
    "GRqX9Slu3oqlH66IvWFbHQ+z/1ZATXTTr2xiIqx5Smns/kpt1I2ULBzAEBUiC0H1C09shw"
    "sPAvySx9yCKZYZZMkyHQ/KVoFaJJ7EyA6EywJqflP6wGC6hpWHwkhjdDSVZ1GiGsoXDplR"
    "z1tw12gTREe4BuAjOiTxdHHA5Z2jag6PesTkJmPTtTEnl9rIABVS6KRYzwe9o+rD6DcCdR"
    "hWENBWD0DT1Y25c3RLxC6I4y0YCsgEotJ5HaTGLtNvV9hHIbbJJRN6fGsJ/40mSGPXK8aK"
    "Awn20nG9Thvese+i1GZ3TLLOcLeuuWuDme5JXy1icX5/MJ/Vd7d7t6GzNeLJDgsloDlckY"
    "DmMJ2ARq8w/alKz1QU5pRgnQf9rpnJl+K9gXH2cyet/ghXzyG6ktXZQtt6DF6yV15MCB6q"
    "wf3qBnGGeLPvVTeLt/FbeHHdHFiQJTs5Kvd8ulhnmxH0Awbd4j5tGAXR8Fpb5LVuFfmeQW"
    "ndhrx8Ppvl6VSm7SJEFvJJmqxBHsjBXcQHc5Rx7kt+0eJZbJXyp5LYdkiPuz43VbYOh5MR"
    "t6ErTZ9hHZ7YYMUcHnJ70zYniq4y2MiiGOti+jLLLjJgSwKfCPyLpiA2TgFB7DmM5bFpYR"
    "7e4bLZGN0LAkko41kxhStO3QkkauuN2bqe20MYpmr/3mVjGORTFXcGc1WJPIbr3pYTXy7M"
    "WOViVeJSe8djbMSqNmdlEJal9w7Z4yLAHufjepyCtVHc91ZzS/klVkzskJRturrWXf3y3B"
    "BeZDe77IFXM8bjkg2vVudebjwdm1wtdeiCZ56rRaCeQR3p3sjnjUTMeDHSqOvo7bBM53l9"
    "D2mhwUB5xQ4G8gQNT3E1yn1dW7roiuoYxGeWhf5Bwq1uREdTZqBz/ZKMXW4TShy2QG6ngx"
    "XDdDLtp2oPXeN1fmwMH3Mxqwq0C7NmvwqdolxuweuhF/4Da4e+Tq/vHGyM6ZFF4LQfystE"
    "t6HzPzRV1I9XhT8tmO1BYEFDMNV4EmyvIJgaD6UX5aG0kf3qxj/pmbJPG/FPwv9WGu5Rwb"
    "2D+rgQ1FCq4Lg+bhzDdk9ho16VDfTjeUq07BZHurZ4yu2Yy/zrS+GHb/BKs/rac68HKmyG"
    "6sgBWOrkbY5F5BLID0FwU9AHV7bLjpzd3FzFiJGzy4SCeP3z57MLAF9gD4VMP6Y3RrR0ry"
    "/th5KIx+S2iLjWa54t4PQBVPZSSQdCiTqnbbtGnwV1cJMSImHL6zGts0lmROyqXIVaos7Q"
    "X97ekLeHp6cHh4Rasyk9OKoEeRHA8+FOZZyK0BtpyPOzTiXEtseLHm5KX1mzJ8P2A7v3Gs"
    "5mX73Kgvgs9mdKeERG5i3DwNPU+3hscka6vDMl/tM/vjIrCM7N3kLoyqpAj7p/vr2f2kmI"
    "z/KzWV+bmU9Fazb7omraV7TUacVPBOo8PPN4j0Hq8xmLxLQ/Ga4bXd2+4zabcp+vB7MvWN"
    "W+46W0o/Ug9kuoau0jZnKf2OivZyL7KGvb8/ks44TR6pAlDzbdR8CiESDVkYoEm+wLSJt0"
    "vOgy1xwhDZByvVB32qucL2hY5jHvi3wY1uxr8FIcDZ5oCee7EOQSDfl8WT7T0Ow15ZCS+F"
    "GVQFgV30N0N7JpjYpKZsxP/hkQEZHtHwKxGzZnbcc97DQG9a//B/KCSdE="
)
