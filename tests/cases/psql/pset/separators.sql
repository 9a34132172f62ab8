\pset fieldsep ';'
\pset fieldsep '\t'
\pset fieldsep ''
\pset fieldsep 'it''s'
\pset fieldsep '\n'
\pset fieldsep a b
\pset fieldsep_zero
\pset fieldsep
\pset fieldsep_zero on
\pset fieldsep_zero off
\pset fieldsep ','
\pset recordsep ';'
\pset recordsep '\t'
\pset recordsep ''
\pset recordsep '\n'
\pset recordsep_zero
\pset recordsep
\pset recordsep '|'
\f
\f ;
\f '\t'
\f ''
\f a b
\pset
