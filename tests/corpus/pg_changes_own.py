"""The changes to our own database (own.sql): what a year of work on it would bring; see pg_changes.py."""
from pg_changes import Change, columns, ddl_inside


def customers(s):
    """A table and columns renamed, with what refers to them."""
    s["tables"]["customer"] = dict(s["tables"].pop("account"), renamed_from="account")
    column = columns(s, "customer")
    column["name"] = dict(column.pop("full_name"), renamed_from="full_name")
    for table, key in (("address", "address_account_id_fkey"), ("Order", "Order_account_id_fkey")):
        s["tables"][table]["foreign_keys"][key]["table"] = "customer"


def customers_ddl(d):
    d.inside("account", "full_name text", "name text")
    d.inside("account", "BY DEFAULT AS IDENTITY", "BY DEFAULT AS IDENTITY (SEQUENCE NAME account_id_seq)")
    for old, times in (("CREATE TABLE account (", 1), ("ALTER TABLE account ADD", 1), ("REFERENCES account (", 2), ("ON account ", 4)):
        d.replace(old, old.replace("account", "customer"), times)


def currency(s):
    """A NOT NULL column that is filled from another table's rows, and one with a constant."""
    columns(s, "Order")["currency"] = {
        "type": "char(3)", "nullable": False,
        "backfill": "CASE (SELECT a.country FROM address a WHERE a.id = address_id) WHEN 'GB' THEN 'GBP' ELSE 'EUR' END"}
    columns(s, "line")["tax"] = {"type": "numeric(4,1)", "nullable": False, "default": "19.0"}
    s["tables"]["line"]["checks"]["line_tax_check"] = "tax IN (0, 7, 19)"


def currency_ddl(d):
    d.inside('"Order"', "    note text,\n", "    note text,\n    currency char(3) NOT NULL,\n")
    d.inside("line", "    price numeric(10,2) NOT NULL,\n", "    price numeric(10,2) NOT NULL,\n    tax numeric(4,1) DEFAULT 19.0 NOT NULL,\n"
             "    CONSTRAINT line_tax_check CHECK (tax IN (0, 7, 19)),\n")


def stricter(s):
    columns(s, "product")["weight"].update(nullable=False, backfill="0")
    columns(s, "product")["words"].pop("nullable")
    s["tables"]["product"]["checks"]["product_price_check"] = "price BETWEEN 0 AND 99999"
    s["tables"]["address"]["checks"]["address_postcode_check"] = "postcode ~ '^[0-9A-Z -]+$'"
    s["tables"]["Order"]["unique"]["Order_invoice_key"] = {"columns": ["invoice", "account_id"]}
    s["tables"]["tag"]["checks"] = {"tag_name_check": "name <> '' AND length(name) < 40"}


def stricter_ddl(d):
    d.inside("product", "weight real", "weight real NOT NULL")
    d.inside("product", "words text DEFAULT '' NOT NULL", "words text DEFAULT ''")
    d.replace("CHECK (price >= 0)", "CHECK (price BETWEEN 0 AND 99999)")
    d.replace("UNIQUE (invoice)", "UNIQUE (invoice, account_id)")
    d.append("ALTER TABLE address ADD CONSTRAINT address_postcode_check CHECK (postcode ~ '^[0-9A-Z -]+$')")
    d.append("ALTER TABLE tag ADD CONSTRAINT tag_name_check CHECK (name <> '' AND length(name) < 40)")


def types(s):
    columns(s, "address")["postcode"]["type"] = "varchar(20)"
    columns(s, "category")["slug"]["type"] = "text"
    columns(s, "product")["weight"]["type"] = "double precision"
    columns(s, "event")["detail"]["type"] = "jsonb"
    columns(s, "event")["kind"]["type"] = "varchar(40)"
    columns(s, "account")["locale"]["type"] = "varchar(12)"


def types_ddl(d):
    d.inside("address", "varchar(12)", "varchar(20)")
    d.inside("category", "varchar(50)", "text")
    d.inside("product", "weight real", "weight double precision")
    d.inside("event", "detail json,", "detail jsonb,")
    d.inside("event", "kind varchar(30)", "kind varchar(40)")
    d.inside("account", "locale char(5) DEFAULT 'en_GB'", "locale varchar(12) DEFAULT 'en_GB'::bpchar")  # as ALTER TYPE leaves it


def big_keys(s):
    """A key, and what refers to it."""
    columns(s, "category")["id"]["type"] = "integer"
    columns(s, "category")["parent_id"]["type"] = "integer"
    columns(s, "product")["category_id"]["type"] = "integer"


def big_keys_ddl(d):
    d.inside("category", "    id smallint", "    id integer")
    d.inside("category", "parent_id smallint", "parent_id integer")
    d.inside("product", "category_id smallint", "category_id integer")


def states(s):
    s["enums"]["order_state"] = ["cart", "placed", "checked", "paid", "shipped", "returned", "void"]
    s["enums"]["channel"] = ["mail", {"value": "text", "renamed_from": "sms"}, "push"]


def states_ddl(d):
    d.replace("'placed', 'paid', 'shipped', 'returned');", "'placed', 'checked', 'paid', 'shipped', 'returned', 'void');")
    d.replace("ENUM ('mail', 'sms')", "ENUM ('mail', 'text', 'push')")


def fewer_states(s):
    """Nobody has what goes; columns, a default, an index, a check and a view use the rest."""
    s["enums"]["channel"] = ["sms", "mail"]


def indexes(s):
    t = s["tables"]
    t["product"]["indexes"]["product_category_id_idx"] = {"columns": ["category_id", {"name": "price", "order": "desc"}], "include": ["title"]}
    t["account"]["indexes"]["account_staff_idx"]["where"] = "is_staff"
    t["event"]["indexes"]["event_moment_idx"] = t["event"]["indexes"].pop("event_at_idx")
    t["line"].setdefault("indexes", {})["line_sku_idx"] = ["sku"]
    t["address"]["indexes"].pop("address_account_id_idx")


def indexes_ddl(d):
    d.replace("ON product (category_id) INCLUDE (title, price)", "ON product (category_id, price DESC) INCLUDE (title)")
    d.replace("WHERE is_staff AND seen IS NOT NULL", "WHERE is_staff")
    d.replace("CREATE INDEX event_at_idx", "CREATE INDEX event_moment_idx")
    d.without("CREATE INDEX address_account_id_idx")
    d.append("CREATE INDEX line_sku_idx ON line (sku)")


def foreign_keys(s):
    t = s["tables"]
    t["category"]["foreign_keys"]["category_parent_id_fkey"].update(on_delete="cascade", deferrable="immediate")
    t["account"]["foreign_keys"]["account_default_address_id_fkey"].pop("deferrable")
    t["event"]["foreign_keys"]["event_order_id_fkey"] = {"columns": ["order_id"], "table": "Order", "on_delete": "cascade"}
    t["product_tag"]["foreign_keys"].pop("product_tag_tag_fkey")


def foreign_keys_ddl(d):
    d.replace("REFERENCES category (id)\n", "REFERENCES category (id) ON DELETE CASCADE DEFERRABLE\n")
    d.replace(" DEFERRABLE INITIALLY DEFERRED", "")
    d.append('ALTER TABLE event ADD CONSTRAINT event_order_id_fkey FOREIGN KEY (order_id) REFERENCES "Order" ON DELETE CASCADE')
    d.replace("ON UPDATE CASCADE,\n    CONSTRAINT product_tag_tag_fkey FOREIGN KEY (tag) REFERENCES tag (name)\n", "ON UPDATE CASCADE\n")


def goodbye(s):
    """Columns and a table go, with what hangs on them."""
    del columns(s, "product")["barcode"]
    del columns(s, "account")["settings"]
    s["tables"]["account"]["indexes"].pop("account_settings_idx")
    del s["tables"]["product_tag"]


def goodbye_ddl(d):
    d.inside("product", "    barcode bytea,\n", "")
    d.inside("account", "    settings jsonb DEFAULT '{}' NOT NULL,\n", "")
    d.without("CREATE INDEX account_settings_idx")
    d.without("CREATE TABLE product_tag")


def computed(s):
    columns(s, "address")["id"].update(type="integer", identity="by default")
    columns(s, "Order")["note"]["default"] = "'none'"
    columns(s, "event")["at"]["default"] = "clock_timestamp()"
    s["sequences"]["invoice_numbers"]["increment"] = 5
    s["tables"]["product"]["comment"] = "what is for sale"


def computed_ddl(d):
    d.inside("address", "id serial NOT NULL", "id integer GENERATED BY DEFAULT AS IDENTITY")
    d.inside('"Order"', "note text", "note text DEFAULT 'none'")
    d.inside("event", "CURRENT_TIMESTAMP", "clock_timestamp()")
    d.replace("START 5000 INCREMENT 10", "START 5000 INCREMENT 5")
    d.replace("'what''s for sale'", "'what is for sale'")


def returns(s):
    """New tables that refer to old ones and to each other."""
    s["tables"]["return"] = {
        "columns": {
            "id": {"type": "uuid"},
            "order_id": {"type": "bigint", "nullable": False},
            "line_number": {"type": "smallint", "nullable": False},
            "reason_code": {"type": "integer"},
            "at": {"type": "timestamptz", "nullable": False, "default": "now()"}},
        "primary_key": {"name": "return_pkey", "columns": ["id"]},
        "foreign_keys": {
            "return_line_fkey": {"columns": ["order_id", "line_number"], "table": "line"},
            "return_reason_code_fkey": {"columns": ["reason_code"], "table": "reason"}},
        "indexes": {"return_at_idx": [{"name": "at", "order": "desc"}]}}
    s["tables"]["reason"] = {
        "columns": {"code": {"type": "integer", "identity": "always"},
                    "words": {"type": "text", "nullable": False},
                    "last_return": {"type": "uuid"}},
        "primary_key": {"name": "reason_pkey", "columns": ["code"]},
        "unique": {"reason_words_key": ["words"]},
        "foreign_keys": {"reason_last_return_fkey": {"columns": ["last_return"], "table": "return", "deferrable": "deferred"}}}


RETURNS = """
CREATE TABLE reason (
    code integer GENERATED ALWAYS AS IDENTITY CONSTRAINT reason_pkey PRIMARY KEY,
    words text NOT NULL CONSTRAINT reason_words_key UNIQUE,
    last_return uuid
);
CREATE TABLE return (
    id uuid CONSTRAINT return_pkey PRIMARY KEY,
    order_id bigint NOT NULL,
    line_number smallint NOT NULL,
    reason_code integer CONSTRAINT return_reason_code_fkey REFERENCES reason,
    at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT return_line_fkey FOREIGN KEY (order_id, line_number) REFERENCES line
);
ALTER TABLE reason ADD CONSTRAINT reason_last_return_fkey FOREIGN KEY (last_return) REFERENCES return DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX return_at_idx ON return (at DESC);
"""

CHANNELS = "replace(channels::text, 'sms', 'text')"

OWN = [
    Change("renames", customers, customers_ddl, renames={"account": "customer", "account.full_name": "name"}),
    Change("filled columns", currency, currency_ddl,
           values={"Order.currency": "CASE (SELECT a.country FROM address a WHERE a.id = address_id) WHEN 'GB' THEN 'GBP' ELSE 'EUR' END",
                   "line.tax": "19.0"}),
    Change("stricter", stricter, stricter_ddl, values={"product.weight": "coalesce(weight, 0)"}, filled=["product.weight"]),
    Change("types", types, types_ddl, values={"product.weight": "weight::float8", "event.detail": "detail::jsonb"}, touched=["event.detail"],
           together=False),
    Change("a key and what refers to it", big_keys, big_keys_ddl),
    Change("enum values", states, states_ddl, values={"account.channels": CHANNELS},
           irreversible=True),  # the view turnover uses the states
    Change("an enum reordered", fewer_states, lambda d: d.replace("ENUM ('mail', 'sms')", "ENUM ('sms', 'mail')")),
    Change("indexes", indexes, indexes_ddl),
    Change("foreign keys", foreign_keys, foreign_keys_ddl, together=False),
    Change("columns and a table dropped", goodbye, goodbye_ddl, lost=["product.barcode", "account.settings", "product_tag"]),
    Change("defaults, identity, comments", computed, computed_ddl, together=False),
    Change("new tables", returns, lambda d: d.append(RETURNS), after="INSERT INTO reason (words) VALUES ('too big');"),
]
