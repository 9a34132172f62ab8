# First file: floor, tab, what it may include. Then FILE:LINE:#include "x".
NR == FNR {
	split($0, part, "\t")
	allowed[part[1]] = " " part[1] " " part[2] " "
	next
}
{
	file = $0
	sub(/:.*/, "", file)
	floor = file
	sub(/^src\//, "", floor)
	if (floor ~ /\//)
		sub(/\/.*/, "", floor)
	else
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
	sub(/\/.*/, "", folder)
	if (index(allowed[floor], " " folder " ") == 0 &&
	    index(allowed[floor], " " module " ") == 0)
		print file ": " floor " may not include " target
}
