DROP FUNCTION tell_rights_changed() CASCADE;
