/* platform/stack_keeps.h - what of a resource outlives its stack, as the
 * template says it.
 *
 * JSON is read as such. Of YAML it is no reader: it looks for the lines
 * "  NAME:" below "Resources:" and, indented more, "DeletionPolicy: WORD" or
 * "FinalSnapshotName:", which is how templates are written. What it cannot read
 * so (flow style, conditions, macros, a resource that is not found) is told as
 * not known, never as a guess. Pure.
 *
 * Source: CloudFormation User Guide, "DeletionPolicy attribute"; without one a
 * resource is deleted.
 */
#ifndef PLATFORM_STACK_KEEPS_H
#define PLATFORM_STACK_KEEPS_H

enum stack_keeps {
	STACK_KEEPS_NOTHING,
	STACK_KEEPS_IT,
	STACK_KEEPS_SNAPSHOT,
	STACK_KEEPS_UNKNOWN,
};

enum stack_keeps stack_keeps_find(const char *template, const char *logical);

#endif
