/* transfer/content_type.h - what browsers and tools take a file for, by the
 * end of its name. */
#ifndef TRANSFER_CONTENT_TYPE_H
#define TRANSFER_CONTENT_TYPE_H

/* "text/csv"; NULL: nothing is known, S3 says binary/octet-stream then. Any
 * case. Compressed files are what they are: "x.csv.gz" is gzip. */
const char *content_type_of(const char *name);

#endif
