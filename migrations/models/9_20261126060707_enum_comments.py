"""Comments of columns that say what is in them, not which values there are.

Written by Aerich. A value more, such as another kind of mail, changes no comment and needs no migration.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        COMMENT ON COLUMN "audit_events"."event" IS 'What happened';
        COMMENT ON COLUMN "one_time_tokens"."purpose" IS 'What the link is for';
        COMMENT ON COLUMN "outbox"."kind" IS 'Why it is sent';
        COMMENT ON COLUMN "outbox"."status" IS 'Where it stands';
        COMMENT ON COLUMN "users"."role" IS 'What they may do';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        COMMENT ON COLUMN "audit_events"."event" IS 'LOGIN_SUCCESS: authn_login_success\nLOGIN_FAIL: authn_login_fail\nPASSWORD_CHANGE: authn_password_change\nPASSWORD_CHANGE_FAIL: authn_password_change_fail\nTOKEN_REUSE: authn_token_reuse\nTOKEN_REVOKED: authn_token_revoked\nUSER_CREATED: user_created\nUSER_REGISTERED: user_registered\nUSER_CONFIRMED: user_confirmed\nUSER_UPDATED: user_updated\nUSER_DELETED: user_deleted\nPRIVILEGE_CHANGE: authz_change';
        COMMENT ON COLUMN "one_time_tokens"."purpose" IS 'CONFIRM_EMAIL: confirm_email\nRESET_PASSWORD: reset_password\nCHANGE_EMAIL: change_email';
        COMMENT ON COLUMN "outbox"."kind" IS 'REGISTRATION: registration\nCONFIRM_EMAIL: confirm_email\nRESET_PASSWORD: reset_password\nPASSWORD_CHANGED: password_changed\nCHANGE_EMAIL: change_email\nEMAIL_CHANGE_NOTICE: email_change_notice';
        COMMENT ON COLUMN "outbox"."status" IS 'PENDING: pending\nSENT: sent\nSKIPPED: skipped\nDEAD: dead';
        COMMENT ON COLUMN "users"."role" IS 'USER: user\nADMIN: admin';"""


MODELS_STATE = (
    "eJztXXtz2zYS/yoY/dPkRvbYju3kkpubkR23cetHJ1YubeMbChIhiRUJqARlWdPLd79dgE"
    "+RlEnGkmmFnU5sA1gQ/C0I7AuLv1uOMJktdzum6TIpT4SYtN6Sv1ucOgx+yapukxadTqNK"
    "LPBo31btqW5o9KGlqqF96bl04EHlkNqSQZHJ5MC1pp4lOJLcCIf1hbn4QZKB4B60lYTC/2"
    "Q+FjbbJWd3zF1gAzKGYsGhCz5z+swl+20ydIVDvDGzXDK0XOkFXUC7XXy8KQbwfIuP1vqk"
    "W37Lu2NGJmxBLI6tiEkBEyoZsSTp9V6IOWeuYZltYpkve723pCtcT1hQP+FiLgkX0J8zFd"
    "LyVDeyTaTAjm65Y41cimARSReSWF6bUG4ShoMlf83wX+SWVI9Vz1FvPuMWVBqeGDGocOH9"
    "v/wXii1usnsmgz+nE2NoMdtMMN0ysQNVbniLqSo7sUbn3PtRtUVc+8ZA2DOHR+2nC28seE"
    "hgcQ9LRwwGRD1mxiYAn9m2P2GCIj1aKPDcGQuHaUYFJhvSmY3TCKn1CKKylmFcXXeNm7Ou"
    "YbRSUyygiM0Fvwh4iNMTxioVAiMcws4/Dw5evXp9sPfq+M3R4evXR2/23kBbNd501euvej"
    "ARXLorBdr5T+dXXRyQgG9AfyFY8FXRwAzRVIobEfzB3EwzIZcDcZJKfPBRDtkQNIn4EH29"
    "1RnR+iDmxKF88Y5cfbq4wG/DE6TPYO7POI6tDJcO9g9fH755dXwYMicsWcWTAP8I7+DbLD"
    "fp41SPM/XXg3kNJz8uPMNJ5txXqKYZ8aNwmTXiv7CFYsY5DJzyAcvA3t+wPkndzTPjwddg"
    "lgWl0afp0nm4VCcmH7w8vDLz1Oufdm5OO+/PWgrjPh1M5tQ1jQTYWCMOxFJJ2DZd5Rw4yy"
    "WU05FCB18DBx3ICTPT8mAbVQNPSxFR7WohAtsZDBsWlCGuOSOq/S7putZoxFxJXDacwf4K"
    "C8xgTPmI6Q0dt04ocpkj7lQREUO1c9oU9vRXe7BxL2RadHjsB6DE8HlMPVwChW2CiDESsI"
    "XPx4yTzqf3512j273QG74Uu6RDXJBQoBugAN7rvV7hRQYUBA46gT+DcdE5Xby95dBkQajL"
    "CB3BTIJnO5bEhlIN0eJ/sgHCB5IGF17YCEQhlCwINR2LAwF2GJdn1Mjx65Kqb+SwSfog9p"
    "iqW+wKcGGuyxAGX4qBUWMfLhsI1yRi5tnWnS+w0IFa+wuKLF9agHgw8eFfqP7SYsGMwoKN"
    "CzX+59nINCtlGuql0X8PCHqWw7Lx1xRL+Js+yW7wy/Nd47Ow7Z5fnt10O5e/YveOlH/ZCq"
    "dO9wxrDlTpYqn0xfHLJDPCTsjn8+4Hgn+SP66vzhScQnojVz0xatf9o4VjojNPGKCMGKDD"
    "xTAJioOihOgUfnpJzp6OqXsGqlNqs05wOCReYjKAVR+2ttQqPYbNCoZTVEB16L1hMz7yxv"
    "Dn4d4Kjv+n8/H0Q+fji8O9JS5e+TUHqiopsMJWKMoLrHGqOusIn8eCmLCdWF4pdWAjC1zE"
    "g9g+VJwFMaI6c6ArUAxw6gy/Nc1edXL28ulml5lWa12beXJlOSqyshzlryxHyyuLy+AlpZ"
    "c5sfPhTVJtHcz7B28K4AytcoFWdUmkUVJKY/zzzfVVNsZB+2WByBp45H/EBkl9bSj/azjj"
    "SlUg/Zlle6Am7OJj/70u9FeAjfgkZKMA4xeXnd+W4T+9uD5ZFnqwg5MsE8TT6Mun2m7Xyl"
    "CWg6r2Kk05bvcrpiVPQXMDTvpWat9cT9Bcj3qqUldDE3JKAy5KXNoeHrNoq6lI+mwE84zM"
    "LW8c2bVDbfKWh8+K2/JtC7VxrTyqHlE3RlUThqZGJ2EJM3cftL1r5ZlUMLwHL97r/cOAnu"
    "DF9BcsyRi0fK21s3sPvQ6W0v0lo+5gzAAHzyeTMLgYXV8AAvoxVD1pcctR8cZmmgzEU6zX"
    "Xol30Effcr2xSReGY0JH8BAHAAIYLexkf2+PTO2ZRDMEIKG0cvXqAl5n7gIEUr29Q6gt+E"
    "hzYO5r8Nqe4FCTKXdIO1D5fQwAGGnp+dHrIZCGX4IOD2CFMnTccpfZDGcC/HunrBFCMQwZ"
    "hL/AxBUuQQ4XNAr83Yq+toRlDC0uBmKjQI1MBi12P8WZi9aPoL/ITHBvBBPK0J2pboIego"
    "W3pbqBD079oZb2nFEovjzCMHQ/1ccxcBnuDAatPgS/i2rPn03Nb32+30W158c+i0ecHGGv"
    "DzCmsUvV0i4VfZxlBN4kVZ3NF1VF3r0iRgtolS/y7qXMFuEXVwbqBNH2qRbrwJk51LLLYB"
    "wSVMJ3M0aJigAfHB0WABha5QKs6pIATwGkUpM4JKgxwK2z3f3jQyV7gZbBlLQJw6xk8jwu"
    "AvpxPubH2ZAbd9SelQc+Iqsz/B0fbxDpLdOqF+4MZkZ52AOqOqPuT/o56h2+SgazxaqE/v"
    "5xkbV82V0TW8qPl9EPhMsy2Mdp6oz87/DfzuXlzvv3uOTs6F8rwV5sC12xgy7DrjTaNOZd"
    "EOezMQ8JtkBAWeWePPutu9r6FnonL66vfgqaL5vkkmDH1OMJy5jpN8pCEkT+rBDFA/ItFM"
    "cPC4mJ0OolOb2+uOh0z8ht6/S2lWv4XyGcV+JCirphQhUmKEG8EgMSlDVe9ivrSQdFRBts"
    "VhB91TRT2KkCf4Jy++A/2j8ogD60Kgg+tswRdXzr3BL6DrXtXIvYEmmNPetljWOvDl4fh+"
    "Yw/GOVAezmsnNxkfaUp+2cS9hCaYF1PSBeQre/8CWftcg4/R9+eAIx5+T37lknIefAxD05"
    "v+p8/D1b0DlZKdVUgD2DusG9EO6+wymNd+7qEaPYXBj/fjl0W6cYI6udbDrWWL5Tf5x16a"
    "igzvTIhybi7r0SaC+T1XixbnVjLs0whhlfIPKCiuHToJ/05ZUJq01SNuG1tQ6vTbpMy7A5"
    "SdmwudZsbg6gNQfQasKD534A7WfRb2UE02Fxe1Ug3Z+iXzCI7jMe0aIECNBZYM4Y4eze0+"
    "LY1BUDjIhT0gKe/1JhXhgR5QeJcf8MlylUVTrK7tF7/4Zj4GVd9Y/rpX/a4JSk+aOI4e8o"
    "38Nw5Bv68sNQgNEVNvmIqtnga7fB1yTC+JqzLkyArpgwnrUyJupXLpFo4cS5BGsJtC24Wn"
    "aIau3HrkZRwDry1vLeqrOjoNrefOjsHBwdq6hTll4Xv6GfkqdKpzMX2M/8o6X3UwvmAX5l"
    "zcnSekbwBfzK3KgePoQYI6+zz0ofQ1THyC0+wR1/KNyCtoc1BymY1ojJnEOgOftWSFFfUa"
    "EVLCQWJ2N2XwXqx4/G2XBk3+bmth99M6d4IoIXPfi5/ki/xs62tfJZ4ruKtvmSbE5SNmyu"
    "NZtByqtkS5WP+R3XzNO8Zfzd/Jn8un2wtbCizmRjRH3YiBqbenWyoV7PvL64v0TJMctgEN"
    "W2V5oLVLuiVgKUU7XxUvpJOkHVnzAT1Zy2OoQK/RHKF74dQLjqIC3gOhZ4WCFwyKoEWsHR"
    "Wp5hYF3fo/Dsb4fMhTthLhnY1HIwtagr5miacMQdDID0emjOhc3EY84Uf/Z6mCwM9TrGTT"
    "xEjTYMRbxLrkN7rsUkgcmhT+bqauLOOGbS0mdwgzO0Or+XuCucA/QLqALUmynWLQ1NW0Ci"
    "6phEq2pcNrCmFry5intTRcGEbmwl9bSVTODlqxpKAtqaa5KL2CdZSY0spEWuUCJTOmT4nZ"
    "RR3BNEdYa8TufykitSCu0HYnhT1DWO48XTYrjYyt1E4Hc9w6q3OVXWZy0T6CSW/tJD+2pf"
    "1mfK0EHBC/LmSTJpTalLnYzTTvmpiCKKJhlRQjWumowozo5I3qqySUfUGzyJNgXRFSEs/e"
    "n4Vl98F1NWWb+K5OXKz8qVysnly75lEq/HSTZnPthbr5TahKk2drcydrdlxbEkrzPIG4bX"
    "muFDTA0+rvRhL5E2BvU681kd/2KuKzKMuQ+k7AmptuBI/LLqWiTtKrRaobqqxKs1iRD7VY"
    "tv51wlvqA+OCm7b1az9ioDsC8WGlaMonCMLfXIR2Zi7sKZ9PCGGA/zJ/bZUOCFBlzf0gQ6"
    "otQGUzFFE6m6aAEoUXfUFxpkBdg+VtfqCgfXgn0rzIgJr8Ul1eqJf+uDPq61S879exHUjT"
    "dcqI5QR0T1UVn+VeJEjzh0QTxm20Bf12ucGltrEVtr44x8MpPG5g+BbsjadKoXoz6zxVxf"
    "vyLISAjznersLaFE6syVpQxOj6bu+Q8vPeuTdHVmwAcq0VHHQsRxiVd7At4YqNf6creYbf"
    "jT+P4inVp6s8f8y5jq2RujH1ZfpGSbys3rwMZfjGfPXbavicT5kY0shDVP1EzUr5Qx3VjL"
    "wicSpDXiO7OpL3yxHRUQwEV48efUFXfq9iolHOKNnzI4XYDB11kxBd/aJcqSN5hYnNpBJn"
    "W/E2Uchf5NhgT4s00YHYx1Ym7sQMw5mVIp58I12zoVOJKoflUMAXRIoX+/Q0/fZ4OxCTC7"
    "h5aLF3gFDgwQMlU+dCR+67szVE7u8B4vqt8VBN5gALc8eLpyfnA5Z3j5l05xPhczJVxjcA"
    "XQDl0WvFnhAIWEhyu480tFbDTHMp56Y8kXf7czVL1O3u6nTBa2qb37SrgOtS2po7OILcQE"
    "ltn6urqf9shsjYxka0lsHewzBmxf4zIwpwjrPOmf2iz5vYRuYHqfGU/LQCq4UwlndVbkNn"
    "7qbpkr382hO5SFjep6cwZ54/Sqm2LcBC18d2wONciSTI7TPR8WB4ll1OlxPGarbiMPzz00"
    "5q8Nmr9ufBt9huXrJjLf5xu9ZHA7VbvopX+Byca/Bs9kd9YgI8lGftOHL/TzhT7/Pr+3D9"
    "6x59/lF7tl75YXuGYPH9P4RZ+zYUgJ2VmnA3Pxj1HUNsSydTVz+niJofb6u2wIa9XYP0EG"
    "X4By0z2NV059mbASlTuAkqTaOvvEWrTl5lLq1joupW4E8q2VyFLBhhVTNCzTNqyuNau/vy"
    "iE75LNLrsT1ZTsJGVjL6szl5tAxybrSh1Y8MyzrijUM0xCATfy7UHqIHgxY1CHB26ujCim"
    "qA7NPb2eHxTb65GBvn5Em2R0lGOo6WIkKjdVzDpG/6iougEdjJmJsfMLMnSFQyjhbI4GpV"
    "3sGJaTsZHqPXa5iZ/iGs+EuRg0BePCxNcvojAnV9jwehhqfwc/Qyfey1uOg7EkmYeR+RG9"
    "TlzbDmOZYKiqfyxV4bSgtqMQ2RiY6r4ItlcYmJrIo+8q8mgtfugm7uiZWp/WEndU+VrUp7"
    "kRdVOGvvXfh9oEfG3ahI1yVTbQDycfCWg3ONMDjaecJ1xnUl+os5amqLSqP3oW9VCEzRAd"
    "BQBLeZ5zLEa3fEkkEK4L+rBkw3dEXl9fJAwjJ+fLd4x/ujw5A/AV9tDI8hJyY0xKl4bWH0"
    "oinqDbIOKBXPNsAad3ILKXyiQQUdQ5F9sVBkr4dzD5RCQaeT2WdTbKPBC7KgFhQFFn6M9v"
    "rsmr/ePjnX1C7emY7hxUgrwI4Plwp9JIxcwbacjzU0ktkdX2Ntqy9oBHi2TYzst9nwzOxq"
    "9eZUN8Fv6ZEpGOsXXLNOGx0gAhZpKRA+/EJ//xl4/MDs/mZrsQOrorkKMmz5f7KU/CssDu"
    "gRz4jUCd6l62FaSMO+OqY7V8Vd02AhaP7a2OVCyMeFtAWqfrrcNcazBuZTjf/Jr2Kvcbjd"
    "o85H/Lh+GRvU3fi6vpG2WhfCdSrqiZrzHly5qNtTFHLcWPqgTCfvMtRHctbguUUDKjvvNT"
    "e8dINp/b+2nk+UfL4v2kp4u+/h9XNQ0E"
)
