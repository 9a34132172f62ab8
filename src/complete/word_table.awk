# Makes src/complete/word_table.c from share/sql/words.tsv: kind, word, detail.
BEGIN {
	FS = "\t"
	print "/* made by word_table.awk from share/sql/words.tsv */"
	print "#include \"complete/words.h\""
	print ""
	print "const struct word word_table[] = {"
}
NR > 1 && NF >= 2 {
	gsub(/["\\]/, "\\\\&")
	printf "\t{ WORDS_%s, \"%s\", \"%s\" },\n", toupper($1), $2, $3
	count++
}
END {
	print "};"
	print ""
	printf "const size_t word_count = %d;\n", count
}
