# First file: floor, tab, what it may include. Then FILE:LINE:#include "x".
# A floor within a floor may also include what is outside the outer one and
# the outer one may include.
NR == FNR {
	split($0, part, "\t")
	allowed[part[1]] = " " part[1] " " part[2] " "
	next
}

# may(FLOOR, WHAT): is WHAT, a folder or a module, among what FLOOR includes?
function may(floor, what,	outer) {
	if (index(allowed[floor], " " what " "))
		return 1
	outer = floor
	return sub(/\/[^\/]*$/, "", outer) && index(what, outer) != 1 &&
		index(allowed[outer], " " what " ")
}

{
	file = $0
	sub(/:.*/, "", file)
	floor = file
	sub(/^src\//, "", floor)
	if (!sub(/\/[^\/]*$/, "", floor))
		floor = "."
	target = $0
	sub(/^[^"]*"/, "", target)
	sub(/".*/, "", target)
	if (target == "config.h")
		next
	if (target !~ /\//) {
		print file ": include \"" target "\" names no folder"
		next
	}
	module = target
	sub(/\.h$/, "", module)
	folder = target
	sub(/\/[^\/]*$/, "", folder)
	if (!may(floor, folder) && !may(floor, module))
		print file ": " floor " may not include " target
}
