-- links and forms of the original are worth nothing in a copy
UPDATE ir_config_parameter
   SET value = replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')
 WHERE key = 'customer_care.link_secret';
-- who has a copy and its salt could find out which numbers were forgotten: few there are
UPDATE ir_config_parameter
   SET value = replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')
 WHERE key = 'customer_care.suppression_salt';
DELETE FROM care_suppression;
