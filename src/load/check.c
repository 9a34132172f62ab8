#include "load/check.h"

#include "base/str.h"
#include "load/access.h"
#include "load/access_rule.h"
#include "load/access_statement.h"
#include "load/copyfrom.h"

static void tell_good(const struct load_world *world,
		      const struct access_facts *facts, bool all_good)
{
	CLEANUP(str_done) struct str good = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (all_good)
		access_add_good(facts, &good);
	if (good.len > 0) {
		str_addf(&text, "checked: %s", good.text);
		world->info(world->context, text.text);
	}
	str_clear(&text);
	if (facts->unasked.len > 0)
		str_addf(&text, "not checked, for want of your own right to "
				"%s",
			 facts->unasked.text);
	else if (facts->late)
		str_add(&text, "not all was checked: AWS did not answer within "
			       "3 s");
	if (text.len > 0)
		world->info(world->context, text.text);
}

static size_t tell_findings(const struct load_world *world,
			    const struct access_findings *findings)
{
	size_t stops = 0;

	for (size_t i = 0; i < findings->count; i++) {
		const struct access_finding *one = &findings->items[i];
		CLEANUP(str_done) struct str text = STR_EMPTY;

		str_add(&text, one->what);
		if (one->next[0] != '\0')
			str_addf(&text, "\n%s", one->next);
		world->warn(world->context, text.text);
		stops += one->weight == ACCESS_STOPS;
	}
	return stops;
}

bool check_access(const struct load_world *world, const char *sql,
		  const char *sample, struct err *err)
{
	CLEANUP(access_statement_done)
	struct access_statement statement = ACCESS_STATEMENT_EMPTY;
	CLEANUP(access_findings_done) struct access_findings findings = { 0 };
	CLEANUP(access_facts_done) struct access_facts facts;
	struct access_server server = { world->host, world->port };
	struct err ignored = ERR_EMPTY;
	struct aws *aws;
	size_t stops;
	bool found;

	access_facts_init(&facts);
	if (world->aws == NULL ||
	    !access_statement_read(&statement, sql, sample, &server))
		return true;
	aws = world->aws(world->context, &ignored);
	if (aws == NULL)
		return true; /* who has no keys of AWS cannot look */
	world->progress(world->context, "asking AWS about role and rights");
	found = access_find(&facts, aws, &statement.ask, err);
	world->progress(world->context, "");
	if (!found)
		return false;
	access_judge(&facts, &findings);
	tell_good(world, &facts, findings.count == 0);
	stops = tell_findings(world, &findings);
	if (stops == 0)
		return true;
	err_set(err, ERR_USAGE, "nothing was sent: %s would be refused",
		statement.ask.writes ? "UNLOAD" : "COPY");
	return err_hint(err, "mend what is told above; --no-check sends it "
			     "all the same");
}
