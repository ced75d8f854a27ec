"""When the jobs are due that one process of all does.

Written by Aerich.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "jobs" (
    "name" VARCHAR(50) NOT NULL PRIMARY KEY,
    "due_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "jobs" IS 'When a job is due next; the process that moves it on is the one that does it.';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "jobs";"""


MODELS_STATE = (
    "eJztXW1z2zYS/isYfbnkxvY4iu3k3JubUWwmVWNLHktpeq1uaEiEJZxJQCUpy24v//12wf"
    "c3mWIimVGZD7EN7ILgLl52HyyWf7YsaTDTOegsDO5q90y4rVPyZ0tQi8EvObV7pEXn86gO"
    "C1w6NhU5RTqdIaGqoGPHtekE27ylpsOgyGDOxOZzl0uBHH3BiKI/INdy6RBqMyKF+YiFNq"
    "GGwYxTQolr8+kUCrgg7owRg8IjqcOIzW4XDgM28ejOuJgS6BE7wEcbcgLPhqKNPWUkRuKT"
    "w2yvOZSYQcaPhBtAZxAhXeRjtg3FrtwjjoRGqatattlE2gaRC9fk99AwltHJRC6gh9j5he"
    "C/L5juyimDKhte4bf/QDEXBntgDv75Wwt6ZOvcQHL4H6p/a7FAQ1iADPM7/ZYz00jo1ONR"
    "5br7OFdl7/i0K9z3ihaFN9Yn0lxYIqKfw6tLETJw70FTJphNXYZPcO0FKlgsTNMfD4HOvd"
    "eJSLz3iPEY7JYuTBwmyO11ICpr6XqvP9QH2lDXW5khFHDE9O0XTaTA4cdxMKIAptiF/X+0"
    "269fv2kfvj55e3z05s3x28O3QKv6m61688XrTCQtrykls+6Hbm+IHZIwxr0JgAVfFA+MHY"
    "9LqSuSPnWz0j8HCbrcYvny9zhS8jd8loPgl7Q2AtmvUkdQEOkjmqVbUMgK2Q67l9pg2Lm8"
    "wuYtx/ndVHLqDDWsaavSx1Tpi5OXSWWEjZDP3eGPBP8kv/Z7mhKndNyprZ4Y0Q1/bWGf6M"
    "KVupBLHRaGmEyC4qAISCO1hlMvqdmzGbU1sbCUZrvw9lRMWEbDIXNKySCs+qi1ddGH8a4P"
    "Pp2daYMBLJcLdyZ0U0650J3FZMIcZyQ8mved7kWS4JZycySuOoPB5/71uX72Y6f3QQtI5t"
    "RxlrAe6pMZFVOWoUu0lyL2Wx72P2o9/Vr7NAhbdeUdE7rNYJ2M6n+Gn+dpinv4acBaPtCu"
    "9bNrDYYTkKjldWIzlHtQ1++9715fRrVS3HLbCus/XZ3HeBdzI8Z7rl1oUR1snEzVXV13f+"
    "5eaPCOcZH84b9ceh8rWNcs+qCbTEzdGfx5dLhiWv3cuYbnXL84OkxNlZ5f01ZVXxJDG/Zv"
    "Gew05XeNONfTe0fOsPa3hk2P6s8zSQzYs7lbUtpb3EUiHcQ2+/IqiDHVWQNDSZYzadVZ/H"
    "yev7QXGEzz7a7lrdamLKbkynJcZmU5Ll5ZjtMri83gJR03d2AXizfJtXNiftV+W0LOQFUo"
    "aFWXlDSao1kZ/zSAHS1XxgF92urkE5f8j5jcKbN+VJPyP28XYoIiJOMFN10unAN87L82Jf"
    "0Vwkb5JAzQQMYvLju/pMV/dtF/l7YssYF3oAr0xW7vYv4AFozp5G5JwZLJ1Mi2LKLNVllt"
    "K11CBZ0q8eIb4/v5bvyZFK7njWc8/KBqb5V7P/GI1nDt5+AegyZ9hxrsaRCMQ8ZS3hF5Cy"
    "44uOFLGEP5HntZZnTEh0Bxxx4zrjt3yM3NC0UHC8YeeOcvb26Ug46uP9LDUCRjBkaqQ5bc"
    "nSl2RR+67CMRPutvDgmEALOAkcBDVy1OqCDoz0PXVO8cWMKMAzKUtis59OVOIPYgJDRhwS"
    "jhruqyczoS+EyLT2Eu4bh36KMD9sherJswf+B/1JkTdTB88Zubv+vQEryYN4MdMpOmoQhd"
    "9uASis2hKBxG7cmMeQiFA/1ixg/APea2OzPoo24Z0AbQWfCOM+gWx+e9Ojwkc3PhgFAf4W"
    "0UfKG6L6FLSxteQ/XJItSUYuoJcekjHY8KG7GowcitLa2S4MafrWhAtwLdIatJYd1HKeDr"
    "euuZnSrxsJAWe5jjaAFxhtMiwj8e9ECJutd62K4a7v5i11LNwCBXf6jltKBb2V5kOlqpW1"
    "G71frluy86dSt3wW+i2vN9F+hrnu83Ue35sXFd4dEB94pnNxhbLTG25Lwpa1cmueoMxVS1"
    "LA/LYANAVWxZHmbQgcTSWVbUCabds+A3IWdmUW6uI+OQoZJ8t+P7VxRw+/iohICBqlDAqi"
    "4p4DkIaa1BHDLUWMAt7eDVyVEVHPHVSZkxnIbcY0P4JC3g+H5aVsZxnjqL+d/wb//ycv/8"
    "nEib7Hu/VhJ7uaVjxcqRFruQYKBnZT4EMyZf5iHDDizMq46YtF+Gq5378ITpot/7EJCnPf"
    "6ksLOeQFLqA+WAfWSPT5kgAfsOmiFHpbZHoHpJzvoXF52hRkats1Gr+MSi2CippIUMd6OE"
    "KkpQBkglBSQ4a7zsV7YP22XsFyQrKX1FWrDdovObVYBFTbPQG02x1vjwaF3H9HX7zUnoiu"
    "Ifq5zPwWXn4iJ7GHTPbIQQskItlGeMo5IsKy0lr9Y0Yc4w+shDF73TZ+cH9Yc2pNO1zuba"
    "r47eHL19fXIUCjosWSXtrKCT8NU6ITNJziZ0ptahM0mUcB01JzkbNddazUnAvCwwGufa3t"
    "q5Ewhp5tAxpYusIt5Lm/GpCOyyeLxaSvb+qSGGv36HOvgSjLKgNLJXbLoM4fzE4IOX96K2"
    "1F7ZGZx1zjXvAGD757g/yXEr5wwXi/dWnd/+V45Lnt1+njFBKAEGPA40FowI9uB6BsHclh"
    "js50UzWxLjl7mLZ57cP5sUzKszpKrKHu5+89afPlIsPKlZF7r+tqj18x7WJLyS4zIO4XEx"
    "8nTsO4DFxzKg6AqbfMTVbPC12+BrEtjSF2wIA2CIAb15K2OifuUSCcuLjmPJCw4uuVp2iK"
    "LGOItE8IkX8MHdU3UvBJyrwY+d/fbxiYqUyLmm8hXtrHljZL6wQf3MvzbyMOcwDnCWNbdG"
    "6nmiHegrd6N6+oJBjL3OWGbLj7DXtUsV8e8H2OsKDxyJaw35gssBpwTGLHPDCwEj4d8WCJ"
    "i9+wHhMejzH4AZfMqcgksiBXtfyFFfc6MVLEZckBl7qCLqkzJw6Enxae5JBvzc8mn5tuYH"
    "GM42Q3t4STGYT5S9s7D50/MGq9tZGy8xryJTYU01JzkbNddazWApVsJjnW85j2t2grRj+t"
    "3+dbK6TdhaILELpwFinwZiY0OvTjhsf+GO5cMlWo55oENUu7cSclB0ZZEGtFM9ANSRFhtL"
    "45FQ544Z5Fbae+ryBbSHmSp8LEHa6g4IyHUGHmB0HWOJGGxwK0TkgLSbexReW+kQ8NnumE"
    "0mJuWWQyix5RLhDUveY4aNmxuEhGEzcZk1x583N/AUBYswYeD9H8RBFPMB6YeYMGcOgcHh"
    "eFdqVDWxFwIzbXjXaaiQ6r6OS++AVN77d4/KwCcwB92FUl2qaw1qUlPU5A5evipkEvDW2h"
    "+81j50B8PrzrDb7yEeMuWoBKwdia/DUlIpGIAilXhhJd4yEqowyN8Ar9A9006JF9flE8JE"
    "5JNKKQ5KRU+1V7ivGe/VZhM+54UZPIruIceY6jxMahVlT21q5YQjF19Fjjiay8gJ/6LqZe"
    "S4OqI9rcoaGXFvMVR8Dvs/inDNpfJK6513ex9gHfP4R2Kg9YanyiKB3z92r65wlXPu+HyO"
    "i9u51oE/DUaNKktUmSv8xRf4M9f3fVsjR1HF+VdiLNtz1w43a080oYUNzrEOzpE21NfUdQ"
    "57o/BaK/yWC+7MKk3sFGsDYNZZz+qKDrNtmQOePXHtOOTagettaYO9TIYmoFphsKscTTWJ"
    "6hl4uRpaOdhaULW3ClhzglwPe2XT1Th8Kva5CBK4GOweXNT85DT5pE+novGhTD8TzemT2W"
    "H8LDSx/DAjUSJBDD7ma0MjG/DqOcErlQ0473CgUP4xjtpa/K3ewhozGwFcLxHyLewKMx9A"
    "hhlAplKW9bi+sU+gZiasROuhQEmuZk8p2lOadIobT6fYOLV/Hdu3YoRGmrdRda1V3YRb/S"
    "XU7Kcgr6DmJGeDWdRZy03QVRN0VQcVfOdBV0rqOZBQoI1iPAhfqOyNLpH4Hk8yMCqqQ7jn"
    "5sZP76HS76ocGh4k48U5hJ4u+LYI17jMNPFLQgQz9E6oysY7kfNHlR+XUCLYEgGlA2wYvw"
    "WhZ1qPZejwb8niEYWN4VFUfYaDvAhiNfbgsSa8Hrwrv4ef4RcrXo4EdoY7KoGvi/FZIuL3"
    "7r5FnyyCrqr2sVSFdXkfRDIagKnui+DeCoBpN+/I1CnY5TkzYG3n7ldP2hY1ueMFhRJTyr"
    "v9xbwkfvcMSbGe97Z/jdCnjeSorZxx73mS7W0L6Nt8qr0wNnNGndk64zvDuJNL+wYgbLSr"
    "8gX9dNhcwLvFkR54POus7fjdMu97ZSPROb/s9k4JNSwuKq3u3/wydWjK5piQEgRMRdEhWY"
    "wvpYExMG5KBWHJdlGSd/3+RQIgeddNp7H9dPlOA+Er2QMRdxP2Y8xad3TPj1hT4gm+LUo8"
    "sG++W4HTezDd1wpwiThqnDUVjEbBgnROPhOJel6L5T3ueWcVUBx0m2KrbbbPZwu83c3kqU"
    "0cc/2MwO/96GCNILyEVRR+oS21Rfuc7z9eM1PFkRUD27GPwX2fSs9g24lJk5Pjq7qs0qnF"
    "dlFg8UDK6pKKxWzuipA2ec7RYTafzFo5Jx1+zd6qsw4a0Tx12FEshm8M7f9VcP2v3N2LEf"
    "tC46nYIyi2nhpop8j2n68VnuiT76B0N4IRo4WSG2JbfAM4xrL9K8DPY6HuxpeHv/wfXfqf"
    "pw=="
)
