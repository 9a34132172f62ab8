\encoding WIN1252
select chr(8364) as euro, chr(8211) as dash;
\encoding KOI8R
select chr(1078) as zh;
\encoding EUC_JP
select chr(28450) as kan, 1 as n;
\encoding SJIS
select chr(28450) as kan, 1 as n;
\encoding GB18030
select chr(28450) as kan;
\encoding BIG5
select chr(28450) as kan;
\encoding UTF8
select chr(28450) as kan;
