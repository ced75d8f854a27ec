"""The index of contacts that an older release has written, made while the service goes on.

Written by hand. CREATE INDEX CONCURRENTLY works outside of transactions alone. Where it was
interrupted, an index that is not valid is left behind, and is made anew at the next try.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = False

_NAME = "idx_contacts_stale"
# As contactsvc/contacts/key_renewal.py asks for them.
_STALE = """"derived_version" IS DISTINCT FROM "version" OR "last_name_sort" = ''"""
_NOT_VALID = (
    "SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    f" WHERE NOT i.indisvalid AND i.indrelid = 'contacts'::regclass AND c.relname = '{_NAME}'"
)


async def upgrade(db: BaseDBAsyncClient) -> str:
    if await db.execute_query_dict(_NOT_VALID):
        await db.execute_script(f'DROP INDEX CONCURRENTLY "{_NAME}"')
    return (
        f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{_NAME}"'
        f' ON "contacts" ("owner_id", "id") WHERE {_STALE}'
    )


async def downgrade(db: BaseDBAsyncClient) -> str:
    return f'DROP INDEX IF EXISTS "{_NAME}"'


MODELS_STATE = (
    "eJztXety2ziyfhWU/kxySnbF1+QkW6dKdjwb7zp2KlYmOzvekiARkrAmCQ1JWdbOmXffbgC8kwpJ60LLnKpxbB"
    "ANgF+DQN/Q+KNlCYOZ7n7HMBzmumdC3Lfekz9aNrUY/JL1uE1adDoNH2KBRwemrE9Vxd4AasondOB6Dh168HBE"
    "TZdBkcHcocOnHhc2knQnjGgygmREjAi1iZjbzNknF3Q4IRPqEmED7Zx7E8INctAmI0dYxAPaEXdcjwyF7UE3UG"
    "0fuzXEEPrl9ngtPdzZdzY2OnW4RZ0FuWcLwm1Z16CABXUZ4S7p91/JPnrcaEObr/v9fdIVjic4PMcebQGtWlPh"
    "co9hI26buAI6MBd3NjZm8bFDESdisKFJ4QUI99owdoOwBwYd/z7DnyPh4ODVu1kzGOuImx5zyGAhx6ReFGGZ2R"
    "xIep4YM3jgADi//QuKuW2wR+b6f07veyPOTCM2E7iBDcjynreYyrIzPr60vZ9lXQR90BsKc2bZYf3pwpsIOyDg"
    "toelYwYDoh4zIrPCnpmmnkV+kRotFHjOjAXDNMICg43ozMS5hdRqBGFZq9e7vun2bi+6vV4rNe98ishE0UXAaJ"
    "yzMFZXIjDGIez97+Hh0dHbwzdHp+9Ojt++PXn35h3UleNNP3r7pxpMCJdqSoJ2+dfL6y4OSMCHoT4bLPhT0sD0"
    "UVSSGyH88t8UA84n1MmG36+fYAC8WBUG+AUhB8KPOYC7tS4GWPSxZzJ77E3gz4M3b5aA+0vn6/mnztdXUOt1HO"
    "Jr/ehQPUO0Q3T1t+2mEc6d31GSSrNcz+FSGJef5q1PYk4sai8+kOtvV1e4LHmCDBgsPDMbx1bmGzg8OH57/O7o"
    "9DiY+kHJshnvz+4Qb5f9Xm410QSrWU6KIP2mJMznCKcrl9vhhNpjWKphl+FQFJ0o9VptQn4IE17H65VmS5yuvt"
    "z5yEyGv7tkNsX5D3sfiATwP2ydY+F5zK41d7QQUZI3EarNcWYnNmIUgkb3mfuwRDXNiJ+Fw/jY/jtbSGZcwsCp"
    "PczagbVE/c1la9uJ18iDP/1Z5peGG5lD54HYGJt88PIGfn9KYuncnnc+XrQkxgM6vJ9Tx+jFwMYn4lAkSoK66U"
    "fWoZUsoTYdS3TwNXDQviIzM7h38cDkwNNqTvh0uZaD9XoMKxZUcm5APJf1QQNw+HjMHJc4bDQDRQCWI7VjKAUE"
    "hXsocpglHmQR7iO4rZgUBPujN6BhLNy0jrPqDlDFuYHV3VGtunK1VDQGoSPULjrfPl52e93uFXQJ5I4woa8J9V"
    "DfUDuhBIwMQdcyHDFVRXpw76WGswAVSngMtCo6htkE/Vscvpx72D1xmNz+NzzDdbsNulJYiRoWtzli7gnH9cfv"
    "q15y7JeGLIf3d9TYQdcaqY801LTkaPX7iZln8gcmW6JDKR0VVJl+a2EverLDT3j8W4v5s8gvgOkhkpVoUGPjap"
    "f+aButa6nWpRgUR/8jIOhxi2XjrygS+BuaZN//5fmu/FnYdi8/X9x2O5+/YPOW6/5uSpw63Qt8cihLF4nSV6cJ"
    "/SxohHy/7H4i+Cf55831hYRTuN7YkT2G9br/bOGY6MwTPVvMe9SIYuIX+0UxgSr4ONPa9IU9s1JbeIzDAfHmVO"
    "sKat93XNomsIXBcIoqeTE9+7iImn2cr2Ufp5Ts6ApYfEGLUtVZz/4+EcTgsGd5dVYlIjtVcRZEiOrMga4g84mw"
    "6gw/n5ax4anaO2fBOz4psrKc5K8sJ8mVxWHwkq6XObHz4Y1T7RzMB4fvihhKD9/lG0rxWRxplJTSGP/t9uY6G2"
    "O/flIg4iDy/z8xQYZfG8p/Gc1sqTyQwYybHigO+9jt/60L/SVgIz4x2cjH+NXnzj+S8J9f3ZwlhR5s4CzLMLEd"
    "LfpcmTRbGSq0/6i9TH+OmkSL6c6+80172ZLePKnFBl6ulGJcmLqyYy/ik5OTkgzYGGaccicGPjhUOlHvRR3Z7/"
    "On0EIM3wNq60rRlC2i6iy1UpjFSOHCYmYscSLe2TEvIqngRPSxSvsR7+wQpH6fWZSb+sX7/Sl83Qz/cljEZaoU"
    "c+7ID91FJPt9g3lA6KIv9FZY2B+uFUpHN5gDL2vc2dL1KhAG9z3ScHdq0kUP51q/34YSl1FnOOnB2wZD0EUWKP"
    "lQ9splAJcs2p8uXiPN//RcwA3o7+wBtE2wNekNwWJ4x7ay3svxAFfgZdVrtHUHA+54EwOGYRk4CAuAAt5ybOTg"
    "zRsyNWcu2k721RRymGSJAGjnDrBGWkQsNSEYupyVTUbbY4AAeOEilzRKEomeLkS0OjAF0CBzZzvMZDgT4eeDtJ"
    "SoB0ELiBs0DAy1gSsfgN0Evizh1+/3Z9wIYAv4of1DwNw5TlAgmqNtBmYy2k3iU6mgZeSPVrigxEyCaGqS3JQs"
    "CU0iLfY4xU8TTT5+e6El5LHnfym9waIXtCGXFr2xtGQbsKDIP+TWlTMEydqnjiFspNoghg7Dba9HK/Yv6XGZrN"
    "T7bGo8qXdFX63vyMe0kgmh2g5a9VspPzDtyyqPhiaswIaSfc0UWU5HjSWxlpbEWTndZPYEpWRD6vbXn8/J6dHJ"
    "mzY53X+7f1rFxnRYKJbjcEksx2E6liO+JhcFPE61e8rgOqJmYjtwUaBjRA3ORXC2uGGYrDTSCbIG6yJYwxY84o"
    "9lYA4pGoSLIOzORiURDikahIsgbPPhfel40QhNg3IRlIUzpjb/T6B/FUU6SbdzaK9FqjPYlDqeleu3zTE/x6ga"
    "pIsg7XHPLLV0BAQNvkXwlYbTMvgGBHXWBrsJoy9hezjsolHPcdhPjovAfnKcDzs+Swh2aKEuJdf5BM8C9vfkYv"
    "/g9FhafalLcLCVwj5Oi0B/mo/8aTbwvQdqzsrDH5LVmQk3o9AGr23z9YDeN4eWwT1KU2fQf4X/9j5/3vv4Eaf8"
    "nvq1CuwHxWTDJaJhSv4WHss4StRljzmm1oBgB3bQZXGCF/+QdtN8N3gQJnh1c/1Xv3rSN54QV+g4A+uO49BFjr"
    "iiCRJYbzoWAfsrG4vQ6sIiQyjKtNKRKGYeGRZebX7Amd/+lTSk0geBnssMt4EQsMrZOZbUCFkC4wHQrQvjoGSz"
    "c/rs5uYqNqfPLpOT9tvnswtYQeQEh0rci7kMYhulJ0pukYqgzus0SigXXTr25cJg0NvfHrXrOw35knimkORJIU"
    "0bBF+KgioC48nrxMoCmWJsiER3lNk1k3TN5ll68wzDaNLA38pn+fDHaXcffHJ+c3XV6V6Qu9b5XWtdrMDwpcq8"
    "8InrvB/Igwm4Eag4OUzFIRcnjHXDM14TYRZUXLfLr0QAS4JfFjXN3MiKBGmNY+rLBlkcHb49DcIq8I9lgRS3nz"
    "tXV2kxKB0KlMAWSv1ztilo08RJEXShVa21LE2Dn37awup09mv3ohOb4DC/zy6vO19/zZ7hZ+npnBEOVwL2DOoG"
    "90K465jNNN65q0eEYnPH+g9KrvLpdBgf5B+oCRQU/lecciQRUVsC8AzKGi/ZUuYPI4H1ZqvfIRZtbVEDz35vhx"
    "27lwEGcccTBTKgH2Y/ijZ+KhjNBXnCXnsV6hW4GEmFJIds9AY5VuMfH5CNt1D/U7IqzN2bcJdEPvHSZuTTImbk"
    "5KnniBn5NJWUKhYcXuYQepyyOYxe68Po8Sj8MmyOUzZsrjWbmyROTRKnmvDguSdx0mdMv0hPQv4Z1C++p+GHB1"
    "F70ilRIl+trK9sV7qJNplP+HACQvUCsyvqQ6PQlDvJTkhbrokqB1P9l5MHVD8QPBCpkXlqLtiw5XKrWZyuyQ27"
    "orNFzFNKdeGAMl2/1qL5jXIXSrvRB5zr/vm3ffnltIknauJGtJjBqUKxBBPiVHVmRcXgyaPDAkAfHeYCjY/SWX"
    "ozA4DPuA2LYv6akx3/u1aT5Hak4jPtci1lkEwIu8qq2aiijY7S6CiNjtLoKE/SUX7RBsV8LeWX0OT4Yz1F2ycL"
    "aiqdIJkLdWU+D/hHZ/Og2jSd1k2KED1NG2n7ZtaUWkIuPaSzBeY4GTGHwczGBC0qL0shPatIulaHTU06VJtSfu"
    "bVRsmplZLzTByl6+fDylxwu5/ctvV9wuzo6kHGQnriYH2SJ0ueHhH57GS86n69xp/XepI/L7rtlPzwEqTP7QvU"
    "YoR2DKs07i/vyxuGqRGLhptHSDafQbMCty/lfTcyxKRNBjMviDsR9grW2rVEnzc6b6Pz1oQHz13nlbcsMWNJdt"
    "hEjfYynVe9lhHkvSur88rYN9x2dEMq06a6uqT7tXP7Ca8uUWkt8Taoke8Xy9GGqzRXOZ1sFW/dajIaJlEvndnQ"
    "bwB162rd+RJMsf6ibxrpu/oLS1vCkv5zDQbNDZkvJcNi3TaODWQtqX+8bsVQ6R+E7Br65sCCKuRWQnbjy14ZvT"
    "JO+XzUyhfpndui/rihowtL1Ud9ga1AnwCXfoIx5qvHvPVjIZ5+ZrDRLndBQmi0y13VLv8mBq0MlRKL28v0yH+L"
    "QUHdUdoqKQECXF2MGSM2yP3qdsupI4Z4Z4hUA/EWTFTboApsnf0+Xs/B1Wk3XJJkHWemL8GE5tJ65Xq7ekJo53"
    "bvmd+uGhOTok+KCNEn+TL0iRah8xUWxdLSIltA1YhrtRPXUrvPdpbKG5t1YQJ0xT3LDD2JPV+6eGIOPpxLsJZA"
    "3cI2OFm7jeqUitaIWbzw0qLgdqLbT529w5PTLMtbtUZK3tc7nTnAeKYv7X2ccpgBy+NCmns0tmnl8fmVuUX92I"
    "cdIa+z5SfMkmJy+x43fFBzCpog1uzFNviYueWSMAcU9RUSWnoJQfP8hD1WgXr1Bws2nCl4gyEBDvNjAlwdm1+L"
    "HMFNmPvOSmax7yrc5kuyOU7ZsLnWbAYpr9KpeneV33HN8nTtGH83f5d53T7YWlhWZ25jWP2xYTUy9epkV72ZeQ"
    "Px+BklxyxTQfi0vdRQIOsVtQ+gnKpsl66w2EAYC0Lde2agmtMOUltTe6GMAJjh3WOPHuA6Ae0tzF4119GlXAmS"
    "WVaEdXWFsT0dMhfOPXPI0KTccgkljpjjbcmWeIABkH4frbqwmXjMmnrKfquPszDbQMsGx1uf8cKAfXKpDjzrFg"
    "3O3DbeFc3Uc6JFDxV1ZMu7kRO9Y13ov7AVBD5Hbya5mBilMoaEjyPCrXzisCGfcgBBJn+VRf7cbswm9TSb3MPL"
    "V7WZ+LQ1VyoXka+zkkZZSKFcok+m1MngOymjw8eI6gx51eikdSju8RUphbZKn5ybvTRFXef8yR2X4GLr7ktjjz"
    "/i8peeFJruWO11OpFy9jUo6Q9gKxL6xvJYS/FgqALH1NJDByBL4AlVNHDdg95S67CxKXWoVer2g5Bi86dRsu5Q"
    "wW7L3qGyClV5LaFCobxVZZMOqTeYiX8KUixCWPrT0QZgfBej0hVx7wosXu9yd5B3yYVKy74Z6OcuU1GS2ial3d"
    "rZ4saSXmVdeXYmuKTiWJLXGeQNw2vN8BG3uTup9GEnSBvbep35LO/RYI4jMuy6+bprnGoHrgRKqq4nhVTXkyWq"
    "68nrLFP6diy/X5T4dmk/UJMb1MtJVJRVrb3MFqzFwh6PUBQNHbNJlEoZbr8yA5QrjPjCC4I8KsPCXKEeDgWo7q"
    "5vS0XlUdpssSZ68jJMwivvAk3B3x0O+5gdSUhku1SpK/riO507ifT7WsPt91WyI7REo6MEj4e25eW9QW2d5kjZ"
    "gf2jSH6D2MxTw30bq+xWjyw2HsxtGT82n05qQ3apc7VYDZgp5nqZkuejPsjG3hNKXHUaupRpaoX3vsjOS8/6OF"
    "2dGfAJVnDYAFmAuL9Wy+1F58Cps13w5YVHtfT2L2CFxm19gs5bufXL+5ZtdOg6K7hl+TloATWRTb+yMUdY84TS"
    "2POl0qgTqVn4AEOUiMylqV9GYttCRhDglzwSJiyxzCALlhl4ULYJlCJvbEbYngxZQMlvQh8YLNew81CYaYwOJz"
    "JgQYqhYm6TKXXduXCMNkF0ZGgAdrFPEr3jLQPQum5ZTmzsXt48MOKOhTm5tCMDREgpk2I7H3yPqgez3wjEYdhB"
    "QFrdA0nXH8yd7Y9EekFsd86QQCUQVcHrQDVymP92hWMUYk4uldDjt5aM32gOaWx7x1hyIcFOBq7XyeEd+y5KOb"
    "tjlHWGu3UtHAvUdFfFahFTiPu92bS+3u7tHp2tkZ3soFACmoMlCWgO0glo/B2mN9HpmYrCnCKs86TftmXypURv"
    "4Dn7mZ0Wf2So5wBDyeqsoW38DF6SKy/mCB6Kwb3qCnEGeeP3qpvG28QtvDg2BxpkSSZH6Z4Pi/1sM9L8gIdu5T"
    "3UwSmIxq61QbvWrTa+Z5i0bkO7fL41y/VTmbaLGLLQnuQba9AOZKMX8YEPM+59ya9aPIutFv50Ett90hWOJ7jO"
    "1mELMhQWsJJ7DNtwpYMVc3go96bFx9pcZbChSfGsC/dUll20gC0IfCLwE1VBHJwGglgzmMsjbmIe3sGicYzuhA"
    "FJCuNZZwqX3LoTUNQ2GrN1PbMGME21/95hI5jkE33uDNaqEnkMV+2Wk18urFjlzqrEqXbOjrEWrZpPyyCsau8c"
    "ssdFgD3Ox/U4BWsjuO+s5JaKS6yY2CFJ27C61qx+eWEIL5LNDnsQ1ZTxOGVjV6szl5tIxyZXSx1Y8MxztUjUM0"
    "xHPjfy7UbyzHgxo1HH9t1hmcHz/jM0C/X7Oiq231c3aLjaVqPD131NF0NRbYN4zDQxPkiG1Q3pcMIMDK5fkJEj"
    "LEKJzeZo29nHhmE5mfRSrYeh8X5+bDw+5mBWFRgXZs1+FQZFOcKE18Mo/AfWDmOdXt/ZOBjuknkQtB/Sq0S3Yf"
    "A/DFW2j6UynhbU9uBgQWNgqvEi2F5iYGoilF5UhNJa/NVNfNIztT6tJT4J/6003aOEOwf1cSGooVbBeX3cBIZt"
    "34SNclU20D/OU+LTbnCm+xpPOY+5yr++kHH4hqi0qq8893ogwmaIjgKApXaecyxCl0B+AITrgj4o2ax15Ozm5i"
    "pmGDm7TAiI198+n10A+BJ7qMS9mNwYkdLdntIfSiIeo9sg4r5c82wBpw8gspdKOhBS1Dlt2zXGLOiLmzQRCUde"
    "j2WdjTNPxC7LVehT1Bn6y9sbcnRwerp3QKg5ndC9w0qQFwE8H+5UxqmIeSMNeX7WqQTZ5uyiB+uSV1YcybD5g9"
    "07DWfjV6+yIT4L/0yJiMjIumUYeJt6D69NzkiXd6bJf/77V2YGh3OzXQgd1RTIUffPl/spT0JSYJeXyj8NqPPw"
    "Ft8dBqk3nQhPrAaqL9jUruOl963VIPZLuAnuImb+Reer+SA/qtZ2/LvMuPuxOmTJKyd3EbBobH51pCLHAHYFpN"
    "W7xP/8LwV7LJ0="
)
