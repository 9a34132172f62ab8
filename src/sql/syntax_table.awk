# Makes src/sql/syntax_table.c from share/sql/syntax.txt: a text a row; lines
# that begin with a blank go on with the row before, # begins a comment.
function finish() {
	if (row != "")
		printf "\t\"%s\",\n", row
	row = ""
}
BEGIN {
	print "/* made by syntax_table.awk from share/sql/syntax.txt */"
	print "#include \"sql/syntax.h\""
	print ""
	print "const char *const syntax_rows[] = {"
}
/^#/ { next }
/^[ \t]*$/ { finish(); next }
{
	more = $0 ~ /^[ \t]/
	gsub(/[ \t]+/, " ")
	gsub(/["\\]/, "\\\\&")
	if (!more)
		finish()
	row = row $0
}
END {
	finish()
	print "\tNULL"
	print "};"
}
