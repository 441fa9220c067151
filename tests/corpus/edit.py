"""Edit Chinook's schema file as issue and tutorial do: one change of every kind.   edit.py FILE"""
import json
import sys

with open(sys.argv[1]) as f:
    schema = json.load(f)
tables = schema["tables"]
customer = tables["Customer"]["columns"]
columns = {}
for name, column in customer.items():
    if name == "Company":
        columns["CompanyName"] = dict(column, renamed_from="Company")
    else:
        columns[name] = column
columns["Status"] = {"type": "varchar(10)", "nullable": False, "check": "Status IN ('vip', 'plain')",
                     "backfill": "CASE WHEN Country = 'Brazil' THEN 'vip' ELSE 'plain' END"}
tables["Customer"]["columns"] = columns
tables["Track"]["columns"]["Bytes"]["type"] = "TEXT"
del tables["PlaylistTrack"]
del tables["Album"]["columns"]["ArtistId"]["references"]
del tables["Track"]["indexes"]["IFK_TrackGenreId"]
tables["Invoice"]["columns"]["Parent"] = {
    "type": "INTEGER", "references": {"table": "Invoice", "column": "InvoiceId", "on_delete": "set null"}}
tables["Invoice"]["indexes"]["ix_total"] = {"columns": [{"name": "Total", "order": "desc"}], "where": "Total > 5"}
tables["Genre"]["checks"] = {"ck_genre": "Name <> ''"}
tables["Artist"]["triggers"] = {"artist_ai": {
    "timing": "after", "events": ["insert"],
    "body": "UPDATE Artist SET Name = trim(NEW.Name) WHERE ArtistId = NEW.ArtistId;"}}
schema["views"] = {"top_customers": "SELECT CustomerId, CompanyName, sum(Total) AS total FROM Customer "
                                    "JOIN Invoice USING (CustomerId) GROUP BY 1, 2"}
with open(sys.argv[1], "w") as f:
    json.dump(schema, f, indent=2)
