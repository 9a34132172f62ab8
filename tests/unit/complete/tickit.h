/* The catalog of TICKIT, the sample of Redshift's documentation, beside schemas
 * with foreign keys, with awkward names, and other databases. */
#ifndef TESTS_UNIT_COMPLETE_TICKIT_H
#define TESTS_UNIT_COMPLETE_TICKIT_H

#include "tests/unit/check.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "catalog/lookup.h"
#include "catalog/store.h"
#include "catalog/words.h"
#include "data/lite.h"

static const char *const tickit_content[] = {
	"insert into databases (name, search_path, harvested_ms) values"
	" ('dev', 'public, shop', 5), ('prod', '', 0), ('Sales DB', '', 0);",
	"insert into schemas (id, database, name, kind) values (1, 'dev',"
	" 'public', 'local'), (2, 'dev', 'shop', 'local'), (3, 'dev',"
	" 'attic', 'local'), (4, 'dev', 'spectrum', 'external'), (5,"
	" 'dev', 'pg_catalog', 'local'), (6, 'dev', 'Odd one', 'local'),"
	" (7, 'dev', 'information_schema', 'local'), (20, 'prod', 'core',"
	" 'local'), (21, 'prod', 'stage', 'local');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (1, 1, 'users', 0, 'Everybody who buys or sells');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (1, 1, 'userid', 'integer', 19, ''), (1, 2,"
	" 'username', 'char(8)', 0, ''), (1, 3, 'firstname',"
	" 'varchar(30)', 0, ''), (1, 4, 'lastname', 'varchar(30)', 0, ''),"
	" (1, 5, 'city', 'varchar(30)', 0, ''), (1, 6, 'state', 'char(2)',"
	" 0, ''), (1, 7, 'email', 'varchar(100)', 0, 'where receipts go'),"
	" (1, 8, 'phone', 'char(14)', 0, ''), (1, 9, 'likesports',"
	" 'boolean', 0, ''), (1, 10, 'liketheatre', 'boolean', 0, ''), (1,"
	" 11, 'likeconcerts', 'boolean', 0, ''), (1, 12, 'likejazz',"
	" 'boolean', 0, ''), (1, 13, 'likeclassical', 'boolean', 0, ''),"
	" (1, 14, 'likeopera', 'boolean', 0, ''), (1, 15, 'likerock',"
	" 'boolean', 0, ''), (1, 16, 'likevegas', 'boolean', 0, ''), (1,"
	" 17, 'likebroadway', 'boolean', 0, ''), (1, 18, 'likemusicals',"
	" 'boolean', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (2, 1, 'venue', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (2, 1, 'venueid', 'smallint', 19, ''), (2, 2,"
	" 'venuename', 'varchar(100)', 0, ''), (2, 3, 'venuecity',"
	" 'varchar(30)', 0, ''), (2, 4, 'venuestate', 'char(2)', 0, ''),"
	" (2, 5, 'venueseats', 'integer', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (3, 1, 'category', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (3, 1, 'catid', 'smallint', 19, ''), (3, 2,"
	" 'catgroup', 'varchar(10)', 0, ''), (3, 3, 'catname',"
	" 'varchar(10)', 0, ''), (3, 4, 'catdesc', 'varchar(50)', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (4, 1, 'date', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (4, 1, 'dateid', 'smallint', 19, ''), (4, 2,"
	" 'caldate', 'date', 16, ''), (4, 3, 'day', 'char(3)', 16, ''),"
	" (4, 4, 'week', 'smallint', 16, ''), (4, 5, 'month', 'char(5)',"
	" 16, ''), (4, 6, 'qtr', 'char(5)', 16, ''), (4, 7, 'year',"
	" 'smallint', 16, ''), (4, 8, 'holiday', 'boolean', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (5, 1, 'event', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (5, 1, 'eventid', 'integer', 17, ''), (5, 2,"
	" 'venueid', 'smallint', 16, ''), (5, 3, 'catid', 'smallint', 16,"
	" ''), (5, 4, 'dateid', 'smallint', 18, ''), (5, 5, 'eventname',"
	" 'varchar(200)', 0, ''), (5, 6, 'starttime', 'timestamp', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (6, 1, 'listing', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (6, 1, 'listid', 'integer', 17, ''), (6, 2,"
	" 'sellerid', 'integer', 16, ''), (6, 3, 'eventid', 'integer', 16,"
	" ''), (6, 4, 'dateid', 'smallint', 18, ''), (6, 5, 'numtickets',"
	" 'smallint', 16, ''), (6, 6, 'priceperticket', 'numeric(8,2)', 0,"
	" ''), (6, 7, 'totalprice', 'numeric(8,2)', 0, ''), (6, 8,"
	" 'listtime', 'timestamp', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (7, 1, 'sales', 0, 'Tickets sold');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (7, 1, 'salesid', 'integer', 16, ''), (7, 2,"
	" 'listid', 'integer', 17, ''), (7, 3, 'sellerid', 'integer', 16,"
	" ''), (7, 4, 'buyerid', 'integer', 16, ''), (7, 5, 'eventid',"
	" 'integer', 16, ''), (7, 6, 'dateid', 'smallint', 18, ''), (7, 7,"
	" 'qtysold', 'smallint', 16, ''), (7, 8, 'pricepaid',"
	" 'numeric(8,2)', 0, 'in dollars'), (7, 9, 'commission',"
	" 'numeric(8,2)', 0, ''), (7, 10, 'saletime', 'timestamp', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (8, 1, 'sales_by_day', 1, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (8, 1, 'day', 'date', 0, ''), (8, 2, 'revenue',"
	" 'numeric(38,2)', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (9, 1, 'top_sellers', 4, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (9, 1, 'sellerid', 'integer', 0, ''), (9, 2,"
	" 'total', 'numeric(38,2)', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (10, 1, 'late_sales', 3, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (10, 1, 'salesid', 'integer', 0, ''), (10, 2,"
	" 'note', 'varchar(10)', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (11, 2, 'customers', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (11, 1, 'id', 'bigint', 20, ''), (11, 2,"
	" 'full_name', 'varchar(80)', 0, ''), (11, 3, 'c_orders', 'super',"
	" 0, ''), (11, 4, 'region_code', 'char(2)', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (12, 2, 'orders', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (12, 1, 'id', 'bigint', 20, ''), (12, 2,"
	" 'customer_id', 'bigint', 9, ''), (12, 3, 'order_date', 'date',"
	" 2, ''), (12, 4, 'status', 'varchar(10)', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (13, 2, 'order_items', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (13, 1, 'order_id', 'bigint', 9, ''), (13, 2,"
	" 'line_no', 'integer', 0, ''), (13, 3, 'product_id', 'bigint', 0,"
	" ''), (13, 4, 'qty', 'integer', 0, ''), (13, 5, 'unit_price',"
	" 'numeric(12,2)', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (14, 3, 'old_sales', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (14, 1, 'salesid', 'integer', 0, ''), (14, 2,"
	" 'year', 'smallint', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (15, 3, 'sales', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (15, 1, 'oldid', 'integer', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (16, 4, 'clicks', 2, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (16, 1, 'url', 'varchar(2000)', 0, ''), (16, 2,"
	" 'at', 'timestamp', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (17, 5, 'svv_tables', 1, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (17, 1, 'table_schema', 'varchar(128)', 0, ''),"
	" (17, 2, 'table_name', 'varchar(128)', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (18, 5, 'pg_table_def', 1, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (18, 1, 'schemaname', 'name', 0, ''), (18, 2,"
	" 'tablename', 'name', 0, ''), (18, 3, 'column', 'name', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (19, 6, 'Order', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (19, 1, 'Id', 'integer', 4, ''), (19, 2,"
	" 'select', 'text', 0, ''), (19, 3, 'From', 'text', 0, ''), (19,"
	" 4, 'a.b', 'text', 0, ''), (19, 5, 'x\"y', 'text', 0, ''), (19,"
	" 6, 'new\nline', 'text', 0, ''), (19, 7, 'UPPER', 'text', 0, ''),"
	" (19, 8, 'plain', 'text', 0, ''), (19, 9, 'col$1', 'integer', 0,"
	" ''), (19, 10, 'été', 'text', 0, ''), (19, 11, '日本語', 'text', 0,"
	" ''), (19, 12, '1st', 'text', 0, ''), (19, 13, 'with space',"
	" 'text', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (20, 6, 'from', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (20, 1, 'Id', 'integer', 0, ''), (20, 2,"
	" 'back`tick', 'text', 0, ''), (20, 3, 'q''uote', 'text', 0, ''),"
	" (20, 4, ':colon', 'text', 0, ''), (20, 5, 'back\\slash', 'text',"
	" 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (21, 6, 'a.b', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (21, 1, 'c', 'integer', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (22, 6, 'Заказы', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (22, 1, 'номер', 'integer', 0, ''), (22, 2,"
	" 'сумма', 'numeric(10,2)', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (23, 6, 'tab\"le', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (23, 1, 'v', 'integer', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (24, 6,"
	" 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
	"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn_longest',"
	" 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (24, 1,"
	" 'llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
	"llllllllllllllllllllllllllllllllllllllllllllllllllllllll_longest',"
	" 'integer', 0, ''), (24, 2, 'short', 'integer', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (25, 1, '#stage', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (25, 1, 'k', 'integer', 0, ''), (25, 2,"
	" 'payload', 'varchar(50)', 0, '');",
	"insert into relations (id, schema_id, name, kind, comment) values"
	" (26, 1, 'Camel', 0, '');",
	"insert into columns (relation_id, position, name, type, marks,"
	" comment) values (26, 1, 'CamelId', 'integer', 0, ''), (26, 2,"
	" 'lower', 'integer', 0, '');",
	"insert into relations (id, schema_id, name, kind) values (100,"
	" 20, 'accounts', 0), (101, 20, 'v_accounts', 1), (102, 21,"
	" 'loads', 0);",
	"insert into keys (relation_id, kind, name, part, column_name,"
	" to_schema, to_relation, to_column) values (12, 'f',"
	" 'orders_customer', 1, 'customer_id', 'shop', 'customers', 'id'),"
	" (13, 'f', 'items_order', 1, 'order_id', 'shop', 'orders', 'id');",
	"insert into functions (schema_id, name, arguments, kind, comment)"
	" values (1, 'f_margin', 'numeric, numeric', 5, 'price less"
	" cost'), (1, 'sp_load', 'date', 6, ''), (3, 'f_old', 'integer',"
	" 5, '');",
	"insert into names (what, database, name, detail) values (5, '',"
	" 'anna', ''), (5, '', 'Ben Quoted', ''), (6, '', 'analysts', ''),"
	" (7, '', 'reader', '');",
};

static char tickit_folder[] = "/tmp/redsh-tickit-XXXXXX";
static struct lookup *tickit_lookup;

static inline int tickit_make(void **state)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct lite *lite;

	(void)state;
	if (mkdtemp(tickit_folder) == NULL)
		return -1;
	str_addf(&path, "%s/cache.db", tickit_folder);
	lite = store_open(path.text, NULL);
	if (lite == NULL)
		return -1;
	for (size_t i = 0; i < COUNT_OF(tickit_content); i++)
		if (!lite_run(lite, tickit_content[i], NULL))
			return -1;
	if (!words_fill(lite, NULL))
		return -1;
	lite_close(lite);
	tickit_lookup = lookup_open(path.text, NULL);
	if (tickit_lookup == NULL)
		return -1;
	lookup_set_database(tickit_lookup, "dev");
	return 0;
}

static inline int tickit_remove(void **state)
{
	(void)state;
	lookup_close(tickit_lookup);
	return file_remove_tree(tickit_folder, NULL) ? 0 : -1;
}

#endif
