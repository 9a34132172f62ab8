/* platform/stack_keeps.h - what of a resource outlives its stack, as the
 * template says it.
 *
 * Not a reader of YAML: it looks for the lines "  NAME:" and, indented more,
 * "DeletionPolicy: WORD" or "FinalSnapshotName:", which is how templates are
 * written. What it does not find is deleted, as CloudFormation does. Pure.
 */
#ifndef PLATFORM_STACK_KEEPS_H
#define PLATFORM_STACK_KEEPS_H

enum stack_keeps {
	STACK_KEEPS_NOTHING,
	STACK_KEEPS_IT,
	STACK_KEEPS_SNAPSHOT,
};

enum stack_keeps stack_keeps_find(const char *template, const char *logical);

#endif
