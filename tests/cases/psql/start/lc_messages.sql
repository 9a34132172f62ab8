-- env: LC_ALL= LC_MESSAGES=C LANG=C
select '漢' as k, nosuch;
select '漢' as k;
