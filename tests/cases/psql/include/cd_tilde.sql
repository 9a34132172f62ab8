\! mkdir sub
\cd ~/sub
\! pwd | sed 's,.*/,,'
