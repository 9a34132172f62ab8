/* sandbox/quicksight/qs_embed.h - dashboards of QuickSight as pages. */
#ifndef SANDBOX_QUICKSIGHT_QS_EMBED_H
#define SANDBOX_QUICKSIGHT_QS_EMBED_H

struct s3_call;

/* Answers a request for the page of that code, which is used up. */
void qs_embed_run(struct s3_call *call, const char *code);

#endif
