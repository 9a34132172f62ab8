show application_name;
