"""A table of contacts with many owners, as plans are tried on."""

from contactsvc.contacts.details import empty
from contactsvc.contacts.search import keys_of

OWNERS, CONTACTS_EACH = 100, 300
TIES = 30
"""Contacts of one owner at most that share a name or a time."""

NAMELESS = dict.fromkeys(("middle_name", "prefix", "suffix", "nickname", "organization"), "")
KEY, _ = keys_of(
    NAMELESS | {"first_name": "fff", "last_name": "lll", "tags": ["t1"], "details": empty()}, None
)
FILL = f"""
-- VACUUM marks no page as visible to all whose commit is not on the disk yet.
SET synchronous_commit = on;
INSERT INTO users (email, email_key, name, password_hash, role, confirmed, is_active,
                   auth_version, version, created_at)
SELECT n || '@example.com', n || '@example.com', '', '', 'user', true, true, 1, 1, now()
FROM generate_series(1, {OWNERS}) AS n;
INSERT INTO contacts (owner_id, uid, first_name, last_name, notes, tags, favorite, details,
                      display_name, first_name_sort, last_name_sort, search_key, search_more,
                      match_keys,
                      birthday, birthday_md, version, derived_version, created_at, updated_at)
SELECT owner.id, n, 'f' || n % 20, 'l' || n % 30, '', ARRAY['t1'], n % 2 = 0, '{{}}',
       'f' || n % 20 || ' l' || n % 30,
       convert_to('f' || n % 20, 'UTF8'), convert_to('l' || n % 30, 'UTF8'),
       replace(replace('{KEY}', 'fff', 'f' || n % 20), 'lll', 'l' || n % 30),
       CASE WHEN n % 100 = 0 THEN '{KEY}' END, ARRAY[n % 150 * 4, n * 4 + 2],
       to_char(day, '"--"MM-DD'), to_char(day, 'MMDD')::int, 1, 1, moment, moment
FROM users AS owner, generate_series(1, {CONTACTS_EACH}) AS n,
     LATERAL (SELECT date '2001-01-01' + n * 37 % 365 AS day,
                     timestamptz '2026-01-01' + n % 40 * interval '1 hour' AS moment) AS made;
-- No two of these look like one. An empty table is read as a whole if it is known to be empty.
INSERT INTO dismissed_duplicates (owner_id, low_id, high_id)
SELECT owner_id, id, id + 1 FROM contacts;
"""
