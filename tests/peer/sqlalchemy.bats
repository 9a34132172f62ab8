#!/usr/bin/env bats
# SQLAlchemy's Redshift dialect against the gateway, through both drivers. It
# breaks off on SQLAlchemy 2.1 by itself; on 2.0 MetaData.reflect() asks for
# pg_class.relpersistence, which Redshift does not have.

have() {
	"$PEER_PYTHON" -c 'import redshift_connector, psycopg2, sqlalchemy, \
sqlalchemy_redshift
assert sqlalchemy.__version__.startswith("2.0.")' 2>/dev/null
}

setup_file() {
	have || return 0
	export SANDBOX
	SANDBOX=$(mktemp -d)
	chmod 755 "$SANDBOX"
	"$REDSH_SANDBOX" start --dir "$SANDBOX" >&2
	eval "$("$REDSH_SANDBOX" env --dir "$SANDBOX")"
	psql -X -q >&2 <<'EOF'
create schema shop;
create table shop.customers (id int not null primary key,
	name varchar(40) encode lzo unique, born date) diststyle all;
create table shop.orders (id bigint identity(1, 1),
	customer int references shop.customers (id), at timestamp sortkey,
	total decimal(10, 2) default 0, note varchar(max), primary key (id))
	distkey (customer);
create view shop.totals as
	select customer, count(*) as n from shop.orders group by 1;
create view shop.late as
	select id, name from shop.customers with no schema binding;
comment on table shop.orders is 'what was sold';
comment on column shop.orders.note is 'free text';
EOF
}

teardown_file() {
	[ -z "${SANDBOX:-}" ] || {
		"$REDSH_SANDBOX" stop --dir "$SANDBOX"
		rm -rf "$SANDBOX"
	}
}

setup() {
	have || skip "no sqlalchemy 2.0 with sqlalchemy-redshift and drivers"
	eval "$("$REDSH_SANDBOX" env --dir "$SANDBOX")"
	# redshift_connector checks the server by the system's certificates
	export SSL_CERT_FILE=$PGSSLROOTCERT
}

# both: runs Python lines once through each driver, with an engine, an
# inspector and text() at hand. The lines must print the same.
both() {
	local driver
	for driver in psycopg2 redshift_connector; do
		DRIVER=$driver "$PEER_PYTHON" - >"$BATS_TEST_TMPDIR/$driver" <<EOF
import os
import sqlalchemy as sa
from sqlalchemy import text
from sqlalchemy_redshift.dialect import SUPER, TIMESTAMPTZ
driver = os.environ['DRIVER']
engine = sa.create_engine(
    sa.engine.URL.create('redshift+' + driver,
        username=os.environ['PGUSER'], password=os.environ['PGPASSWORD'],
        host='localhost', port=int(os.environ['PGPORT']),
        database=os.environ['PGDATABASE']),
    connect_args={'sslrootcert': os.environ['PGSSLROOTCERT']}
        if driver == 'psycopg2' else {})
about = sa.inspect(engine)
$1
EOF
		diff -u - "$BATS_TEST_TMPDIR/$driver" <<<"$2"
	done
}

@test "schemas, tables and views are found" {
	both "
print('shop' in about.get_schema_names(), about.has_schema('nowhere'))
print(sorted(about.get_table_names('shop')))
print(sorted(about.get_view_names('shop')))
print(about.has_table('orders', 'shop'), about.has_table('nothing', 'shop'))
" "True False
['customers', 'orders']
['late', 'totals']
True False"
}

@test "columns have their types, defaults, encodings and comments" {
	both "
for name in ('customers', 'orders', 'totals', 'late'):
    for c in about.get_columns(name, 'shop'):
        print(name, c['name'], c['type'], c['nullable'],
              'identity' if 'identity' in str(c['default']) else c['default'],
              c['info'].get('encode'), c['comment'])
" "customers id INTEGER False None az64 None
customers name VARCHAR(40) True None lzo None
customers born DATE True None az64 None
orders id BIGINT False identity az64 None
orders customer INTEGER True None az64 None
orders at TIMESTAMP True None None None
orders total NUMERIC(10, 2) True 0 az64 None
orders note VARCHAR(65535) True None lzo free text
totals customer INTEGER True None None None
totals n BIGINT True None None None
late id INTEGER True None None None
late name VARCHAR(40) True None None None"
}

@test "keys, distribution, sort order and comments of a table" {
	both "
print(about.get_pk_constraint('orders', 'shop')['constrained_columns'])
for key in about.get_foreign_keys('orders', 'shop'):
    print(key['constrained_columns'], key['referred_schema'],
          key['referred_table'], key['referred_columns'])
print([u['column_names'] for u in about.get_unique_constraints('customers', 'shop')])
print(about.get_check_constraints('orders', 'shop'))
for name in ('customers', 'orders'):
    options = about.get_table_options(name, 'shop')
    print(options['redshift_diststyle'], options['redshift_distkey'],
          options['redshift_sortkey'])
print(about.get_table_comment('orders', 'shop'))
" "['id']
['customer'] shop customers ['id']
[['name']]
[]
ALL None ()
KEY customer ('at',)
{'text': 'what was sold'}"
}

@test "a view's definition" {
	both "
print(' '.join(about.get_view_definition('totals', 'shop').split()))
" "SELECT orders.customer, count(*) AS n FROM shop.orders GROUP BY orders.customer"
}

@test "a reflected table takes rows and gives them back" {
	both "
orders = sa.Table('orders', sa.MetaData(), schema='shop', autoload_with=engine)
with engine.begin() as db:
    db.execute(orders.delete())
    # Redshift has no RETURNING: inline() keeps the dialect from asking
    db.execute(orders.insert().inline(), [{'customer': 1, 'total': 5},
                                          {'customer': 2, 'total': 7}])
    print(db.execute(orders.update().where(orders.c.customer == 2)
                     .values(total=orders.c.total + 1)).rowcount)
with engine.connect() as db:
    print(db.execute(sa.select(sa.func.count(), sa.func.sum(orders.c.total))).one())
try:
    with engine.begin() as db:
        db.execute(orders.delete())
        db.execute(text('select no_column from shop.orders'))
except sa.exc.ProgrammingError as error:
    print('no_column' in str(error))
with engine.connect() as db:
    print(db.execute(sa.select(sa.func.count()).select_from(orders)).scalar())
" "1
(2, Decimal('13.00'))
True
2"
}

@test "AUTOCOMMIT is for what no transaction may hold" {
	both "
with engine.connect().execution_options(isolation_level='AUTOCOMMIT') as db:
    db.execute(text('vacuum shop.orders'))
    db.execute(text('analyze shop.orders'))
    print(db.execute(text('select 1')).scalar())
try:
    with engine.begin() as db:
        db.execute(text('vacuum shop.orders'))
except sa.exc.DBAPIError as error:
    print('VACUUM cannot run inside a transaction block' in str(error))
" "1
True"
}

@test "tables that the dialect makes have what it was told" {
	both "
made = sa.MetaData(schema='shop')
sa.Table('people', made,
    sa.Column('id', sa.BigInteger, primary_key=True, redshift_identity=(1, 1)),
    sa.Column('name', sa.String(40), nullable=False, redshift_encode='zstd'),
    sa.Column('seen', TIMESTAMPTZ), sa.Column('doc', SUPER),
    redshift_diststyle='KEY', redshift_distkey='name',
    redshift_interleaved_sortkey=['name', 'id'])
sa.Table('pets', made, sa.Column('owner', sa.BigInteger,
    sa.ForeignKey('shop.people.id')), redshift_sortkey=['owner'])
made.create_all(engine)
about = sa.inspect(engine)
for c in about.get_columns('people', 'shop'):
    print(c['name'], c['type'], c['nullable'], c['info'].get('encode'))
options = about.get_table_options('people', 'shop')
print(options['redshift_distkey'], options['redshift_interleaved_sortkey'])
print(about.get_foreign_keys('pets', 'shop')[0]['referred_table'])
made.drop_all(engine)
print('people' in sa.inspect(engine).get_table_names('shop'))
" "id BIGINT False None
name VARCHAR(40) False zstd
seen TIMESTAMPTZ True az64
doc SUPER True None
name ('name', 'id')
people
False"
}
