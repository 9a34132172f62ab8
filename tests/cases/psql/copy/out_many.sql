copy (select g, md5(g::text) from generate_series(1, 3000) g) to stdout;
