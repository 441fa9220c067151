#!/usr/bin/env bats
load helpers
load tutorial_helpers

# Alembic's page "Working with Branches": a shopping cart beside the main line, then a root of its own in a
# folder of its own, and one that depends on the other.
lines() {
	sed -i 's/{ "environments"/{ "migrations": ["migrations", "networking"], "environments"/' schemadiff.json
	mkdir networking
	by_hand aa01 "" <<-'END'
		-- schemadiff:up
		CREATE TABLE account (id integer PRIMARY KEY, name text);

		-- schemadiff:down
		DROP TABLE account;
	END
	ok upgrade
	query "INSERT INTO account VALUES (1, 'Ada')"
	by_hand aa02 aa01 <<-'END'
		-- schemadiff:up
		ALTER TABLE account ADD COLUMN last_seen text;

		-- schemadiff:down
		ALTER TABLE account DROP COLUMN last_seen;
	END
	sd revision -m "cart" --head aa01 --rev-id cart1
	want 5
	has "$err" "--splice"
	ok revision -m "cart" --head aa01 --splice --branch-label shoppingcart --rev-id cart1
	fill "$out" "CREATE TABLE cart (id integer PRIMARY KEY, account_id integer)" "DROP TABLE cart"
	ok branches
	has "$out" "aa01"
	sd upgrade
	want 3
	has "$err" "heads"
	ok upgrade shoppingcart@head
	at cart1
	query "INSERT INTO cart VALUES (5, 1)"
	ok revision -m "items" --head shoppingcart@head --rev-id cart2
	fill "$out" "ALTER TABLE cart ADD COLUMN items text" "ALTER TABLE cart DROP COLUMN items"
	ok upgrade heads
	at aa02 cart2
	rows "SELECT id, items FROM cart" "5|"
	sd downgrade -1
	want 3
	ok downgrade shoppingcart@-1
	at aa02 cart1
	rows "SELECT id, account_id FROM cart" "5|1"
	ok upgrade shoppingcart@+1
	at aa02 cart2

	# a root of its own
	sd revision -m "network" --head base --branch-label networking --version-path network --rev-id net1
	want 2
	has "$err" "network"
	ok revision -m "network" --head base --branch-label networking --version-path networking --rev-id net1
	has "$out" "networking/"
	fill "$out" "CREATE TABLE host (id integer PRIMARY KEY, name text)" "DROP TABLE host"
	ok upgrade networking@head
	query "INSERT INTO host VALUES (1, 'gate')"
	# that needs something of the other line
	sd revision -m "owner" --head networking@head --depends-on aa99 --rev-id net2
	want 2
	has "$err" "aa99"
	ok revision -m "owner" --head networking@head --depends-on cart2 --rev-id net2
	fill "$out" "ALTER TABLE host ADD COLUMN cart_id integer;
UPDATE host SET cart_id = (SELECT max(id) FROM cart)" "ALTER TABLE host DROP COLUMN cart_id"
	ok heads
	has "$out" "cart2 (shoppingcart) (effective head)"
	has "$out" "net2 (networking) (head)"
	ok upgrade heads
	rows "SELECT name, cart_id FROM host" "gate|5"

	# what is needed goes last and comes first
	ok downgrade shoppingcart@-1
	hasnt "$err" "aa02 ->"
	at aa02 cart1 net1
	rows "SELECT name FROM host" gate
	ok upgrade networking@head
	at aa02 cart2 net2
	ok downgrade networking@base
	at aa02 cart2
	rows "SELECT id FROM cart" 5
	ok downgrade base
	refused "SELECT * FROM account"
	ok upgrade networking@head
	refused "SELECT last_seen FROM account"
	ok upgrade heads
	ok current --check-heads

	# one line again
	ok merge heads -m "together" --rev-id all1
	ok upgrade
	at all1
	ok downgrade aa01
	rows "SELECT count(*) FROM account" 0
}

# fill FILE UP DOWN: write the parts of a new revision
fill() {
	sed -i '/^-- schemadiff:up/,$d' "$1"
	printf -- '-- schemadiff:up\n%s;\n\n-- schemadiff:down\n%s;\n' "$2" "$3" >>"$1"
}

@test "branches that stay: labels, two roots, one that depends on another" {
	each_engine lines
}
