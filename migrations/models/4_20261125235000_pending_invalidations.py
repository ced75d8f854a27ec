"""What Redis could not be told of changes.

Written by Aerich.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "pending_invalidations" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "user_id" BIGINT NOT NULL,
    "version" INT,
    "session_id" BIGINT,
    "expires_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON COLUMN "pending_invalidations"."version" IS 'Copies below are no good; null: a session';
COMMENT ON COLUMN "pending_invalidations"."session_id" IS 'Has ended; null: the user has changed';
COMMENT ON COLUMN "pending_invalidations"."expires_at" IS 'Redis holds nothing that old any more';
COMMENT ON TABLE "pending_invalidations" IS 'What Redis must be told before anybody uses its copies of that user again.';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "pending_invalidations";"""


MODELS_STATE = (
    "eJztXW1zGjkS/isqvlxyZbtsYjs579VVEZtk2djgMmSzd8vVIBgBOs9I7MxgzO3lv1+35v"
    "0NDxODJ4R8iG1JrZGe1kuru9X6s2ZKnRn2UWOuc6f5wIRTuyB/1gQ1GfySkXtAanQ2C/Mw"
    "waFDQxWnWE5jWFBl0KHtWHSEdY6pYTNI0pk9svjM4VIgRUcwosofkTu5sAm1GJHCWGKiRa"
    "iuM/2CUOJYfDKBBC6IM2VEp/BJajNisfHcZkAmls6UiwmBFrEj/LQuR/BtSNrYV/qiLz7b"
    "zHKrQ8R0MlwSrkM5nQjpIB2zLEh25AGxJVRKHVWzxUbS0omcOwZ/gIoxjY5Gcg4txMbPBf"
    "9jzjRHThhkWdCF3/8NyVzo7JHZ+OfvNWiRpXEdi8P/kP17jfkcwgQkmN1rY84MPcZTl0al"
    "a85yptLe80lLOB9UWQRvqI2kMTdFWH4GXZciIODuhyZMMIs6DL/gWHNksJgbhjcefJ673Q"
    "mLuP2I0OhsTOcGDhOkdhsQptU0rd3pad1mT9NqqSHkU0T47SWNpMDhx3EwIgATbMLh3+r1"
    "N2/e1o/fnL87O3379uzd8Tsoq9qbznr71W1MiJZblcKs9bHV7mGDJIxxdwJgwldFA2PHpV"
    "LsCtGnThr9K0DQ4SbLxt+lSOCveyRH/i9JbvjYr2KHnxDyI5ylW2DICmx7rZtmt9e4ucXq"
    "Tdv+w1A4NXpNzKmr1GUi9dX56zgzgkrIl1bvZ4J/kn912k0Fp7SdiaW+GJbr/auGbaJzR2"
    "pCLjRYGCKY+Ml+EhQN2RpMvThnL6fUaoq5qTjbgt5TMWIpDgfECSYDWNVha+26A+Nd636+"
    "vGx2u7Bczp2p0Aw54UKz56MRs+2+cMt8aLSu4wXGlBt9cdvodr907q60y58b7Y9Nv8iM2v"
    "YC1kNtNKViwlLlYvUlCns19zqfmm3trvm5G9TqyHsmNIvBOhnm/wo/r5IlHuCnDmt5t3mn"
    "Xd41YThBEbW8jiyGuPt5nfaH1t1NmCvFmFtmkP/59ipCO5/pEdqr5nUzzIONk6m827vWr6"
    "3rJvQxCsl/vc4l97Gcdc2kj5rBxMSZwp+nxyum1a+NO/jO3avT48RUaXs5dZX1NTa0Yf+W"
    "/k5TfNeIUj29d2QMa29r2PSo/jKVRIc9mzsF0d7iLhLyILLZF2dBhKjKHOhJsphKs8rw81"
    "n20p4jMM22u5bXapuSmOIry1mRleUsf2U5S64sFoNO2k7mwM6HN061czCf1N8VwBlK5QKt"
    "8uJIoziaxviXLuxomRj75ZNSJx855H/E4HaR9aMcyn8fz8UIISTDOTccLuwj/Ow/NoX+Cr"
    "ARn5gA6mP86qbxWxL+y+vO+6RkiRW8B1bgWWx8HzkPYMKQju4XFCSZVI6sy7yy6SyzbiZT"
    "qKATBS/2GPvnHeMvpXDc03jqhO9nHaw63o/cQmsc7WdwPAZOegdqkKcBGJsMpbwncgxHcD"
    "iGL2AMZZ/YixLjQbwHJe7ZMnV05zYZDF6pcrBgHMDp/PVgoA7oePTH8jAUyZCBkGqTBXem"
    "ilyVD47sfRF86y828UGAWcCIf0JXNY6oIHieh6ap1tmwhOlHpCctR3Joy71A3YOQUIUJo4"
    "Q7qsn2RV/gN00+gbmE496mSxvkkYNIM2H+wP/IMztsYNDxweCvGtQEHXNnsE2m0tBVQYc9"
    "OoRidQiFzag1mjJXQ2FDu5j+E1APueVMdbrUTB3qgHIm9HEKzeL4vZPjYzIz5jaAuoTeKP"
    "WFar6EJi0s6IZqk0moIcXEBXHhaTqWSjdiUp2RsSXNA1814pL0BXTO5i6PBwMEQ/NSBgMQ"
    "hQFGQwdwLRCXkZnw/4NSw0iFOWKMv8DYkxZBJhVUnvxZCydMzR8bSGpQ2FcQZYTTXS+tRI"
    "qra6mxxxmORmhpMO1C/cqj5g8Sza09qFdNJ28xralqYBKpP9RyndOsdCtSDS3VrLDecu3y"
    "jkcadUo3waui3Pe9I9a3fN+rotz3I/OmxKd96hXf3uvwKqnDi8+bonJrnKrKqp6ykutxEd"
    "0DlMqXXI9T2ofY0lkU6hjR7p0QNoEzMyk31sE4ICiF73Z0CyUBrp+dFgAYSuUCrPLiAM8A"
    "pLUGcUBQYYBrzaOT81Mlf6FNDCVNbKZeRnN5XgT083zMz7Mh1x6oMV8f+JCsyvA3PLwPiM"
    "N1Xi3cGYyM9WH3qaqMujfoF3j28E5WMFp4KfRPzous5UnTVmQpP0+iH5Uri2Ifpaky8v+E"
    "f4c3N4dXV7jkHLq/loK92Ba6YgdNwq5OtWnMeyDOZ2MeEOyAgLLKlNv8rbdaiRZYcq877Y"
    "9+8aRmLQ52+kQcR72rFB2f2PIpUdwn30Fx/LSQmAilXpPLzvV1o9ck/dplv5arv18hnJfi"
    "Qop6z4QyTFCCeCkGxCgrvOyXPifVi4g2WKwg+qpoprBTBv4Y5e7Bf3ZSL4A+lCoIPpbMEX"
    "VQAZdG36SGkasRS5BW2EC+rnLsTf3teaAOwz9WKcC6N43r67TB29PCp0HNxTNCUQrLUsv4"
    "yZri4yV6WLoWFNfDxv5J/dHs0UlBKdLFuH5y+vb03Zvz0wDoIGUV2mmgozaPNdBOklV4+N"
    "bQYuTbeQIPWOxAaBuS45dBP27AWMcpM065d86stHNm3E60DpvjlHs2V5rNcZNpUdNYlGp7"
    "O9dO2MhSbi0JXqQZ8UFajE+ELxJHPaIT2Ht+KXjB4jvkwVd/lPmp4XZr0UVg0I0NPui86x"
    "esJJVG97Jx1XRNwNv3FPpFDmsZXkKYfLDKQ+g/cljQO+jLlAlCCRCg+lSfMyLYo+OKYzNL"
    "oju5Ky2YEn0+uINeNdzzflGOH5CnS5WVdh969tqfdirJtdWva7x8Xrvly5rr4wfCIqqQs3"
    "yd65mn+sg3zAOjS2zyIdV+g6/cBl8R18mOYD0YAD28MpK1MsbyVy6RqPPBseRePym4WjaI"
    "Kq3sq1H3RtelkDsX6uYhHG27PzcO62fnyhcv4yLkN9Sz5p3E2dwC9jPvYuLjjMM4wFm2v5"
    "dYTZ8mn1+ZG9XTV9gi5FXW4te8O1xa80bdKfOucGlKE94Xd02k86+fXRAYs8wJrpz1hXcf"
    "zSd2b6AFjjAvb/rV+YTZOdcQc/a+gKK64kbNX4y4IFP2WAbq5/dx2LK/1Lbmxxffp2FB0V"
    "1cFL0Vt3n/qb2ubmdlvNi8CkWFNdkcp9yzudJsBkmxlD7Wfs55XDH73Y7xd/sXlqs2YSuh"
    "iZ3be0Xs04rYyNCrkh62M3eG8vEGJccspUOYe7BS5aDKFdU0oJzqKkBtabKh1JeE2vdMJ2"
    "NpHajrfVAfxkLydAnSUrcMAdepRBdw36i7QB2sf+9QZChpN/cpvBjZIHBmu2cWGRmUmzah"
    "xJILVG+Y8gFjOA0GqBKGzcRh5gx/DgbwFaUWYULHG6aoB1HER6QT6IQ5swkMDtu9tKmyiT"
    "UXGMvJvd3o30506D0UlQ/e7dYi6hOYg85csS7RtL3WpKJak3vofFmViU9b6fPgXfNjq9u7"
    "a/RanTbqQyYcmYC5ffFtupREkB8okQjts1Lf0hcq0Y8QBF1oXTYviOvR6BWEichHpYLoFP"
    "IbrK84vqZOrxYb8RnPjRGVPVdjRFUeJpW6Z0UtamY44ucHuwgp9uEuYueLsuEuouwI97Qy"
    "a2RIvcVLEjPY/xHCNZfK22b7qtX+COuYS98X3Wa7d6EkEvj9U+v2Flc5+57PZri4XTUb8K"
    "fOaKl7Q0WCxOSHiEkFiPFkjQxG5Uf4ipBs77h2vFl5Yu9auNdzrKPnSArqa/I6g3zP8Eoz"
    "fMwFt6elJnaCdK/ArDKf1eU0ZlkyQ3n2ROCJgGoHLnYmBfYiMQCh1AqBXUUBrIhXz60rqb"
    "WEur5NPXBSerasYgerFG6eBKjxCEVhv0jqkDumYxSuue2QIQYZM3T4OZYWQ12YUpOpeORK"
    "QSVnqJKSY1c/hXpMQifAvyynyOeqGvVrXywO+1YQng26JWzqnmQUhX/F5oi0vEjoNurXhF"
    "QV4e15VOEpTauKAOYQky6JwwwD6L/V53KvFXtJrdje+PNikWq3f3FvS7fILt3FaMgMuXAf"
    "XJBkIqX+k6oMX2+w3dBrBQ/Tz3zc8z6+9qiP01WZAT9TGw0jLEAcl3i1J0whx1PZrgX+lq"
    "fGj+dZUnM3ewwGinFH3bdL1F6O2z6a1UzY+Ivx7HuX7SsicXa9RSpDyuyG61e+ZGn78SUL"
    "CZNotrT5RBxy4Qel1dkDH+U8kZNd9Onwut7W7UXXvXgy4q0XWTcS87YvCgS9xc/sBcPqSy"
    "P5gqF64SjLHSUX/whFZXXMtfbcHGI84rH3uNMY1qqp57IAM0DJKS8jlqiZCSvRenbHONVe"
    "i5Gnxdg/EbHxJyL2ZpSdlchS2taSPsFJ2j2rK83qH+8Y9kOy2XtWrQSb45R7K1mVubzX9O"
    "7d/KvAgu/czV+hnqES8rmRrw/CDhWNISBibwzHXfHDPFT3DAbBMzxk5MbMc1Uyrpo3OOmi"
    "Kl7oymhne8/1kBFVLwyN5Gyp3vwhlAi2QIXSEVaM71tqqdojEfm8uCzoFGOhwZCqp0XJK9"
    "87+AA+a0D30Nb4AD+DVzhf9wU2htvqUSLXNBnSu9EWwmeY3ZeF3FRlT3Afedb3CqaqL4IH"
    "KxRMu3kru0ru1S8ZbXgrI77WlpZJDW6715CIIeX94XxWUH/3AgGIXza+VIW0Txt5F6d0dP"
    "OXCWy+LUXf5sOaB7eBptSerjO+U4Q7ubRvQIWNclU20E9f1PBptzjS/RPPOms7vsXuvsHe"
    "F42rm1b7glDd5EWdRjYcvicQZTNESAkAU5FnJIvQJTgwBMJNsSBI2a6W5H2ncx1TkLxvJZ"
    "8M+XzzvgngK+yhEHdyfEK4rbnniDURj9FtEXFfvvluAacPILqv5VIdUlT4iQQQGgXzA4h6"
    "RCRseTWWdzbJ9Axcdf/Up6gy9K1uh7w5OT8/PCHUmE3pYb0U5EUAz4c7dZ8uouZIQ55/py"
    "5BVtmnFF7sXt1uvkyxv6ZYPYn7e7fTrOHxGBNB1RvVGfKQR/nh0x0zgjsw2VaES7eW75fp"
    "KUNCbNJkhPAtj1UycvAuAhb1Wi2PVMRBdldA2qRRqcEsPprWMsxKXs7BKsMSDcs8ZVnKh+"
    "GZ7Sg/ihHlG3f3fPNIrvCUfwbIl572erScgxZOqjUQ9orvILobUcijhJLpz5wf4CdCsv0I"
    "Py8joT5bLJ8XvTfz9f9nhHS3"
)
