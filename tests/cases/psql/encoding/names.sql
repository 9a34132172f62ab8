\encoding
\encoding LATIN1
\encoding
\encoding utf8
\encoding
\encoding SQL_ASCII
\encoding
\encoding nosuch
\encoding ''
\encoding
\encoding "LATIN1"
\encoding UTF-8
\encoding
