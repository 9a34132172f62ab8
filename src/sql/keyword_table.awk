# Makes src/sql/keyword_table.c from share/sql/keywords.tsv, which is sorted by
# bytes (a unit test looks): keyword, reserved yes or no, page.
BEGIN {
	FS = "\t"
	print "/* made by keyword_table.awk from share/sql/keywords.tsv */"
	print "#include \"sql/keyword.h\""
	print ""
	print "const struct keyword keyword_table[] = {"
}
NR > 1 && NF >= 2 {
	printf "\t{ \"%s\", %s },\n", $1, ($2 == "yes" ? "true" : "false")
	count++
}
END {
	print "};"
	print ""
	printf "const size_t keyword_count = %d;\n", count
}
