"""The changes to Pagila and to Zabbix; see pg_changes.py."""
from pg_changes import Change, all_of, columns


# ---- Pagila ---------------------------------------------------------------------------------------

def replaced(*edits):
    def ddl(d):
        for edit in edits:
            d.replace(*edit)
    return ddl


def film_enum(values):
    def edit(s):
        s["enums"]["mpaa_rating"] = values
    return edit


def pagila_add(s):
    columns(s, "customer")["born"] = {"type": "date", "nullable": False, "backfill": "create_date - 30 * customer_id"}
    columns(s, "film")["stars"] = {"type": "smallint", "nullable": False, "default": "3", "check": "stars BETWEEN 0 AND 5"}


def pagila_rename(s):
    """Views, a trigger and functions mention them: they follow, or do not mind."""
    c = columns(s, "staff")
    c["photo"] = dict(c.pop("picture"), renamed_from="picture")
    c = columns(s, "city")
    c["name"] = dict(c.pop("city"), renamed_from="city")


def pagila_identity(s):
    """The sequences are free ones: they stay where they are, and identities come beside them."""
    columns(s, "actor")["actor_id"].pop("default")
    columns(s, "actor")["actor_id"]["identity"] = "always"


def pagila_free_sequence(s):
    pagila_identity(s)
    del s["sequences"]["actor_actor_id_seq"]


def pagila_types(s):
    columns(s, "staff")["username"]["type"] = "varchar(40)"
    columns(s, "language")["name"]["type"] = "varchar(20)"


def pagila_used_type(s):
    columns(s, "film")["length"]["type"] = "integer"


def pagila_drop_used(s):
    del columns(s, "address")["phone"]


def pagila_drop(s):
    del columns(s, "staff")["picture"]
    del columns(s, "film")["original_language_id"]
    s["tables"]["film"]["foreign_keys"].pop("film_original_language_id_fkey")
    s["tables"]["film"]["indexes"].pop("idx_fk_original_language_id")


def pagila_drop_ddl(d):
    d.inside("staff", ",\n    picture bytea", "")
    d.inside("film", "    original_language_id integer,\n", "")
    d.without("ALTER TABLE ONLY public.film\n    ADD CONSTRAINT film_original_language_id_fkey")
    d.without("CREATE INDEX idx_fk_original_language_id")


def pagila_drop_table(s):
    del s["tables"]["language"]
    s["tables"]["film"]["foreign_keys"].pop("film_original_language_id_fkey")
    s["tables"]["film"]["foreign_keys"].pop("film_language_id_fkey")
    s.get("sequences", {}).pop("language_language_id_seq", None)


def pagila_indexes(s):
    film = s["tables"]["film"]
    film["indexes"]["film_fulltext_idx"] = {"columns": ["fulltext"], "method": "gin"}
    film["indexes"]["film_features_idx"] = {"columns": ["special_features"], "method": "gin"}
    film["indexes"]["idx_title"] = {"columns": [{"expression": "lower(title)"}, {"name": "release_year", "order": "desc"}]}
    s["tables"]["rental"]["indexes"]["idx_unq_rental_rental_date_inventory_id_customer_id"]["where"] = "return_date IS NULL"
    s["tables"]["store"]["indexes"].pop("idx_unq_manager_staff_id")
    s["tables"]["store"]["unique"] = {"store_manager_key": ["manager_staff_id"]}


def pagila_indexes_ddl(d):
    d.replace("USING gist (fulltext)", "USING gin (fulltext)")
    d.replace("USING btree (title)", "USING btree (lower(title), release_year DESC)")
    d.append("CREATE INDEX film_features_idx ON public.film USING gin (special_features)")
    d.replace("(rental_date, inventory_id, customer_id)", "(rental_date, inventory_id, customer_id) WHERE return_date IS NULL")
    d.without("CREATE UNIQUE INDEX idx_unq_manager_staff_id")
    d.append("ALTER TABLE public.store ADD CONSTRAINT store_manager_key UNIQUE (manager_staff_id)")


def pagila_foreign_keys(s):
    s["tables"]["staff"]["foreign_keys"]["staff_store_id_fkey"].update(on_delete="set null")
    s["tables"]["store"].setdefault("foreign_keys", {})["store_manager_staff_id_fkey"] = {
        "columns": ["manager_staff_id"], "table": "staff", "on_update": "cascade", "deferrable": "deferred"}
    key = s["tables"]["rental"]["foreign_keys"]["rental_customer_id_fkey"]
    key.pop("on_update")
    key["on_delete"] = "cascade"


def pagila_foreign_keys_ddl(d):
    d.replace("ADD CONSTRAINT staff_store_id_fkey FOREIGN KEY (store_id) REFERENCES public.store(store_id)",
              "ADD CONSTRAINT staff_store_id_fkey FOREIGN KEY (store_id) REFERENCES public.store(store_id) ON DELETE SET NULL")
    d.append("ALTER TABLE public.store ADD CONSTRAINT store_manager_staff_id_fkey FOREIGN KEY (manager_staff_id) REFERENCES public.staff "
             "ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED")
    d.replace("ADD CONSTRAINT rental_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customer(customer_id) ON UPDATE CASCADE ON DELETE RESTRICT",
              "ADD CONSTRAINT rental_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customer(customer_id) ON DELETE CASCADE")


def pagila_checks(s):
    film = s["tables"]["film"]
    film["checks"] = {
        "film_length_check": "length > 0", "film_rate_check": "rental_rate >= 0 AND rental_rate < replacement_cost + 100",
        "film_features_check": "special_features <@ ARRAY['Trailers', 'Commentaries', 'Behind the Scenes'] OR length IS NOT NULL"}


PAGILA_CHECKS = """
ALTER TABLE public.film ADD CONSTRAINT film_length_check CHECK (length > 0),
  ADD CONSTRAINT film_rate_check CHECK (rental_rate >= 0 AND rental_rate < replacement_cost + 100),
  ADD CONSTRAINT film_features_check CHECK (special_features <@ ARRAY['Trailers', 'Commentaries', 'Behind the Scenes'] OR length IS NOT NULL);
"""


def pagila_comments(s):
    s["tables"]["film"]["comment"] = "films"
    columns(s, "film")["release_year"]["comment"] = "of a domain"


VALUES = "    'G',\n    'PG',\n    'PG-13',\n    'R',\n    'NC-17'\n"
PAGILA = [
    Change("columns added", pagila_add,
           lambda d: (d.inside("customer", "    active integer,", "    active integer, born date NOT NULL,"),
                      d.inside("film", "    length smallint,", "    length smallint, stars smallint DEFAULT 3 NOT NULL CONSTRAINT ck_film_stars CHECK (stars BETWEEN 0 AND 5),")),
           values={"customer.born": "create_date - 30 * customer_id", "film.stars": "3"}, touched=["customer.last_update"]),
    Change("columns renamed under views", pagila_rename,
           lambda d: (d.inside("staff", "picture bytea", "photo bytea"), d.inside("city", "    city text", "    name text"),
                      d.replace("    city.city,\n", "    city.name AS city,\n", 2), d.replace("((c.city || ','", "((c.name || ','"),
                      d.replace("BY cy.country, c.city", "BY cy.country, c.name", 2)),
           renames={"staff.picture": "photo", "city.city": "name"}),
    Change("identity beside a free sequence", pagila_identity,
           replaced(("actor_id integer DEFAULT nextval('public.actor_actor_id_seq'::regclass) NOT NULL",
                     "actor_id integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.actor_actor_id_seq1)")),
           after="INSERT INTO actor (first_name, last_name) VALUES ('x', 'y'), ('z', '');", together=False),
    Change("identity instead of a free sequence", pagila_free_sequence,
           lambda d: (d.without("CREATE SEQUENCE public.actor_actor_id_seq"), d.without("ALTER TABLE public.actor_actor_id_seq"),
                      d.replace("actor_id integer DEFAULT nextval('public.actor_actor_id_seq'::regclass) NOT NULL",
                                "actor_id integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.actor_actor_id_seq1)")),
           after="INSERT INTO actor (first_name, last_name) VALUES ('x', 'y'), ('z', '');", together=False),
    Change("types", pagila_types,
           lambda d: (d.inside("staff", "username text", "username varchar(40)"), d.inside("language", "name text", "name varchar(20)"))),
    Change("the type of a key that a materialized view reads", lambda s: columns(s, "rental")["rental_id"].update(type="bigint"), None,
           refused="rental_by_category", together=False),
    Change("the type of a column that views read", pagila_used_type, None, refused="film_list", together=False),
    Change("a column that views read dropped", pagila_drop_used, None, refused="customer_list", together=False),
    Change("columns dropped", pagila_drop, pagila_drop_ddl, lost=["staff.picture", "film.original_language_id"], together=False),
    Change("a table with a trigger dropped", pagila_drop_table, None, refused="trigger last_updated", together=False),
    Change("indexes", pagila_indexes, pagila_indexes_ddl),
    Change("foreign keys, in a circle", pagila_foreign_keys, pagila_foreign_keys_ddl),
    Change("checks", pagila_checks, lambda d: d.append(PAGILA_CHECKS)),
    Change("comments", pagila_comments, lambda d: d.append("COMMENT ON TABLE public.film IS 'films'; COMMENT ON COLUMN public.film.release_year IS 'of a domain'")),
    Change("enum values added under views", film_enum(["NR", "G", "PG", "PG-13", "PG-15", "R", "NC-17", "X"]),
           lambda d: d.replace(VALUES, "'NR', 'G', 'PG', 'PG-13', 'PG-15', 'R', 'NC-17', 'X'"), irreversible=True, together=False),
    Change("an enum value renamed under views", film_enum(["G", "PG", {"value": "T", "renamed_from": "PG-13"}, "R", "NC-17"]),
           lambda d: d.replace(VALUES, "'G', 'PG', 'T', 'R', 'NC-17'"), values={"film.rating": "replace(rating::text, 'PG-13', 'T')"}),
    Change("an enum value removed under views", film_enum(["G", "PG", "PG-13", "R"]), None, refused="film_list", together=False),
]
PAGILA.append(all_of("all at once", [c for c in PAGILA if c.together]))


# ---- Zabbix: its schema, changed as its releases change it ----------------------------------------

def zabbix_release(s):
    tables = s["tables"]
    columns(s, "hosts")["vendor_name"] = {"type": "varchar(64)", "nullable": False, "default": "''"}
    columns(s, "hosts")["vendor_version"] = {"type": "varchar(32)", "nullable": False, "default": "''"}
    columns(s, "users")["provisioned"] = {"type": "integer", "nullable": False, "default": "0"}
    columns(s, "users")["url"]["type"] = "text"
    columns(s, "history")["ns"].pop("default", None)
    columns(s, "config")["severity_color_0"]["default"] = "'FFFFFF'"
    tables["items"]["indexes"].pop("items_4")
    tables["items"]["indexes"]["items_10"] = {"columns": ["uuid"], "where": "uuid <> ''"}
    tables["users"]["indexes"]["users_1"] = {"columns": ["username", "roleid"], "unique": True}
    tables["hosts"]["checks"] = {"hosts_status": "status IN (0, 1, 2, 3, 4, 5)"}
    tables["userdirectory"] = {
        "columns": {"userdirectoryid": {"type": "bigint"}, "name": {"type": "varchar(128)", "nullable": False, "default": "''"},
                    "roleid": {"type": "bigint"}},
        "primary_key": {"name": "userdirectory_pkey", "columns": ["userdirectoryid"]},
        "foreign_keys": {"c_userdirectory_1": {"columns": ["roleid"], "table": "role"}},
        "indexes": {"userdirectory_1": ["roleid"]}}
    tables["sessions"]["columns"]["secret"] = {"type": "varchar(32)", "nullable": False, "default": "''"}
    tables["maintenances"]["columns"]["note"] = dict(tables["maintenances"]["columns"].pop("description"), renamed_from="description")


def zabbix_release_ddl(d):
    d.append("""
ALTER TABLE hosts ADD vendor_name varchar(64) DEFAULT '' NOT NULL, ADD vendor_version varchar(32) DEFAULT '' NOT NULL;
ALTER TABLE users ADD provisioned integer DEFAULT 0 NOT NULL;
ALTER TABLE users ALTER url TYPE text;
ALTER TABLE history ALTER ns DROP DEFAULT;
ALTER TABLE config ALTER severity_color_0 SET DEFAULT 'FFFFFF';
DROP INDEX items_4;
CREATE INDEX items_10 ON items (uuid) WHERE uuid <> '';
DROP INDEX users_1;
CREATE UNIQUE INDEX users_1 ON users (username, roleid);
ALTER TABLE hosts ADD CONSTRAINT hosts_status CHECK (status IN (0, 1, 2, 3, 4, 5));
CREATE TABLE userdirectory (userdirectoryid bigint NOT NULL PRIMARY KEY, name varchar(128) DEFAULT '' NOT NULL, roleid bigint);
CREATE INDEX userdirectory_1 ON userdirectory (roleid);
ALTER TABLE userdirectory ADD CONSTRAINT c_userdirectory_1 FOREIGN KEY (roleid) REFERENCES role (roleid);
ALTER TABLE sessions ADD secret varchar(32) DEFAULT '' NOT NULL;
ALTER TABLE maintenances RENAME description TO note""")


def zabbix_every_table(s):
    for n, (name, table) in enumerate(sorted(s["tables"].items())):
        if n % 3 == 0:
            table["columns"]["sd_added"] = {"type": "varchar(64)", "nullable": False, "default": "'x'"}
        if n % 4 == 0:
            table.setdefault("indexes", {})[f"sd_{n}"] = [next(iter(table["columns"]))]
        for key in table.get("foreign_keys", {}).values():
            if n % 5 == 0:
                key["on_delete"] = "cascade"
            elif n % 7 == 0:
                key["deferrable"] = "immediate"


ZABBIX_EVERY_TABLE = r"""
DO $$
DECLARE t record; k record; n int := 0;
BEGIN
  FOR t IN SELECT c.oid, c.oid::regclass AS name, (SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = c.oid AND attnum = 1) AS first
           FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname COLLATE "C" LOOP
    IF n % 3 = 0 THEN EXECUTE format('ALTER TABLE %s ADD sd_added varchar(64) DEFAULT ''x'' NOT NULL', t.name); END IF;
    IF n % 4 = 0 THEN EXECUTE format('CREATE INDEX sd_%s ON %s (%s)', n, t.name, t.first); END IF;
    FOR k IN SELECT conname, pg_get_constraintdef(oid) AS def FROM pg_constraint WHERE conrelid = t.oid AND contype = 'f' LOOP
      IF n % 5 = 0 THEN
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s ON DELETE CASCADE', t.name, k.conname, k.conname,
          replace(k.def, ' ON DELETE CASCADE', ''));
      ELSIF n % 7 = 0 THEN
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE', t.name, k.conname);
      END IF;
    END LOOP;
    n := n + 1;
  END LOOP;
END $$;
"""

ZABBIX = [
    Change("a release", zabbix_release, zabbix_release_ddl, renames={"maintenances.description": "note"},
           values={"hosts.vendor_name": "''", "users.provisioned": "0", "sessions.secret": "''"}),
    Change("the type of a column that a trigger watches", lambda s: columns(s, "items")["name"].update(type="varchar(2048)"), None,
           refused="items_name_upper_update", together=False),
    Change("every table", zabbix_every_table, lambda d: d.append(ZABBIX_EVERY_TABLE)),
]
