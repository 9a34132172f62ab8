/* sandbox/account/refusal.h - SQLSTATEs of the sandbox's own refusals.
 *
 * All other SQLSTATEs are Redshift's own; 0A000 is what Redshift refuses.
 * Explained to people in share/sandbox/README.
 */
#ifndef SANDBOX_ACCOUNT_REFUSAL_H
#define SANDBOX_ACCOUNT_REFUSAL_H

#define REFUSAL_LACKS   "SB001" /* Redshift has it, the sandbox lacks it */
#define REFUSAL_UNNAMED "SB002" /* no table of the sandbox names it */

#endif
