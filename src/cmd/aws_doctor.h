/* cmd/aws_doctor.h - \aws doctor: the AWS set-up, looked at from all sides. */
#ifndef CMD_AWS_DOCTOR_H
#define CMD_AWS_DOCTOR_H

#include <stdbool.h>

#include "base/err.h"

struct rows;
struct session;
struct str;

/* Columns check, value, from; keys are masked. What is wrong is a row with
 * its cure, not an error; NULL only for Ctrl-C. *out_bad counts such rows. */
struct rows *aws_doctor_rows(struct session *session, int *out_bad,
			     struct err *err);

/* "AKIA...WXYZ". Appends. */
void aws_doctor_mask(const char *access_key_id, struct str *out);

#endif
