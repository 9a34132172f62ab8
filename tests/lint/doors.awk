# First file: header, tab, the files that may include it.
NR == FNR {
	split($0, part, "\t")
	doors[part[1]] = part[2]
	next
}
{
	file = $0
	sub(/:.*/, "", file)
	header = $0
	sub(/^[^<]*</, "", header)
	sub(/>.*/, "", header)
	for (name in doors) {
		if (index(header, name) != 1)
			continue
		open = 0
		count = split(doors[name], door, " ")
		for (i = 1; i <= count; i++)
			if (index(file, door[i]) == 1)
				open = 1
		if (!open)
			print file ": <" header "> belongs behind " doors[name]
	}
}
