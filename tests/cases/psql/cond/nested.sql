\if true
  \if false
    \echo no
  \elif true
    \if true
      \echo deep
    \else
      \echo no
    \endif
    \echo middle
  \endif
  \echo outer
\else
  \if true
    \echo no
  \else
    \echo no
  \endif
  \echo no
\endif
\if false
  \if true
    \echo no
  \elif true
    \echo no
  \else
    \echo no
  \endif
  \echo no
\else
  \echo yes
\endif
