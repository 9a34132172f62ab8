-- env: PGAPPNAME=nightly_job
show application_name;
