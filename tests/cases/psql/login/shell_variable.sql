-- env: SHELL=/bin/echo
\!
\! echo by sh
