/* sandbox/account/faults.h - the rules by which requests go wrong, and who is
 * next.
 *
 * They are kept in DIR/faults.db, which is there while the AWS endpoints are:
 * "redsh-sandbox fault" writes it, the endpoints read it with every request.
 * A start begins without rules.
 */
#ifndef SANDBOX_ACCOUNT_FAULTS_H
#define SANDBOX_ACCOUNT_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "sandbox/account/fault.h"

#define FAULTS_FOR_EVER (-1)

struct faults;
struct str;

struct faults_rule {
	const char *op;     /* an operation's name, a method, or a pattern
			     * with *; NULL: all */
	const char *bucket; /* NULL: any; so key, which may be a pattern */
	const char *key;
	int64_t skip;       /* requests that it lets pass first */
	int64_t count;      /* then it acts so often; FAULTS_FOR_EVER */
	const char *words;  /* see fault_parse */
};

/* --- for the command; ERR_MISSING: no endpoints serve in dir --- */

bool faults_add(const char *dir, const struct faults_rule *rule,
		int64_t *out_number, struct err *err);
/* Appends a table of the rules, with what is left of each. */
bool faults_list(const char *dir, struct str *out, struct err *err);
/* number 0: all of them. ERR_MISSING when there is none of that number. */
bool faults_clear(const char *dir, int64_t number, struct err *err);

/* --- for the endpoints; any thread --- */

struct faults *faults_open(const char *dir, struct err *err);
void faults_close(struct faults *faults); /* NULL is fine */
CLEANUP_FREE(struct faults, faults_close, faults_closep)

struct faults_subject {
	const char *method;
	const char *op; /* NULL: not known yet, or none */
	const char *bucket;
	const char *key;
	const char *other_key; /* that will do as well; NULL: none */
};

/* Takes one from the first rule that fits. named_only: rules that ask for an
 * operation, as the others had their turn. Sets *out, FAULT_NONE: none. */
void faults_take(struct faults *faults, const struct faults_subject *subject,
		 bool named_only, struct fault *out);

/* A quota loses so many bytes; false: it has not got them any more. */
bool faults_spend(struct faults *faults, int64_t rule, int64_t bytes);

/* Waits; -1: without end. fd: of a client, or -1. false: the client has gone,
 * or the endpoints stop. */
bool faults_wait(struct faults *faults, int64_t wait_ms, int fd);

/* Ends all waits, now and later. */
void faults_stop(struct faults *faults);

#endif
