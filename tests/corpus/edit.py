"""Edit the schema file of Chinook: one change of every kind, then some of them taken back.

    edit.py add FILE      a rename, a backfill, a type, a table less; what can be added is added
    edit.py drop FILE     drops what `add` added: foreign key, index, check, view and trigger
"""
import json
import sys


def add(schema):
    tables = schema["tables"]
    customer = {}
    for name, column in tables["Customer"]["columns"].items():
        if name == "Company":
            customer["CompanyName"] = dict(column, renamed_from="Company")
        else:
            customer[name] = column
    customer["Status"] = {"type": "varchar(10)", "nullable": False, "check": "Status IN ('vip', 'plain')",
                          "backfill": "CASE WHEN Country = 'Brazil' THEN 'vip' ELSE 'plain' END"}
    tables["Customer"]["columns"] = customer
    tables["Track"]["columns"]["Bytes"]["type"] = "TEXT"
    del tables["PlaylistTrack"]
    del tables["Album"]["columns"]["ArtistId"]["references"]
    del tables["Track"]["indexes"]["IFK_TrackGenreId"]
    tables["Invoice"]["columns"]["Parent"] = {
        "type": "INTEGER", "references": {"table": "Invoice", "column": "InvoiceId", "on_delete": "set null"}}
    tables["Invoice"]["indexes"]["ix_total"] = {
        "columns": [{"name": "Total", "order": "desc"}], "where": "Total > 5"}
    tables["Genre"]["checks"] = {"ck_genre": "Name <> ''"}
    tables["Artist"]["triggers"] = {"artist_ai": {
        "timing": "after", "events": ["insert"],
        "body": "UPDATE Artist SET Name = trim(NEW.Name) WHERE ArtistId = NEW.ArtistId;"}}
    schema["views"] = {"top_customers": "SELECT CustomerId, CompanyName, sum(Total) AS total FROM Customer "
                                        "JOIN Invoice USING (CustomerId) GROUP BY 1, 2"}


def drop(schema):
    tables = schema["tables"]
    del tables["Invoice"]["columns"]["Parent"]["references"]
    del tables["Invoice"]["indexes"]["ix_total"]
    del tables["Genre"]["checks"]
    del tables["Customer"]["columns"]["Status"]["check"]
    tables["Artist"]["triggers"] = {}
    schema["views"] = {}


with open(sys.argv[2]) as f:
    edited = json.load(f)
{"add": add, "drop": drop}[sys.argv[1]](edited)
with open(sys.argv[2], "w") as f:
    json.dump(edited, f, indent=2)
