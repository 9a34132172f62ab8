#include "platform/stack_conf.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "data/ini.h"

enum {
	MAX_FILE_BYTES = 256 * 1024,
	NAME_MAX_BYTES = 128,
	WORKGROUP_MAX_BYTES = 64,
	WORKGROUP_MIN_BYTES = 3,
	LEAST_BITS = 8,
};

void stack_conf_done(struct stack_conf *conf)
{
	str_done(&conf->path);
	str_done(&conf->stack);
	str_done(&conf->region);
	str_done(&conf->template);
	str_done(&conf->upload);
	for (size_t i = 0; i < conf->parameters.count; i++) {
		mem_free(conf->parameters.items[i].name);
		mem_free(conf->parameters.items[i].value);
	}
	vec_done(&conf->parameters);
}

/* --- reading --- */

static bool take_platform(struct stack_conf *conf, const char *folder,
			  const char *key, const char *value, struct err *err)
{
	if (strcmp(key, "stack") == 0) {
		str_set(&conf->stack, value);
	} else if (strcmp(key, "region") == 0) {
		str_set(&conf->region, value);
	} else if (strcmp(key, "upload") == 0) {
		str_set(&conf->upload, value);
	} else if (strcmp(key, "template") == 0) {
		str_clear(&conf->template);
		path_join(folder, value, &conf->template);
	} else {
		err_set(err, ERR_DATA, "%s: [platform] has an unknown key "
				       "\"%s\"",
			conf->path.text, key);
		return err_hint(err, "stack, region, template and upload stand "
				     "there; parameters of the template below "
				     "[parameters]");
	}
	return true;
}

static void take_parameter(struct stack_conf *conf, const char *key,
			   const char *value)
{
	struct stack_parameter one = { mem_copy_text(key),
				       mem_copy_text(value) };

	vec_push(&conf->parameters, one);
}

static bool take_section(struct stack_conf *conf, const struct ini *ini,
			 const struct ini_section *section, const char *folder,
			 struct err *err)
{
	bool parameters = strcmp(section->name, "parameters") == 0;
	const char *key, *value;
	size_t at = 0;

	if (!parameters && strcmp(section->name, "platform") != 0) {
		err_set(err, ERR_DATA, "%s, line %d: [%s] is not known",
			conf->path.text, section->line, section->name);
		return err_hint(err, "its sections are [platform] and "
				     "[parameters]");
	}
	while (ini_next(ini, section, &at, &key, &value))
		if (parameters)
			take_parameter(conf, key, value);
		else if (!take_platform(conf, folder, key, value, err))
			return false;
	return true;
}

static bool read_text(const char *folder, const struct str *path,
		      struct str *out, struct err *err)
{
	struct err failed = ERR_EMPTY;

	if (file_read(path->text, MAX_FILE_BYTES, out, &failed))
		return true;
	if (failed.kind == ERR_MISSING) {
		err_set(err, ERR_MISSING, "%s has no platform: there is no %s",
			folder, path->text);
		return err_hint(err, "\\platform init DIR makes one; name the "
				     "folder of one that is there: "
				     "\\platform plan DIR");
	}
	if (err != NULL)
		*err = failed;
	return false;
}

bool stack_conf_read(struct stack_conf *conf, const char *folder,
		     struct err *err)
{
	CLEANUP(ini_freep) struct ini *ini = ini_new();
	CLEANUP(str_done) struct str text = STR_EMPTY;

	path_join(folder, STACK_CONF_FILE, &conf->path);
	path_join(folder, STACK_TEMPLATE_FILE, &conf->template);
	if (!read_text(folder, &conf->path, &text, err) ||
	    !ini_add(ini, conf->path.text, text.text, text.len, err))
		return false;
	for (size_t i = 0; i < ini_section_count(ini); i++)
		if (!take_section(conf, ini, ini_section(ini, i), folder, err))
			return false;
	if (conf->stack.len == 0) {
		err_set(err, ERR_DATA, "%s names no stack", conf->path.text);
		return err_hint(err, "write \"stack = NAME\" below [platform]");
	}
	return stack_conf_check_name(conf->stack.text, false, err) ||
	       err_wrap(err, "%s", conf->path.text);
}

const char *stack_conf_parameter(const struct stack_conf *conf,
				 const char *name)
{
	for (size_t i = 0; i < conf->parameters.count; i++)
		if (str_equal_nocase(conf->parameters.items[i].name, name))
			return conf->parameters.items[i].value;
	return NULL;
}

/* --- checks --- */

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

bool stack_conf_check_name(const char *name, bool serverless, struct err *err)
{
	size_t len = strlen(name);

	if (len == 0 || len > NAME_MAX_BYTES ||
	    strspn(name, LOWER UPPER DIGITS "-") != len ||
	    strspn(name, LOWER UPPER) == 0) {
		err_set(err, ERR_USAGE, "\"%.140s\" cannot be the name of a "
					"stack",
			name);
		return err_hint(err, "a letter comes first, then letters, "
				     "digits and hyphens, 128 at most");
	}
	if (!serverless || (len >= WORKGROUP_MIN_BYTES &&
			    len <= WORKGROUP_MAX_BYTES &&
			    strspn(name, LOWER DIGITS "-") == len))
		return true;
	err_set(err, ERR_USAGE, "\"%s\" cannot be the name of a workgroup, "
				"which is that of the stack",
		name);
	return err_hint(err, "3 to 64 lower case letters, digits and hyphens: "
			     "--name sales");
}

static bool refuse_cidr(const char *text, struct err *err)
{
	err_set(err, ERR_USAGE, "\"%.60s\" is not a range of IPv4 addresses",
		text);
	return err_hint(err, "write 10.20.0.0/16, or 192.0.2.7/32 for a single "
			     "address");
}

bool stack_conf_check_cidr(const char *text, struct str *out, struct err *err)
{
	size_t len = strcspn(text, "/");
	CLEANUP(mem_freep) char *address = mem_copy_slice(text, len);
	char shown[INET_ADDRSTRLEN];
	struct in_addr parsed;
	long bits = 32;
	uint32_t mask;
	char *end;

	if (inet_pton(AF_INET, address, &parsed) != 1)
		return refuse_cidr(text, err);
	if (text[len] == '/') {
		bits = strtol(text + len + 1, &end, 10);
		if (strspn(text + len + 1, DIGITS) == 0 || *end != '\0' ||
		    bits < 0 || bits > 32)
			return refuse_cidr(text, err);
	}
	if (bits < LEAST_BITS) {
		err_set(err, ERR_USAGE, "%s would open the warehouse to %s",
			text, bits == 0 ? "the whole world"
					: "a great part of the world");
		return err_hint(err, "name the addresses of your office or "
				     "VPN, like 10.20.0.0/16; at least %d bits "
				     "after the slash",
				LEAST_BITS);
	}
	mask = bits == 32 ? UINT32_MAX : ~(UINT32_MAX >> bits);
	parsed.s_addr = htonl(ntohl(parsed.s_addr) & mask);
	inet_ntop(AF_INET, &parsed, shown, sizeof(shown));
	str_addf(out, "%s/%ld", shown, bits);
	return true;
}

/* --- writing --- */

/* Those of both templates, then those of one. */
static const struct {
	const char *name;
	const char *value;
	const char *about;
	enum { OF_BOTH, OF_CLUSTER, OF_SERVERLESS } of;
} rows[] = {
	{ "DatabaseName", "sales", "the first database", OF_BOTH },
	{ "AdminUser", "admin",
	  "its administrator; Redshift makes and keeps the password", OF_BOTH },
	{ "NodeType", "ra3.large", "what the cluster is made of; by the hour",
	  OF_CLUSTER },
	{ "NumberOfNodes", "1", "how many of them", OF_CLUSTER },
	{ "BaseCapacity", "8", "RPU that queries start with; by the second",
	  OF_SERVERLESS },
	{ "WithInstance", "no", "yes: a small machine with redsh in the network",
	  OF_BOTH },
	{ "WithQuickSight", "no",
	  "yes: QuickSight's way in; then also QuickSightUserArn", OF_BOTH },
	{ "QuickSightUserArn", "",
	  "arn:aws:quicksight:REGION:ACCOUNT:user/default/NAME", OF_BOTH },
};

static void write_head(const struct stack_conf_new *new, struct str *out)
{
	str_addf(out,
		 "# The platform \"%s\": what \\platform plan, create and "
		 "update read.\n"
		 "# Yours to change, as the template beside it is. A # begins a "
		 "comment.\n"
		 "\n"
		 "[platform]\n"
		 "stack = %s\n",
		 new->stack, new->stack);
	if (new->region[0] != '\0')
		str_addf(out, "region = %s\n", new->region);
	else
		str_add(out, "# region = eu-west-1\n");
	str_add(out, "template = " STACK_TEMPLATE_FILE "\n"
		     "# A template over 51,200 bytes goes by way of S3:\n"
		     "# upload = s3://BUCKET/FOLDER/\n"
		     "\n"
		     "[parameters]\n"
		     "# Addresses that may connect, as the platform's network "
		     "sees them:\n"
		     "# those of your office or VPN, never the world.\n");
	if (new->cidr[0] != '\0')
		str_addf(out, "AllowedCidr = %s\n", new->cidr);
	else
		str_add(out, "AllowedCidr =\n");
	if (new->quicksight_user[0] != '\0')
		str_addf(
			out,
			"# QuickSight's way in, and who sees its data source:\n"
			"WithQuickSight = yes\nQuickSightUserArn = %s\n",
			new->quicksight_user);
}

void stack_conf_write(const struct stack_conf_new *new, struct str *out)
{
	write_head(new, out);
	str_add(out, "\n# What the template says unless you do; take the # "
		     "away to say it.\n");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (rows[i].of == (new->serverless ? OF_CLUSTER
						   : OF_SERVERLESS))
			continue;
		if (new->quicksight_user[0] != '\0' &&
		    strstr(rows[i].name, "QuickSight") != NULL)
			continue;
		str_addf(out, "# %s\n# %s = %s\n", rows[i].about, rows[i].name,
			 rows[i].value);
	}
}
