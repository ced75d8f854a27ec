"""Phones as they were typed, what they are searched by, and where users dial.

Written by Aerich. Changed by hand: the wider column of phones is no rewrite of the table, and the
downgrade drops numbers that do not fit rather than cutting them. The keys of the rows that are
there already are made by the service (contactsvc/repositories/key_renewal.py), not in here.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "contacts" ADD "phone_value" VARCHAR(64);
        ALTER TABLE "contacts" ADD "phone_e164" VARCHAR(16);
        ALTER TABLE "contacts" ADD "keys_version" INT;
        ALTER TABLE "contacts" ADD "phone_key" VARCHAR(512) COLLATE "C";
        COMMENT ON COLUMN "contacts"."phone" IS 'E.164, or else as typed';
        ALTER TABLE "contacts" ALTER COLUMN "phone" TYPE VARCHAR(64);
        ALTER TABLE "users" ADD "region" VARCHAR(2);
        COMMENT ON COLUMN contacts."phone_value" IS 'As typed, tidied';
COMMENT ON COLUMN contacts."phone_e164" IS 'E.164, where it is valid';
COMMENT ON COLUMN contacts."keys_version" IS 'The version that the keys are made of';
COMMENT ON COLUMN users."region" IS 'ISO 3166-1 alpha-2';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "contacts" DROP COLUMN "phone_value";
        ALTER TABLE "contacts" DROP COLUMN "phone_e164";
        ALTER TABLE "contacts" DROP COLUMN "keys_version";
        ALTER TABLE "contacts" DROP COLUMN "phone_key";
        COMMENT ON COLUMN "contacts"."phone" IS 'E.164';
        UPDATE "contacts" SET "phone" = NULL WHERE char_length("phone") > 16;
        ALTER TABLE "contacts" ALTER COLUMN "phone" TYPE VARCHAR(16);
        ALTER TABLE "users" DROP COLUMN "region";"""


MODELS_STATE = (
    "eJztXW1zGjkS/isqvlxyhV02sZ2c9+qqiE2ybGxwGbLZ2+VqEIwAnWckdmYw9u7lv1+35v"
    "0NDxODJyz5EIPUrdE8rZfuVqv5s2ZKnRn2YXOhc6d1z4RTOyd/1gQ1GXzIqK2TGp3Pwzos"
    "cOjIUOQU6TSGhKqCjmzHomNsc0INm0GRzuyxxecOlwI5uoIRRX9IbuXSJtRiRArjEQstQn"
    "Wd6eeEEsfi0ykUcEGcGSM6hUdSmxGLTRY2Azbx6My4mBLoETvER+tyDM+Goo09ZSAG4rPN"
    "LLc5REwno0fCdaDTiZAO8jHLgmJH1oktoVHqqJYtNpaWTuTCMfg9NIxldDyWC+ghdn4h+O"
    "8LpjlyyqDKglf47T9QzIXOHpiNX3+rQY8sjetIDv9D9W815ksIC5BhfqdNODP0mExdHlWu"
    "OY9zVfaeT9vC+aBoEbyRNpbGwhQh/RxeXYqAgbsPmjLBLOowfIJjLVDAYmEY3njwZe6+Tk"
    "jivkeER2cTujBwmCC324GwrKZpnW5f67X6mlZLDSGfIyJvr2gsBQ4/joMRAZhiFw7+0Wi8"
    "efO2cfTm7N3pydu3p++O3gGt6m+66u1XtzMhWm5TCrP2x3anjx2SMMbdCYAFXxUPjB2XS4"
    "krRJ86afQvAUGHmywbf5cjgb/usRz6H5LS8LFfJQ6/IJRHOEu3IJAV2Pbb161ev3l9g82b"
    "tv27oXBq9ltY01Clj4nSV2ev48IIGiFf2v0fCX4lv3Y7LQWntJ2ppZ4Y0vV/rWGf6MKRmp"
    "BLDRaGCCZ+sV8EpKFYg6kXl+zFjFotsTCVZNvw9lSMWUrCAXNCyABWdcRau+rCeNd6ny8u"
    "Wr0eLJcLZyY0Q0650OzFeMxseyBcmg/N9lWcYEK5MRA3zV7vS/f2Urv4sdn52PJJ5tS2l7"
    "AeauMZFVOWoou1lyD2Wu53P7U62m3rcy9o1ZF3TGgWg3UyrP8Z/l4mKe7hrw5rea91q13c"
    "tmA4AYlaXscWQ9z9um7nQ/v2OqyVYsItM6j/fHMZ4V3M9QjvZeuqFdbBxslU3c1t++f2VQ"
    "veMQrJH97LJfexnHXNpA+awcTUmcHXk6MV0+rn5i085/bVyVFiqnS8moaq+hob2rB/S3+n"
    "Kb5rRLme3jsyhrW3NWx6VH+ZSaLDns2dgmhvcRcJZRDZ7IuLIMJUZQn0JVnOpFll+Pk8e2"
    "nPUZjm213La7VNaUzxleW0yMpymr+ynCZXFovBS9pO5sDOhzfOtXMwHzfeFcAZqHKBVnVx"
    "pFEdTWP8Uw92tEyMffqk1snHDvkfMbhdZP0oh/I/JwsxRgjJaMENhwv7EB/7r02hvwJsxC"
    "emgPoYv7pu/pKE/+Kq+z6pWWID70EUaItN7iL2ABaM6PhuSUGTSdXIhsyjTVeZDTNZQgWd"
    "KnjxjfH9PDP+QgrHtcZTFr5fVV9l3o9dojVM+zmYxyBJz6AGfRqAsclIyjsiJ2CCgxm+hD"
    "GUbbEXZUZDvA8Ud+wxZbpzmwyHrxQdLBh1sM5fD4fKQEfTH+lhKJIRAyXVJkvuzBS7og9M"
    "9oEInvU3m/ggwCxgxLfQVYtjKgja89A11TsbljD9kPSl5UgOfbkT6HsQEpowYZRwR3XZPh"
    "8IfKbJpzCXcNzb9NEGfaQe6SbMH/gfZWaHHQxefDj8uwYtwYu5M9gmM2noitBhDw6h2BxC"
    "YTNqjWfM9VDY0C+m/wDcI245M50+aqYObQCdCe84g25xfN7x0RGZGwsbQH2Et1HuC9V9CV"
    "1aWvAaqk8moYYUUxfEpefpeFS+EZPqjEwsadZ914jLMhDwcjZ3ZTwcIhiaVzIcgioMMBo6"
    "gGuBuozChP/vlRtGKswRY/wAY09aBIVU0HnyZy2cMDV/bCCrQWFfQZQRTne9tBIlrq+lxh"
    "7mOBqhp8G0C/0rD5o/SDS39aBdNZ28xbSmmoFJpL6o5TqnW+lepDpaqlthu+X65ZlHGnVK"
    "d8FrotzzPRPrW57vNVHu+ZF5U+LRPveKZ+99eJX04cXnTVG9Nc5VZVdPWc31qIjvAajyNd"
    "ejlPchtnQWhTrGtHsWwiZwZiblxjoYBwyl8N2Ob6EkwI3TkwIAA1UuwKouDvAcQFprEAcM"
    "FQa41jo8PjtR+heeiaGmid3Uy3guz4qAfpaP+Vk25No9NRbrAx+yVRn+pod3nThc59XCnc"
    "HIWB92n6vKqHuDfom2h2dZwWjhpdA/PiuyliePtiJL+VkS/aheWRT7KE+Vkf83/Du4vj64"
    "vMQl58D9WAr2Ylvoih00CbuyatOY90Gdz8Y8YNgBBWXVUW7rl/5qJ1pwknvV7Xz0yZOetT"
    "jYaYs4jnpPOTo+scenVHGffQfV8ZNCaiJQvSYX3aurZr9FBrWLQS3Xf79COS8lhRT3Xghl"
    "hKAU8VICiHFWeNkvbSc1iqg2SFYQfUWaqeyUgT/GuXvwnx43CqAPVAXBR8ocVQcdcGn0TW"
    "oYuR6xBGuFD8jXdY69abw9C9xh+GWVA6x33by6Sh94e174NKi5eEY4SmFZahk/XlN9vMAI"
    "S/cExY2wsX9QX1p9Oi2oRboYN45P3p68e3N2EgAdlKxCOw109MxjDbSTbBUevjU8MfLPeY"
    "IIWHyB8GxITl4G/fgBxjpBmXHOfXBmpYMz4+dE64g5zrkXc6XFHD8yLXo0FuXa3s61E2dk"
    "qbCWhCzSgvggLcanwleJoxHRCey9uBS8YPEdyuCrP8r80nC7tegyONCNDT54eTcuWGkqzd"
    "5F87LlHgFvP1LoJzmqZUQJYXF9VYTQf+WoYHTQlxkThBJgQPepvmBEsAfHVcfmlsRwcldb"
    "MCXGfHAHo2q4F/2iAj+gTpeqKh0+9OytPx1UkntWv+7h5fOeW77scX3cICziCjnN97meeq"
    "6P/IN5EHSJTT7k2m/wldvgKxI62RWsDwOgj1dGslbGWP3KJRJ9PjiW3OsnBVfLJlHU6nw1"
    "Gt7ohhRy51zdPATTtvdj86BxeqZi8TIuQn5DO2veSZwvLBA/8y4mPsw5jAOcZft7idWMaf"
    "LllblRPX2FLcJeZS9+zbvDpbWu1Z0y7wqXpjzhA3HbQj7/+tk5gTHLnODK2UB499F8ZvcG"
    "WhAI8/JHvzqfMjvnGmLO3hdwVFfdqPmLERdkxh7KQP38MQ5bjpfa1vz44sc0LCmGi4uit+"
    "I2Hz+199XtrI4Xm1ehqrCmmOOcezFXWsygKZbyx9rPOY8rdn63Y/Ld/oXlqk3YSnhiF/be"
    "Efu0IzYy9Krkh+0unJF8uEbNMcvpENbWV7ocFF1RTwPqqa4D1JYmG0n9kVD7julkIq26ut"
    "4H7WEuJM+XIC11yxBwnUkMAfcPdZfog/XvHYoMJ+3mHoUXI5sEbLY7ZpGxQblpE0osuUT3"
    "hinvMYfTcIguYdhMHGbO8e9wCE9RbhEmdLxhin4QxXxIuoFPmDObwOCw3UubqppYC4G5nN"
    "zbjf7tRIfeAam89263FnGfwBx0Fkp0ia7tvSYV9ZrcwcuXdZn4vJW2B29bH9u9/m2z3+52"
    "0B8y5SgErB2Ib/OlJJL8AEUitc9Kf8tAqEI/QxC8QvuidU7ciEaPECYiH5dKolMobrCxwn"
    "xNWa8WG/M5z80RlT1XY0xVHiaVumdFLWpmBOLnJ7sIOfbpLmL2Rdl0F1FxhHtamTUy5N7i"
    "JYk57P8I4ZpL5U2rc9nufIR1zOUfiF6r0z9XGgl8/tS+ucFVzr7j8zkubpetJnzVGS11b6"
    "hIkpj8FDGpBDGerpEhqPwMXxGW7ZlrR5vVJ/ahhXs/xzp+jqSivqasM9j3Aq+0wCdccHtW"
    "amInWPcOzCrLWV1OY5YlM5xnTySeCLh24GJnUmEvkgMQqFYo7CoLYEWienputp5ahm/Nr6"
    "qvcqzZfrafetGEaDafigMu/BRhOrsHEzU7/Vk26dPJzjxXppfr7PzJ/GNenrNIBrKBKJCC"
    "DB/zraGRe+fVSzqvVL75rMOBXPwjHJXV+GudhTnC7HATL9X+BHaFmedAhhlAplIWtbie2S"
    "ZQMxNWovW8QHGu/Z6St6fsE/ZuPGHv3qj96+i+JSM0krx7UVda1Ptwq7+EmL0fuSgh5jjn"
    "3mdRZSnvg672QVdVEMF3HnSlUM9wCfnSyPcH4QsVvdElYr/4Fg+MCuvQ3TMcBknRydjNYO"
    "K6ZNw4h8DSBdsW3TUOMwzbS55OxlTlex/L+aPKwE4oEWyJDqVDbBh/bUhLtR7Jj+LdksUj"
    "CgvDo6j6oSfyyo/VqMNjDXg9eFd+D3+D30R6PRDYGW6rFPEOxmeJkN+9+xb+KJ6b590tVW"
    "Fd7k/u6XsHU9UXwfoKB9Nu3pGpUrDLS+Z+287dr460TGpw2w0KJYaUdweLeUH/3Qukg3vZ"
    "2/4V8j5tJEt56VyTL5NmcluOvs0nmQxiM2fUnq0zvlOMO7m0b8CFjXpVNtBPh835vFsc6b"
    "7Fs87ajr+M6f4i5kA0L6/bnXNCdZOLUqv7s1+mDlTZDBVSAsBU5B2SRfgSEhgB46ZEEJRs"
    "10vyvtu9ijlI3reTCZw/X79vAfgKeyDiTkx/jGjrtubaEWsiHuPbIuK+fvPdAk7vQXVfK8"
    "Al5KhwwlpQGgXz0zl5TCTseTWWdzbNTPm56jaAz1Fl6Nu9LnlzfHZ2cEyoMZ/Rg0YpyIsA"
    "ng93Kro54uZIQ54f4Zxgq2xi2xeLct7NPMH7oPHqadzf+znNGhGPMRU0+MHVhD7kcX74dM"
    "sMFbSXf4oQ+W3X71PoqYOE2KTJSKhWHqtkHrddBCwatVoeqUiA7K6AtMlDpSaz+HhWyzhW"
    "8mrqqw6WaEjz1MlSPgzPfI7yVzlE+cbdPf94JFd5yrcB8rWnvR8tx9DCSbUGwh75DqK7EY"
    "c8aiiZ8cz5160jLNu/b/0yGuqz3ax+0XszX/8P/mIeZA=="
)
